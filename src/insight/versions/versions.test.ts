// Each order: facts from the test vectors of those who made it, and what makes it an order at all.

import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { VERSION_ORDERS } from './compare.ts';
import { compareVersions, type VersionOrder } from './index.ts';

/** Versions from the oldest to the newest; what is equal stands together, parted by a bar. */
const CHAINS: Readonly<Record<VersionOrder, readonly string[]>> = {
  // Debian Policy 5.6.12, deb-version(7), and dpkg's t-version.c.
  dpkg: [
    '0 | 00 | 0:0 | 0-0',
    '1~~ 1~~a 1~ 1',
    '1.0~beta1~svn1245 1.0~beta1 1.0 | 01.0 1.0-1~bpo11+1 1.0-1 | 1.0-01 1.0-1+b1 1.0-1+deb12u1 1.0-1.1 1.0-2',
    '1.2.3 1.2.3a 1.2.3+dfsg 1.2.4 1.10.0 1:0.5 2:0.1',
    '7.88.1-10+deb12u5 7.88.1-10+deb12u12 7.88.1-11',
    '3.0.11-1~deb12u2 3.0.11-1 3.0.13-1~deb12u1',
    '0:0-0-0 0:0-1-0',
    '1a 1b 1+ 1.',
  ],
  // apk-tools' test/version.data.
  apk: [
    '0.1.0_alpha_pre2 0.1.0_alpha 0.1.0_alpha2 0.1.3_alpha',
    '1.1_alpha1 1.1 1.1-r1 1.1.1-r1 1.1.3-r1 1.1.3-r2 1.2.1',
    '2.3.0 2.3.0b-r1 2.3.0b-r2 2.3.0b-r10',
    '0.13_beta1 0.13_beta2 0.13_rc1 0.13 0.13_p1 0.13_p16',
    '1.3_pre1-r1 1.3-r0 1.3.1-r0 1.3.2',
    '1.0_p9-r0 1.0_p10-r0',
    '1.0.0_pre20191002222144-r0 1.0.0_pre20210530193627-r0',
    '1.02 1.03-r1 1.07 1.07-r1 1.07.5 1.12.12-r2 1.19',
    '2.02.06 2.02.10 2.8.5-r3',
    '0.98 1.00 4.1.4-r1 006 013 014-r1',
    '5.1_p4 5.7-r2 5.7-r3 20050718-r1 20050718-r2',
    '1.2 | 1.2 1.2.0 1.2.1',
  ],
  // rpm's tests/rpmvercmp.at, and rpm-version(7).
  rpm: [
    '1.0 2.0 2.0.1 2.0.1a',
    '5.5p1 5.5p2 5.5p10',
    '10xyz 10.1xyz',
    'xyz.4 2 8',
    '6.0 6.0.rc1',
    '10a2 10b2',
    '1.0a 1.0aa',
    '10.0001 | 10.1 10.0039',
    '4.999.9 5.0 20101121 20101122',
    '2_0 | 2.0',
    'a | a+ | a_ | _a | +a',
    '1.0~rc1~git123 1.0~rc1 1.0~rc2 1.0 1.0^ 1.0^git1 1.0^git2 1.01 | 1.1',
    '1.0^git1~pre 1.0^git1 1.0^20160101^git1 1.0.1',
    '1.0~rc1^git1~ 1.0~rc1^git1 1.0',
    '1.1.1k-6.el8_5 1.1.1k-7.el8_6 1.1.1k-12.el8_9 1:1.0 1:1.1.1k',
    '1b.fc17 1.fc17 1g.fc17',
    '1.2 1.2-1 1.2-3.el9',
  ],
  // The specification's own list, and tests/test_version.py of packaging.
  pep440: [
    '1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 | 1 | 1.0.0 | v1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0.post456.dev34 1.0.post456 1.1.dev1',
    '1.2+1234.abc 1.2+123456 1.2.post1 1!0.1',
    '1.0a1 | 1.0alpha1 | 1.0-a.1 | 1.0_ALPHA_1 1.0c1 | 1.0rc1 | 1.0-pre1 | 1.0.preview1',
    '1.0 1.0-1 | 1.0.post1 | 1.0r1 | 1.0-rev1',
    '1.0a | 1.0a0 1.0.post | 1.0.post0',
    '2.31.0 2.32.0 2.100',
  ],
  // semver.org, clause 11; Go's modules reference for pseudo-versions.
  semver: [
    '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 | v1.0.0 | 1.0.0+build 2.0.0 2.1.0 2.1.1',
    '0.0.0-20190308221718-c2843e01d9a2 0.0.0-20220622213112-05595931fe9d 0.1.0',
    'v1.2.3-pre v1.2.3-pre.0.20190101000000-abcdefabcdef v1.2.3 | v1.2.3+incompatible v1.2.4-0.20191109021931-daa7c04131f5 v1.2.4',
    '1.21.0-0 1.21.0-rc.2 1.21.0 1.21.9 1.21.10',
    '1.2.3----R-S.12.9.1--.12 1.2.3----RC-SNAPSHOT.12.9.1--.12 1.2.3',
  ],
  // The POM reference, and ComparableVersionTest.
  maven: [
    '1-alpha2snapshot 1-alpha2 1-alpha-123 1-beta-2 1-beta123 1-m2 1-m11 1-rc | 1-cr 1-rc2 1-rc123 1-SNAPSHOT 1 | 1.0 | 1-ga | 1.0.0 | 1.final | 1.0-FINAL 1-sp 1-sp2 1-sp123 1-abc 1-def 1-pom-1 1-1-snapshot 1-1 1-2 1-123',
    '2.0.1-klm 2.0.1-lmn 2.0.1-xyz 2.0.1-123 2.0.2 2.0.123 2.1.0',
    '1-alpha1 | 1-a1 | 1alpha1 1-beta1 | 1b1',
    '2.9.10.7 2.9.10.8 2.12.0-rc1 2.12.0 2.12.7 2.12.7.1 2.13',
    '2.0-beta9 2.14.1 2.15.0 2.16.0 2.17.1',
    '31.1-android 31.1-jre 32.0.0-android',
    '4.1.76.Final | 4.1.76 4.1.77.Final',
    '1 1.1',
  ],
  // RubyGems' test_gem_version.rb.
  gem: [
    '1.0.a.1 | 1.a.1 1.0.a.2 1.0.b1 1.0 | 1 | 1.0.0 1.0.1',
    '1.8.2.a 1.8.2.a9 1.8.2.a10 1.8.2.b 1.8.2',
    '5.2.3 5.2.4.pre.rc1 | 5.2.4-rc1 5.2.4 5.2.10 6.0.0.rc1 6.0.0',
    '0.beta.1 0.0 | 0',
    '9.3 22.1.50 | 22.1.50.0',
  ],
  // composer/semver's tests, and getcomposer.org.
  composer: [
    '1.0.0-dev 1.0.0-alpha1-dev 1.0.0-alpha1 | 1.0a1 | 1.0.0.0-a1 1.0.0-alpha3.1 1.0.0-beta 1.0.0-beta2 1.0.0-RC1 1.0.0-RC15-dev 1.0.0-RC15 1.0.0 | v1.0.0 | 1 | 1.0.0-stable 1.0.0-patch1 | 1.0.0-pl1 | 1.0.0-p1 1.0.1',
    '5.4.0 5.4.20 5.4.46 6.0.0 6.x-dev',
    '20100102 | 20100102.0 20100102.1',
  ],
  // learn.microsoft.com/nuget, "Package versioning", and NuGet.Versioning's tests.
  nuget: [
    '1.0.1-alpha 1.0.1-alpha.2 1.0.1-alpha.10 1.0.1-beta | 1.0.1-BETA 1.0.1-open 1.0.1-rc.2 1.0.1-rc.10 1.0.1 1.0.1.1 1.0.2',
    '1 | 1.0 | 1.0.0 | 1.0.0.0 | 1.00 | 1.0.0+build 1.0.0.1',
    '12.0.3 13.0.1',
  ],
};

