// `mille vuln`: images against records in OSV format, and the fetching of such records from a server laid out as OSV's.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase, pythonBase } from '../support/base-images.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { smallZip } from '../support/small-zip.ts';

repeatsCommands();

const base = process.getuid?.() === 0 ? await busyboxBase() : undefined;

const record = (id: string, ecosystem: string, name: string, ...events: object[]) => ({
  ...{ schema_version: '1.7.0', id, modified: '2026-11-20T10:00:00Z' },
  affected: [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
});

/** By hand, after public facts. */
const RECORDS = [
  {
    ...record(
      'DEBIAN-CVE-2023-38545',
      'Debian:12',
      'curl',
      { introduced: '0' },
      { fixed: '7.88.1-10+deb12u4' },
    ),
    upstream: ['CVE-2023-38545'],
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  },
  {
    ...record('GHSA-j8r2-6x86-q33q', 'PyPI', 'requests', { introduced: '2.3.0' }, { fixed: '2.31.0' }),
    aliases: ['CVE-2023-32681'],
    database_specific: { severity: 'MODERATE' },
  },
  {
    ...record('GHSA-c2qf-rxjj-qqgw', 'npm', 'semver', { introduced: '7.0.0' }, { fixed: '7.5.2' }),
    aliases: ['CVE-2022-25883'],
    database_specific: { severity: 'HIGH' },
  },
];

const status = (curl: string) =>
  `Package: libcurl4\nSource: curl\nStatus: install ok installed\nVersion: ${curl}\n\nPackage: sed\nStatus: install ok installed\nVersion: 4.9\n`;
const METADATA = 'Metadata-Version: 2.1\nName: requests\n';

describe.skipIf(!base)('mille vuln', () => {
  let place = '';
  let own: Mille;
  let osv = '';

  /** Builds an image with these versions of curl, requests and semver. */
  async function build(name: string, [curl, requests, semver]: readonly string[]): Promise<void> {
    const context = join(place, name);
    writeTree(context, {
      Dockerfile: [
        'FROM busybox',
        'COPY os-release /etc/os-release',
        'COPY status /var/lib/dpkg/status',
        'COPY METADATA /usr/lib/python3/site-packages/requests.dist-info/METADATA',
        'COPY package.json /app/node_modules/semver/package.json',
      ].join('\n'),
      'os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n',
      status: status(curl!),
      METADATA: `${METADATA}Version: ${requests}\n`,
      'package.json': JSON.stringify({ name: 'semver', version: semver }),
    });
    await own.build(['-t', name, context]);
  }

  beforeAll(async () => {
    place = makePlace('vuln');
    own = await mille(join(place, 'store'));
    osv = join(place, 'osv');
    writeTree(osv, Object.fromEntries(RECORDS.map((one) => [`${one.id}.json`, JSON.stringify(one)])));
    await build('before', ['7.88.1-10+deb12u3', '2.30.0', '7.5.1']);
    await build('after', ['7.88.1-10+deb12u4', '2.31.0', '7.5.2']);
  });
  afterAll(() => removePlace(place));

  test('finds what is there before a fix and not after it, with the line that brought it', async () => {
    const out = await own.must(['vuln', '--vuln-db', osv, 'before']);
    const rows = out.split('\n\n')[0]!.split('\n').slice(1);
    expect(
      rows.map((row) =>
        row
          .split(/\s{2,}/)
          .slice(0, 6)
          .join(' | '),
      ),
    ).toEqual([
      'critical | CVE-2023-38545 | curl (libcurl4) | 7.88.1-10+deb12u3 | 7.88.1-10+deb12u4 | Dockerfile:3 COPY status /var/lib/dpkg/stat…',
      'high | CVE-2022-25883 | semver | 7.5.1 | 7.5.2 | Dockerfile:5 COPY package.json /app/node_mo…',
      'medium | CVE-2023-32681 | requests | 2.30.0 | 2.31.0 | Dockerfile:4 COPY METADATA /usr/lib/python3…',
    ]);
    expect(out).toContain(
      '3 known vulnerabilities: 1 critical, 1 high, 1 medium; newer versions of the packages mend all.',
    );
    const after = await own.must(['vuln', '--vuln-db', osv, '--exit-code', 'after']);
    expect(after).toStartWith('after:latest (Debian 12): 4 packages looked up, no known vulnerability.\n');
  });

  test('ends as it is told to', async () => {
    const status = async (...flags: string[]) =>
      (await own.run(['vuln', '-q', '--vuln-db', osv, ...flags, 'before'])).status;
    expect(await status()).toBe(0);
    expect(await status('--exit-code', '--severity', 'critical', '--only-fixed')).toBe(35);
    const npm = join(place, 'npm');
    writeTree(npm, { 'one.json': JSON.stringify(RECORDS[2]) });
    const part = await own.run(['vuln', '--vuln-db', npm, '--exit-code', '--severity=critical', 'before']);
    expect(part).toMatchObject({ status: 48 });
    expect(part.stdout).toContain('no data is held: 2 of Debian:12, 1 of PyPI. Fetch it: mille vuln update');
    const none = await own.run(['vuln', 'before']);
    expect(none).toMatchObject({ status: 48 });
    expect(none.stdout).toContain('no figure, since none of its packages could be looked up');
  });

  test('passes over what was looked at', async () => {
    const files = join(place, 'files');
    const vex = {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      statements: [
        {
          vulnerability: { name: 'CVE-2023-32681' },
          products: [{ '@id': 'pkg:oci/app', subcomponents: [{ '@id': 'pkg:pypi/requests' }] }],
          status: 'not_affected',
          justification: 'vulnerable_code_not_in_execute_path',
        },
      ],
    };
    writeTree(files, {
      '.millevulns':
        '# reviewed\nCVE-2022-25883 semver until 2099-01-31 # only own versions are parsed\nCVE-2023-38545 until 2020-01-01 # long ago\n',
      'vex.json': JSON.stringify(vex),
      wrong: 'CVE-2022-25883\n',
    });
    const flags = ['vuln', '--vuln-db', osv, '--format', 'json', '--vex', 'vex.json', 'before'];
    const document = JSON.parse(await own.must(flags, { cwd: files }));
    expect(document).toMatchObject({
      counts: { all: 1, fixable: 1, bySeverity: { critical: { all: 1, fixable: 1 } } },
      vulnerabilities: [{ id: 'CVE-2023-38545', packages: [{ name: 'libcurl4', line: 3 }] }],
      waived: [
        { id: 'CVE-2023-32681', waiver: { reason: 'vulnerable code not in execute path' } },
        { id: 'CVE-2022-25883', waiver: { reason: 'only own versions are parsed' } },
      ],
      notes: ['.millevulns:3: CVE-2023-38545 has ended'],
    });
    const wrong = await own.run(['vuln', '--vuln-db', osv, '--ignore-file', 'wrong', 'before'], {
      cwd: files,
    });
    expect(wrong).toMatchObject({ status: 45, stderr: expect.stringContaining('wrong:1:1') });
    const sarif = JSON.parse(await own.must(['vuln', '--vuln-db', osv, '--format=sarif', 'before']));
    expect(sarif.runs[0].results[0]).toMatchObject({
      ruleId: 'CVE-2023-38545',
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'Dockerfile' }, region: { startLine: 3 } } },
      ],
    });
  });

  describe('data from a server', () => {
    const archives = new Map<string, Uint8Array>();
    let cutAt = 0;
    let damaged = false;
    const asked: string[] = [];
    let server: ReturnType<typeof Bun.serve>;
    let from = '';

    beforeAll(() => {
      server = Bun.serve({
        port: 0,
        hostname: '127.0.0.1',
        fetch(request) {
          const name = decodeURIComponent(new URL(request.url).pathname).replace(
            /^\/osv\/(.*)\/all\.zip$/,
            '$1',
          );
          const body = archives.get(name);
          if (!body) return new Response('no such object', { status: 404 });
          const md5 = createHash('md5')
            .update(damaged ? 'x' : body)
            .digest('base64');
          const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
          const headers = { etag, 'x-goog-hash': `crc32c=AAAAAA==,md5=${md5}` };
          if (request.headers.get('if-none-match') === etag) {
            asked.push(`${name} 304`);
            return new Response(null, { status: 304, headers });
          }
          const range = /^bytes=(\d+)-$/.exec(request.headers.get('range') ?? '')?.[1];
          if (range && request.headers.get('if-range') === etag) {
            asked.push(`${name} from ${range}`);
            const at = Number(range);
            const contentRange = { 'content-range': `bytes ${at}-${body.length - 1}/${body.length}` };
            return new Response(body.slice(at), { status: 206, headers: { ...headers, ...contentRange } });
          }
          asked.push(name);
          if (cutAt === 0) return new Response(body.slice(), { headers });
          // A length that is announced and not kept.
          const part = body.slice(0, cutAt);
          cutAt = 0;
          const stream = new ReadableStream({
            async pull(controller) {
              controller.enqueue(part);
              await Bun.sleep(50);
              controller.error(new Error('cut'));
            },
          });
          return new Response(stream, { headers });
        },
      });
      from = `http://127.0.0.1:${server.port}/osv`;
      const put = (name: string, ...records: object[]) =>
        archives.set(
          name,
          smallZip(Object.fromEntries(records.map((one, i) => [`${i}.json`, JSON.stringify(one)]))),
        );
      put('Debian', RECORDS[0]!);
      put('PyPI', RECORDS[1]!);
      put('npm', RECORDS[2]!);
      put('Red Hat', record('RHSA-1', 'Red Hat:enterprise_linux:9::baseos', 'x', { introduced: '0' }));
    });
    afterAll(() => server.stop(true));

    test('is fetched for what an image holds, and asked for again only where it changed', async () => {
      const first = await own.must(['vuln', 'update', '--from', from, '--for', 'before']);
      expect(first).toMatch(/^Debian: 1 record, data of \S+, \d seconds? old\nPyPI: 1 .*\nnpm: 1 .*\n$/);
      expect(asked.splice(0)).toEqual(['Debian', 'PyPI', 'npm']);
      expect(await own.must(['vuln', 'update', '--from', from])).toContain('PyPI: nothing new');
      expect(asked.splice(0)).toEqual(['Debian 304', 'PyPI 304', 'npm 304']);
      expect(await own.must(['vuln', 'ls'])).toContain(`${from}/Debian/all.zip`);
      expect((await own.run(['vuln', '--offline', '--exit-code', 'before'])).status).toBe(35);
      expect(await own.verify()).toEqual([]);
    });

    test('is gone on with where it was cut, and stays as it was until all is there', async () => {
      const more = { ...record('GHSA-1', 'PyPI', 'requests', { introduced: '0' }), details: 'x'.repeat(99) };
      archives.set(
        'PyPI',
        smallZip({ 'a.json': JSON.stringify(RECORDS[1]), 'b.json': JSON.stringify(more) }),
      );
      cutAt = 200;
      const cut = await own.run(['vuln', 'update', '--from', from, 'PyPI']);
      expect(cut).toMatchObject({ status: 60 });
      expect(await own.must(['vuln', 'before'])).toContain('PyPI: 1 record');
      expect(await own.must(['vuln', 'update', '--from', from, 'PyPI'])).toContain('PyPI: 2 records');
      expect(asked.splice(0)).toEqual(['PyPI', 'PyPI from 199']);
      expect(readdirSync(join(own.root, 'vulnerabilities')).sort()).toEqual([
        ...['Debian.db', 'PyPI.db', 'lock', 'npm.db'],
      ]);
    });

    test('that came damaged is not taken, nor what is no data', async () => {
      damaged = true;
      const broken = await own.run(['vuln', 'update', '--from', from, 'Red Hat']);
      expect(broken).toMatchObject({ status: 60, stderr: expect.stringContaining('came damaged') });
      damaged = false;
      expect(await own.must(['vuln', 'update', '--from', from, 'red hat'])).toContain('Red Hat: 1 record');
      archives.set('npm', Buffer.from('<html>no</html>'));
      expect(await own.run(['vuln', 'update', '--from', from, 'npm'])).toMatchObject({ status: 41 });
      archives.set('npm', smallZip({ 'a.json': '{}' }));
      expect(await own.run(['vuln', 'update', '--from', from, 'npm'])).toMatchObject({ status: 45 });
      expect(await own.must(['vuln', 'before'])).toContain('CVE-2022-25883');
      expect(await own.run(['vuln', 'update', '--from', from, 'Maven'])).toMatchObject({ status: 60 });
      expect(await own.run(['vuln', 'update', '--from', from, 'debain'])).toMatchObject({
        ...{ status: 2, stderr: expect.stringContaining("did you mean 'Debian'") },
      });
      expect(await own.run(['vuln', 'update', '--offline', 'npm'])).toMatchObject({ status: 60 });
    });

    test("comes from where the store's settings say, or from a directory of the same layout", async () => {
      const other = await mille(join(place, 'other'), { base: false });
      mkdirSync(other.root, { recursive: true });
      writeFileSync(join(other.root, 'settings.json'), JSON.stringify({ vulnerabilityData: from }));
      expect(await other.run(['vuln', 'update'])).toMatchObject({ status: 2 });
      expect(await other.must(['vuln', 'update', 'Debian'])).toContain('Debian: 1 record');
      const mirror = join(place, 'mirror');
      for (const [name, bytes] of archives) {
        mkdirSync(join(mirror, name), { recursive: true });
        writeFileSync(join(mirror, name, 'all.zip'), bytes);
      }
      expect(await other.must(['vuln', 'update', '--from', mirror, 'PyPI', 'Debian:12'])).toMatch(
        /^PyPI: 2 records.*\nDebian:12: 1 record/,
      );
      const db = join(other.root, 'vulnerabilities', 'Debian:12.db');
      expect([existsSync(db), statSync(db).size < 65536]).toEqual([true, true]);
      expect(await own.must(['vuln', '--vuln-db', db, 'before'])).toContain('CVE-2023-38545');
    });
  });
});

