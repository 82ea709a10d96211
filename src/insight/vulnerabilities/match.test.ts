// Records written by hand from public facts (ids, versions), held against versions before and after their fixes.

import { describe, expect, test } from 'bun:test';
import type { InstalledPackage, SystemName } from '../packages/index.ts';
import { countFindings, matchSubjects, readRecord, subjectsOf } from './index.ts';

const BOOKWORM: SystemName = { id: 'debian', version: '12' };

type Some = Pick<InstalledPackage, 'type' | 'name' | 'version'> & Partial<InstalledPackage>;

/** What some records say of some packages: `CVE-2023-1 libx 1.0 high ->1.1`. */
function find(records: readonly unknown[], packages: readonly Some[], system: SystemName = BOOKWORM) {
  const advisories = records.flatMap((record) => readRecord(record)?.advisories ?? []);
  const all = packages.map((one) => ({ path: 'db', layer: 0, ...one }));
  const { subjects } = subjectsOf(all, system);
  return matchSubjects(subjects, (ecosystem, name) =>
    advisories.filter((one) => one.ecosystem === ecosystem && one.name === name),
  );
}

function told(...args: Parameters<typeof find>): string[] {
  return find(...args).findings.map(
    ({ id, name, version, severity, fixed = 'no fix' }) => `${id} ${name} ${version} ${severity} ${fixed}`,
  );
}

const range = (type: string, ...events: object[]) => ({ type, events });
const affected = (ecosystem: string, name: string, ...ranges: object[]) => ({
  package: { ecosystem, name },
  ranges,
});

/** A stack overflow of Debian's curl 7.88.1 that its security team mended: the SOCKS5 one of October 2023. */
const SOCKS5 = {
  id: 'DEBIAN-CVE-2023-38545',
  modified: '2024-01-01T00:00:00Z',
  upstream: ['CVE-2023-38545'],
  details: 'This flaw makes curl overflow a heap based buffer in the SOCKS5 proxy handshake.',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      ...affected(
        'Debian:12',
        'curl',
        range('ECOSYSTEM', { introduced: '0' }, { fixed: '7.88.1-10+deb12u4' }),
      ),
      ecosystem_specific: { urgency: 'not yet assigned' },
    },
    affected('Debian:11', 'curl', range('ECOSYSTEM', { introduced: '0' }, { fixed: '7.74.0-1.3+deb11u10' })),
    affected('Debian:13', 'curl', range('ECOSYSTEM', { introduced: '0' }, { fixed: '8.3.0-3' })),
  ],
};

