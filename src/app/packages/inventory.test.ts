import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { canonicalName, parseReference } from '../../oci/image/index.ts';
import { openStore, type Store } from '../../oci/store/index.ts';
import { addSampleImage, addSampleLayer, type SampleFiles } from '../../testkit/index.ts';
import { findImage } from '../find-image.ts';
import { openStoredImage } from '../open-image/stored.ts';
import { type Inventory, takeInventory } from './inventory.ts';

let root: string;
let store: Store;

beforeEach(() => {
  root = mkdtempSync('/tmp/mille-inventory-');
  store = openStore(`${root}/store`, { privilege: 'root' });
});

afterEach(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

async function inventoryOf(layers: readonly SampleFiles[], env: readonly string[] = []): Promise<Inventory> {
  const made = [];
  for (const files of layers) made.push(await addSampleLayer(store, files));
  addSampleImage(store, made, { names: [canonicalName(parseReference('app'))], env });
  const image = openStoredImage(store, findImage(store, 'app'));
  try {
    return await takeInventory(image);
  } finally {
    await image.close();
  }
}

const told = ({ packages }: Inventory) =>
  packages.map(({ type, name, version, layer }) => `${type} ${name} ${version} ${layer}`);

function status(packages: Readonly<Record<string, string>>): string {
  return Object.entries(packages)
    .map(([name, version]) => `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n`)
    .join('\n');
}

const STATUS = 'var/lib/dpkg/status';
const METADATA = 'Name: PyYAML\nVersion: 6.0\n';

test('a package is of the layer that brought it, not of the one that wrote the database last', async () => {
  const found = await inventoryOf([
    { [STATUS]: status({ bash: '1', sed: '1' }), 'etc/os-release': 'ID=debian\nVERSION_ID=12\n' },
    { 'app/x': 'x' },
    { [STATUS]: status({ bash: '1', sed: '1', curl: '8' }) },
    { [STATUS]: status({ bash: '2', curl: '8' }) },
  ]);
  expect(told(found)).toEqual(['deb bash 2 3', 'deb curl 8 2']);
  expect(found.system).toEqual({ id: 'debian', version: '12' });
  expect(found.packages[0]).toMatchObject({ purl: 'pkg:deb/debian/bash@2?distro=debian-12', path: STATUS });
});

test('a database that is deleted tells nothing, one that comes back tells from there', async () => {
  const gone = await inventoryOf([{ [STATUS]: status({ bash: '1' }) }, { 'var/lib/dpkg': undefined }]);
  expect(told(gone)).toEqual([]);
  const back = await inventoryOf([
    { [STATUS]: status({ bash: '1' }) },
    { 'var/lib/dpkg': undefined },
    { [STATUS]: status({ bash: '1' }) },
  ]);
  expect(told(back)).toEqual(['deb bash 1 2']);
});

test('a file that is written again as it was brings nothing', async () => {
  const path = 'usr/lib/python3/dist-packages/yaml.dist-info/METADATA';
  expect(told(await inventoryOf([{ [path]: METADATA }, { x: '' }, { [path]: METADATA }]))).toEqual([
    'pypi PyYAML 6.0 0',
  ]);
  expect(told(await inventoryOf([{ [path]: METADATA }, { usr: undefined }, { [path]: METADATA }]))).toEqual([
    'pypi PyYAML 6.0 2',
  ]);
});

test('sizes, and what is a part of what', async () => {
  const directory = 'usr/lib/python3/dist-packages/PyYAML.dist-info';
  const found = await inventoryOf([
    {
      [STATUS]: status({ 'python3-yaml': '6.0-3' }),
      'var/lib/dpkg/info/python3-yaml.list': `/.\n/${directory}\n/${directory}/METADATA\n`,
      [`${directory}/METADATA`]: METADATA,
      [`${directory}/RECORD`]: 'yaml/a.py,sha256=x,100\nyaml/b.py,sha256=x,20\n',
      'app/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
      'app/node_modules/a/index.js': '0123456789',
      'app/node_modules/a/node_modules/b/package.json': '{"name":"b","version":"2.0.0"}',
    },
  ]);
  const byName = new Map(found.packages.map((one) => [one.name, one]));
  expect(byName.get('PyYAML')).toMatchObject({ size: 120, partOf: 'python3-yaml' });
  expect(byName.get('a')).toMatchObject({ size: 40 });
  expect(byName.get('b')).toMatchObject({ size: 30 });
});

test('a program that a variable speaks of counts where it is there and nobody else knows it', async () => {
  const env = ['NODE_VERSION=20.11.1', 'PYTHON_VERSION=3.12.1', 'RUBY_VERSION=3.3.0'];
  const found = await inventoryOf(
    [
      { 'usr/local/bin/node': 'x' },
      {
        [STATUS]: status({ own: '1' }),
        'var/lib/dpkg/info/own.list': '/usr/local/bin/ruby\n',
        'usr/local/bin/ruby': 'x',
      },
    ],
    env,
  );
  expect(told(found)).toEqual(['deb own 1 1', 'generic node 20.11.1 0']);
});

test('what is broken is a note beside the rest', async () => {
  const found = await inventoryOf([
    {
      'a/node_modules/x/package.json': '{',
      'a/node_modules/y/package.json': '{"name":"y","version":"1.0.0"}',
      'opt/a.jar': 'x',
      'var/lib/rpm/rpmdb.sqlite': 'x',
    },
  ]);
  expect(told(found)).toEqual(['npm y 1.0.0 0']);
  expect(found.notes).toEqual([
    '/a/node_modules/x/package.json: is no JSON',
    '/opt/a.jar: is no archive that can be read',
    '/var/lib/rpm/rpmdb.sqlite: is no SQLite database',
  ]);
});