test.skipIf(!process.env.MILLE_LONG_TESTS)(
  'a Debian image: each of its packages by its source, before a fix and after it',
  async () => {
    const archive = await pythonBase();
    if (!archive) return;
    const place = makePlace('vuln-debian');
    try {
      const own = await mille(join(place, 'store'), { base: false });
      const { packages } = JSON.parse(
        await own.must(['packages', '--type=deb', '--format=json', archive.path]),
      );
      type Found = { readonly name: string; readonly version: string; readonly source?: Partial<Found> };
      const sources = new Map<string, Set<string>>();
      for (const { name, version, source } of packages as Found[]) {
        const key = `${source?.name ?? name} ${source?.version ?? version}`;
        sources.set(key, (sources.get(key) ?? new Set()).add(name));
      }
      const records = [...sources.keys()].flatMap((key, i) => {
        const [name, version] = key.split(' ') as [string, string];
        const one = (id: string, fixed: string) =>
          record(`CVE-2026-${id}${1000 + i}`, 'Debian:12', name, { introduced: '0' }, { fixed });
        return [one('1', `${version}+later`), one('2', version), one('3', `${version}~earlier`)];
      });
      writeFileSync(join(place, 'all.json'), JSON.stringify(records));
      const flags = ['--vuln-db', join(place, 'all.json'), '--format=json', archive.path];
      const { vulnerabilities, lookedUp } = JSON.parse(await own.must(['vuln', ...flags]));
      expect(lookedUp).toBeGreaterThanOrEqual(packages.length);
      const found = vulnerabilities.map(
        (one: { readonly name: string; readonly version: string; readonly packages: readonly Found[] }) =>
          [`${one.name} ${one.version}`, new Set(one.packages.map(({ name }) => name))] as const,
      );
      expect(new Map(found)).toEqual(sources);
      expect(vulnerabilities.every(({ id }: { readonly id: string }) => id.startsWith('CVE-2026-1'))).toBe(
        true,
      );
    } finally {
      removePlace(place);
    }
  },
  600_000,
);