describe('Debian', () => {
  const libcurl = (version: string) => ({
    ...({ type: 'deb', name: 'libcurl4', version } as const),
    source: { name: 'curl', version },
  });

  test('a source package is found by its binary ones, before the fix and not after', () => {
    expect(told([SOCKS5], [libcurl('7.88.1-10+deb12u3')])).toEqual([
      'CVE-2023-38545 curl 7.88.1-10+deb12u3 critical 7.88.1-10+deb12u4',
    ]);
    expect(told([SOCKS5], [libcurl('7.88.1-10+deb12u4')])).toEqual([]);
    expect(told([SOCKS5], [libcurl('7.88.1-10+deb12u12')])).toEqual([]);
  });

  test('the release counts', () => {
    const bullseye = { id: 'debian', version: '11' };
    expect(told([SOCKS5], [libcurl('7.74.0-1.3+deb11u9')], bullseye)).toHaveLength(1);
    expect(told([SOCKS5], [libcurl('7.88.1-10+deb12u3')], bullseye)).toEqual([]);
    const trixie = { id: 'debian', codename: 'trixie' };
    expect(told([SOCKS5], [libcurl('8.3.0-2')], trixie)).toHaveLength(1);
    const ubuntu = { id: 'ubuntu', version: '22.04' };
    expect(told([SOCKS5], [libcurl('7.81.0-1')], ubuntu)).toEqual([]);
    // Without one it is about all of them; of Alpine a record must name it.
    const any = (ecosystem: string) => ({
      ...SOCKS5,
      affected: [affected(ecosystem, 'curl', range('ECOSYSTEM', { introduced: '0' }, { fixed: '9.0-1' }))],
    });
    expect(told([any('Debian')], [libcurl('7.74.0-1')], bullseye)).toHaveLength(1);
    expect(told([any('Debian')], [libcurl('9.0-1')], bullseye)).toEqual([]);
    const alpine = { id: 'alpine', version: '3.20.1' };
    expect(told([any('Alpine')], [{ type: 'apk', name: 'curl', version: '8.0-r0' }], alpine)).toEqual([]);
  });

  test('what counts is the version of the source, also where a package was only built again', () => {
    const rebuilt = {
      ...({ type: 'deb', name: 'bsdutils', version: '1:2.38.1-5+b1' } as const),
      source: { name: 'util-linux', version: '2.38.1-5' },
    };
    const about = (...events: object[]) => ({
      ...SOCKS5,
      affected: [affected('Debian:12', 'util-linux', range('ECOSYSTEM', ...events))],
    });
    expect(told([about({ introduced: '0' }, { last_affected: '2.38.1-5' })], [rebuilt])).toHaveLength(1);
    expect(told([about({ introduced: '0' }, { fixed: '2.38.1-5' })], [rebuilt])).toEqual([]);
    expect(told([about({ introduced: '2.38.1-6' })], [rebuilt])).toEqual([]);
  });

  test('packages of one source in one version are one finding', () => {
    const { findings } = find(
      [SOCKS5],
      [libcurl('7.88.1-10'), { type: 'deb', name: 'curl', version: '7.88.1-10' }],
    );
    expect(findings.map(({ packages }) => packages.map(({ name }) => name))).toEqual([['libcurl4', 'curl']]);
  });

  test('an advisory about several vulnerabilities belongs to each, and makes one of none', () => {
    const advisory = {
      id: 'DSA-5523-1',
      upstream: ['CVE-2023-38545', 'CVE-2023-38546'],
      summary: 'curl - security update',
      affected: SOCKS5.affected.slice(0, 1),
    };
    expect(told([SOCKS5, advisory], [libcurl('7.88.1-10')])).toEqual([
      'CVE-2023-38545 curl 7.88.1-10 critical 7.88.1-10+deb12u4',
      'CVE-2023-38546 curl 7.88.1-10 unknown 7.88.1-10+deb12u4',
    ]);
    const cleared = {
      id: 'DEBIAN-CVE-2023-38546',
      upstream: ['CVE-2023-38546'],
      affected: [
        affected('Debian:12', 'curl', range('ECOSYSTEM', { introduced: '0' }, { fixed: '7.88.1-9' })),
      ],
    };
    expect(told([SOCKS5, advisory, cleared], [libcurl('7.88.1-10')])).toHaveLength(1);
  });

  test('what has no fix yet, what is unimportant, what has ended', () => {
    const open = (urgency: string) => ({
      id: `DEBIAN-CVE-2011-${3000 + urgency.charCodeAt(0)}`,
      affected: [
        {
          ...affected('Debian:12', 'glibc', range('ECOSYSTEM', { introduced: '0' })),
          ecosystem_specific: { urgency },
        },
        affected('Debian:14', 'glibc', range('ECOSYSTEM', { introduced: '0' }, { fixed: '2.41-1' })),
      ],
    });
    const { findings } = find(
      [open('unimportant'), open('end-of-life'), open('medium')],
      [{ type: 'deb', name: 'libc6', version: '2.36-9', source: { name: 'glibc' } }],
    );
    expect(
      findings.map(({ severity, apart, endOfLife, fixed, fixedIn }) => [
        ...[severity, apart, endOfLife, fixed],
        fixedIn.join(),
      ]),
    ).toEqual([
      ['negligible', 'unimportant', undefined, undefined, '14'],
      ['unknown', undefined, true, undefined, '14'],
      ['medium', undefined, undefined, undefined, '14'],
    ]);
    expect(countFindings(findings)).toMatchObject({
      all: 2,
      fixable: 0,
      apart: { unimportant: 1, headers: 0 },
    });
  });

  test("the kernel's are counted apart where the image has its headers alone", () => {
    const record = {
      id: 'DEBIAN-CVE-2024-1086',
      affected: [
        affected('Debian:12', 'linux', range('ECOSYSTEM', { introduced: '0' }, { fixed: '6.1.76-1' })),
      ],
    };
    const headers = {
      ...({ type: 'deb', name: 'linux-libc-dev', version: '6.1.69-1' } as const),
      source: { name: 'linux' },
    };
    const image = { type: 'deb', name: 'linux-image-6.1.0-17-amd64', version: '6.1.69-1' } as const;
    expect(find([record], [headers]).findings.map(({ apart }) => apart)).toEqual(['headers']);
    const both = [headers, { ...image, source: { name: 'linux' } }];
    expect(find([record], both).findings.map(({ apart }) => apart)).toEqual([undefined]);
  });
});