/** What is no version. */
const NONE: Readonly<Record<VersionOrder, readonly string[]>> = {
  dpkg: ['', 'a:1', '1 2', '1:'],
  apk: ['', '1.0bc', '23_foo', 'a', '1.0-1', '1..2'],
  rpm: ['', '1 2', '-1'],
  pep440: ['', 'french toast', '1.0+a+', '1.0-a-b', '2004d'],
  semver: ['', 'latest', '1.2.x', '^1.0', 'v'],
  maven: ['', '1 2'],
  gem: ['', 'junk', '1.0\n2.0', '1..2', '1.2 3.4'],
  composer: ['', 'dev-main', '1.x', 'foo', '1.0.0-meh'],
  nuget: ['', '1.0.*', 'x'],
};

describe.each(VERSION_ORDERS)('%s', (order) => {
  test('orders what its vendor orders', () => {
    for (const chain of CHAINS[order]) {
      const steps = chain.split(/(?<!\|) (?!\|)/).map((step) => step.split(' | '));
      steps.forEach((step, i) => {
        steps.forEach((other, j) => {
          for (const a of step)
            for (const b of other) {
              const sign = compareVersions(order, a, b);
              expect(`${a} ${sign} ${b}`).toBe(`${a} ${Math.sign(i - j)} ${b}`);
            }
        });
      });
    }
  });

  test('takes nothing else for a version', () => {
    for (const text of [...NONE[order], `1.${'9'.repeat(600)}`])
      expect([text, compareVersions(order, text, text)]).toEqual([text, undefined]);
  });

  test('is total', () => {
    const version = fc.oneof(
      fc.constantFrom(...CHAINS[order].flatMap((chain) => chain.split(/[ |]+/))),
      fc.stringMatching(
        /^[0-2](\.[0-2]){0,3}([-._~^+]?(a|b|rc|alpha|dev|final|p|pre|sp|r)?[-.]?[0-2]?){0,3}$/,
      ),
    );
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, ba, bc, ac] = [
          compareVersions(order, a, b),
          compareVersions(order, b, a),
          compareVersions(order, b, c),
          compareVersions(order, a, c),
        ];
        if (ab === undefined || bc === undefined || ac === undefined) return true;
        const transitive = !(ab <= 0 && bc <= 0) || (ac <= 0 && (ab === 0 || ac < 0));
        return transitive && ab + (ba ?? 0) === 0 && compareVersions(order, a, a) === 0;
      }),
      { numRuns: 400 },
    );
  });
});
