// Inventories against data in all the forms that it may have.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { assessInventories } from './assess.ts';
import { createDatabase } from './database.ts';
import { newTally, readRecords } from './read-records.ts';

let place: string;
beforeAll(() => {
  place = mkdtempSync(`${tmpdir()}/mille-assess-`);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const record = (id: string, ecosystem: string, name: string, fixed: string) => ({
  ...{ id, modified: '2026-11-20T10:00:00Z' },
  affected: [
    {
      package: { ecosystem, name },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
    },
  ],
});

const RECORDS = [
  record('CVE-2024-0001', 'Debian:12', 'zlib', '1:1.2.13.dfsg-2'),
  record('CVE-2024-0002', 'PyPI', 'Py_YAML', '6.0.1'),
];

const at = { path: 'db', layer: 0 };
const INVENTORY = {
  system: { id: 'debian', version: '12' },
  packages: [
    { ...at, type: 'deb', name: 'zlib1g', version: '1:1.2.13.dfsg-1', source: { name: 'zlib' } },
    { ...at, type: 'pypi', name: 'py-yaml', version: '6.0' },
    { ...at, type: 'npm', name: 'left-pad', version: '1.0.0' },
  ],
} as const;

function inDirectory(name: string): string {
  const directory = `${place}/${name}`;
  mkdirSync(`${directory}/below`, { recursive: true });
  RECORDS.forEach((one, i) => {
    writeFileSync(`${directory}/${i === 0 ? '' : 'below/'}${one.id}.json`, JSON.stringify(one));
  });
  return directory;
}

async function built(directory: string): Promise<string> {
  const path = `${place}/Debian.db`;
  const writer = createDatabase(path);
  const tally = newTally();
  const handle = (read: { readonly advisories: readonly Parameters<typeof writer.add>[0][number][] }) => {
    writer.add(read.advisories.filter((one) => one.ecosystem === 'Debian'));
  };
  await readRecords(directory, { tally, signal: undefined, handle });
  writer.finish({ ecosystem: 'Debian', records: 1, from: directory, asOf: '2026-11-21T00:00:00Z' });
  writer.close();
  return path;
}

describe('data', () => {
  test('is a directory, a list, an archive', async () => {
    const directory = inDirectory('plain');
    writeFileSync(`${place}/list.json`, JSON.stringify(RECORDS));
    const archives = ['all.zip', 'all.tar', 'all.tar.gz', 'all.tar.zst'].map((name) => `${place}/${name}`);
    const make = [
      ['sh', '-c', `cd ${directory} && zip -qr ${archives[0]} .`],
      ...archives.slice(1).map((path) => ['tar', '-C', directory, '-acf', path, '.']),
    ];
    for (const path of [directory, `${place}/list.json`, ...archives]) {
      const command = make[archives.indexOf(path)];
      if (command && (!Bun.which('zip') || Bun.spawnSync(command).exitCode !== 0)) {
        console.warn(`skipped: ${command[0]} cannot make ${path}`);
        continue;
      }
      const [found] = await assessInventories([INVENTORY], { root: place, path });
      expect(found?.findings.map(({ id, name }) => `${id} ${name}`)).toEqual([
        'CVE-2024-0001 zlib',
        'CVE-2024-0002 py-yaml',
      ]);
      expect(found).toMatchObject({
        ...{ counts: { all: 2, fixable: 2 }, lookedUp: 2 },
        notLookedUp: [{ reason: 'data', of: 'npm' }],
      });
    }
  });

  test('is a database; ecosystems without data are no zero', async () => {
    const path = await built(inDirectory('source'));
    const [found, none] = await assessInventories([INVENTORY, { packages: INVENTORY.packages.slice(2) }], {
      root: place,
      path,
    });
    expect(found).toMatchObject({
      findings: [{ id: 'CVE-2024-0001' }],
      data: [{ ecosystem: 'Debian', releases: ['12'], asOf: '2026-11-21T00:00:00Z' }],
    });
    expect(none?.counts).toBeUndefined();
    const bookworm = { ...INVENTORY, system: { id: 'debian', version: '14' } };
    const [other] = await assessInventories([bookworm], { root: place, path });
    expect(other?.counts).toBeUndefined();
  });

  test('is not there', async () => {
    const [found] = await assessInventories([INVENTORY], { root: `${place}/none` });
    expect(found).toMatchObject({ findings: [], lookedUp: 0 });
    expect(found?.counts).toBeUndefined();
    const missing = assessInventories([INVENTORY], { root: place, path: `${place}/none` });
    expect(missing).rejects.toMatchObject({ code: 'io' });
  });

  test('is hostile: what is no record is told, the rest counts', async () => {
    const directory = inDirectory('hostile');
    writeFileSync(`${directory}/deep.json`, '['.repeat(2_000_000));
    writeFileSync(`${directory}/other.json`, '{"id": 5}');
    const broken = { id: 'X', affected: [5, null, { package: [] }, { package: { ecosystem: 'PyPI' } }] };
    writeFileSync(`${directory}/shape.json`, JSON.stringify(broken));
    const [found] = await assessInventories([INVENTORY], { root: place, path: directory });
    expect(found?.findings).toHaveLength(2);
    expect(found?.notes).toEqual([expect.stringContaining('2 files are no records')]);
    writeFileSync(`${place}/cut.zip`, 'PK\x03\x04 and no more');
    const cut = assessInventories([INVENTORY], { root: place, path: `${place}/cut.zip` });
    expect(cut).rejects.toMatchObject({ code: 'archive-broken' });
  });
});