describe('other distributions', () => {
  test('Ubuntu: its own priority, and not the fixes for subscribers', () => {
    const record = {
      id: 'UBUNTU-CVE-2022-3602',
      upstream: ['CVE-2022-3602'],
      severity: [
        { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
        { type: 'Ubuntu', score: 'medium' },
      ],
      affected: [
        affected(
          'Ubuntu:22.04:LTS',
          'openssl',
          range('ECOSYSTEM', { introduced: '0' }, { fixed: '3.0.2-0ubuntu1.7' }),
        ),
        affected('Ubuntu:Pro:22.04:LTS', 'openssl', range('ECOSYSTEM', { introduced: '0' })),
      ],
    };
    const libssl = (version: string) =>
      ({ type: 'deb', name: 'libssl3', version, source: { name: 'openssl' } }) as const;
    const jammy = { id: 'ubuntu', version: '22.04' };
    expect(told([record], [libssl('3.0.2-0ubuntu1.6')], jammy)).toEqual([
      'CVE-2022-3602 openssl 3.0.2-0ubuntu1.6 medium 3.0.2-0ubuntu1.7',
    ]);
    expect(told([record], [libssl('3.0.2-0ubuntu1.10')], jammy)).toEqual([]);
  });

  test('Alpine, by origin and branch', () => {
    const record = {
      id: 'ALPINE-CVE-2024-6119',
      upstream: ['CVE-2024-6119'],
      affected: [
        affected('Alpine:v3.20', 'openssl', range('ECOSYSTEM', { introduced: '0' }, { fixed: '3.3.2-r0' })),
      ],
    };
    const crypto = (version: string) =>
      ({ type: 'apk', name: 'libcrypto3', version, source: { name: 'openssl', version } }) as const;
    const system = (version: string) => ({ id: 'alpine', version });
    expect(told([record], [crypto('3.3.1-r3')], system('3.20.2'))).toHaveLength(1);
    expect(told([record], [crypto('3.3.2-r0')], system('3.20.3'))).toEqual([]);
    expect(told([record], [crypto('3.3.1-r3')], system('3.19.1'))).toEqual([]);
  });

  test("Red Hat's family: by binary or by source package, severity from the advisory", () => {
    const record = (ecosystem: string, name: string) => ({
      id: 'RLSA-2022:1065',
      summary: 'Important: openssl security update',
      related: ['CVE-2022-0778'],
      affected: [
        affected(ecosystem, name, range('ECOSYSTEM', { introduced: '0' }, { fixed: '1:1.1.1k-6.el8_5' })),
      ],
    });
    const libs = (version: string) =>
      ({
        ...({ type: 'rpm', name: 'openssl-libs', version: `1:${version}` } as const),
        source: { name: 'openssl', version },
      }) as const;
    const rocky = { id: 'rocky', version: '8.5' };
    const expected = ['CVE-2022-0778 openssl 1:1.1.1k-5.el8_5 high 1:1.1.1k-6.el8_5'];
    expect(told([record('Rocky Linux:8', 'openssl')], [libs('1.1.1k-5.el8_5')], rocky)).toEqual(expected);
    expect(told([record('Rocky Linux:8', 'openssl-libs')], [libs('1.1.1k-5.el8_5')], rocky)).toEqual(
      expected,
    );
    expect(told([record('Rocky Linux:8', 'openssl')], [libs('1.1.1k-6.el8_5')], rocky)).toEqual([]);
  });
});

describe('languages', () => {
  test('PyPI: names in any spelling, several records about one vulnerability', () => {
    const ghsa = {
      id: 'GHSA-j8r2-6x86-q33q',
      aliases: ['CVE-2023-32681', 'PYSEC-2023-74'],
      summary: 'Unintended leak of Proxy-Authorization header in requests',
      database_specific: { severity: 'MODERATE' },
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N' }],
      affected: [
        affected('PyPI', 'requests', range('ECOSYSTEM', { introduced: '2.3.0' }, { fixed: '2.31.0' })),
      ],
    };
    const pysec = {
      id: 'PYSEC-2023-74',
      aliases: ['CVE-2023-32681', 'GHSA-j8r2-6x86-q33q'],
      affected: [
        {
          ...affected(
            'PyPI',
            'Requests',
            range('GIT', { introduced: '0' }, { fixed: '74ea7cf7a6a27a4eeb2ae24e162bcc942a6706d5' }),
          ),
          versions: ['2.3.0', '2.30.0'],
        },
      ],
    };
    const requests = (version: string) => ({ type: 'pypi', name: 'REQUESTS', version }) as const;
    const { findings } = find([ghsa, pysec], [requests('2.30.0')]);
    expect(findings).toMatchObject([
      {
        id: 'CVE-2023-32681',
        aliases: ['GHSA-j8r2-6x86-q33q', 'PYSEC-2023-74'],
        severity: 'medium',
        score: 6.1,
        fixed: '2.31.0',
      },
    ]);
    for (const version of ['2.31.0', '2.32.3', '2.2.1'])
      expect(told([ghsa, pysec], [requests(version)])).toEqual([]);
    expect(told([ghsa], [{ ...requests('2.30.0'), partOf: 'python3-requests' }])).toEqual([]);
  });

  test('npm: several ranges, prereleases, a record that was withdrawn, one of malice', () => {
    const record = {
      id: 'GHSA-c2qf-rxjj-qqgw',
      aliases: ['CVE-2022-25883'],
      database_specific: { severity: 'HIGH' },
      affected: [
        affected('npm', 'semver', range('SEMVER', { introduced: '7.0.0' }, { fixed: '7.5.2' })),
        affected('npm', 'semver', range('SEMVER', { introduced: '6.0.0' }, { fixed: '6.3.1' })),
        affected('npm', 'semver', range('SEMVER', { introduced: '0' }, { fixed: '5.7.2' })),
      ],
    };
    const semver = (version: string) => ({ type: 'npm', name: 'semver', version }) as const;
    expect(['5.7.1', '6.3.0', '7.5.1', '7.5.2-beta.1'].flatMap((v) => told([record], [semver(v)]))).toEqual([
      'CVE-2022-25883 semver 5.7.1 high 5.7.2',
      'CVE-2022-25883 semver 6.3.0 high 6.3.1',
      'CVE-2022-25883 semver 7.5.1 high 7.5.2',
      'CVE-2022-25883 semver 7.5.2-beta.1 high 7.5.2',
    ]);
    for (const version of ['5.7.2', '6.3.1', '7.5.2', '7.6.0'])
      expect(told([record], [semver(version)])).toEqual([]);
    expect(told([{ ...record, withdrawn: '2024-01-01T00:00:00Z' }], [semver('7.5.1')])).toEqual([]);
    const malice = {
      id: 'MAL-2024-1',
      affected: [affected('npm', '@x/y', range('SEMVER', { introduced: '0' }))],
    };
    expect(find([malice], [{ type: 'npm', name: '@x/y', version: '1.0.0' }]).findings).toMatchObject([
      { id: 'MAL-2024-1', severity: 'critical', malicious: true },
    ]);
  });

  test('Go: modules, the standard library, pseudo-versions', () => {
    const http2 = {
      id: 'GO-2023-2102',
      aliases: ['CVE-2023-39325', 'GHSA-4374-p667-p6c8'],
      affected: [
        affected(
          'Go',
          'stdlib',
          range(
            'SEMVER',
            { introduced: '0' },
            { fixed: '1.20.10' },
            { introduced: '1.21.0-0' },
            { fixed: '1.21.3' },
          ),
        ),
        affected('Go', 'golang.org/x/net', range('SEMVER', { introduced: '0' }, { fixed: '0.17.0' })),
      ],
    };
    const go = (name: string, version: string) => told([http2], [{ type: 'golang', name, version }]).length;
    expect(['1.20.9', '1.21.0', '1.21rc2', '1.21.2'].map((v) => go('stdlib', v))).toEqual([1, 1, 1, 1]);
    expect(['1.20.10', '1.20.14', '1.21.3', '1.22rc1'].map((v) => go('stdlib', v))).toEqual([0, 0, 0, 0]);
    expect(go('golang.org/x/net', 'v0.0.0-20220722155237-a158d28d115b')).toBe(1);
    expect(go('golang.org/x/net', 'v0.17.0')).toBe(0);
    expect(go('golang.org/x/text', 'v0.3.0')).toBe(0);
  });

  test('Maven', () => {
    const log4shell = {
      id: 'GHSA-jfh8-c2jp-5v3q',
      aliases: ['CVE-2021-44228'],
      database_specific: { severity: 'CRITICAL' },
      affected: [
        affected(
          'Maven',
          'org.apache.logging.log4j:log4j-core',
          range('ECOSYSTEM', { introduced: '2.13.0' }, { fixed: '2.15.0' }),
          range('ECOSYSTEM', { introduced: '2.4' }, { fixed: '2.12.2' }),
          range('ECOSYSTEM', { introduced: '2.0-beta9' }, { fixed: '2.3.1' }),
        ),
      ],
    };
    const core = (version: string) =>
      told([log4shell], [{ type: 'maven', name: 'org.apache.logging.log4j:log4j-core', version }]);
    expect(core('2.14.1')).toEqual([
      'CVE-2021-44228 org.apache.logging.log4j:log4j-core 2.14.1 critical 2.15.0',
    ]);
    expect(core('2.12.1')).toHaveLength(1);
    expect(core('2.0-beta9')).toHaveLength(1);
    for (const version of ['2.0-beta8', '2.3.1', '2.12.2', '2.15.0', '2.17.1'])
      expect(core(version)).toEqual([]);
  });

  test('other events: last affected, limits, versions that are only listed', () => {
    const record = (...events: object[]) => ({
      id: 'GHSA-xxxx-xxxx-xxxx',
      affected: [affected('RubyGems', 'x', range('ECOSYSTEM', ...events))],
    });
    const x = (version: string, ...events: object[]) =>
      told([record(...events)], [{ type: 'gem', name: 'x', version }]).length;
    expect(['1.0', '1.2', '1.2.1'].map((v) => x(v, { introduced: '1.0' }, { last_affected: '1.2' }))).toEqual(
      [1, 1, 0],
    );
    // Events come in any order.
    expect(['0.9', '1.5', '2.0'].map((v) => x(v, { fixed: '2.0' }, { introduced: '1.0' }))).toEqual([
      0, 1, 0,
    ]);
    expect(['1.5', '2.0'].map((v) => x(v, { introduced: '0' }, { limit: '2.0' }))).toEqual([1, 0]);
    expect(x('5', { introduced: '0' }, { limit: '*' })).toBe(1);
  });

  test('what cannot be compared is told, and not taken for sound', () => {
    const record = {
      id: 'GHSA-xxxx-xxxx-xxxx',
      affected: [affected('PyPI', 'x', range('ECOSYSTEM', { introduced: '0' }, { fixed: '2' }))],
    };
    const { findings, unclear } = find([record], [{ type: 'pypi', name: 'x', version: 'unknown' }]);
    expect([findings.length, unclear.length]).toEqual([0, 1]);
  });
});
