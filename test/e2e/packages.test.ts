// `mille packages` against what the managers of a real Debian say themselves, in the image. Making that one takes a
// minute: with MILLE_LONG_TESTS only; what holds for small images is tested with `mille diff`.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { pythonBase } from '../support/base-images.ts';
import { type Mille, makePlace, mille, removePlace } from '../support/mille.ts';

interface Listed {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  readonly partOf?: string;
}

const base = process.env.MILLE_LONG_TESTS ? await pythonBase() : undefined;

describe.skipIf(!base || !Bun.which('runc'))('Debian with Python', () => {
  let place = '';
  let program: Mille;
  let packages: readonly Listed[] = [];

  beforeAll(async () => {
    place = makePlace('packages');
    program = await mille(join(place, 'store'), { base: false });
    await program.must(['load', '-q', '-i', base!.path]);
    packages = JSON.parse(await program.must(['packages', '--format', 'json', base!.name])).packages;
  }, 120_000);
  afterAll(() => removePlace(place));

  const inside = (...command: string[]) => program.must(['run', '--rm', base!.name, ...command]);

  test('dpkg says the same', async () => {
    const said = await inside('dpkg-query', '-W', '-f', '${Package} ${Version} ${Architecture}\\n');
    const found = packages
      .filter(({ type }) => type === 'deb')
      .map(({ name, version, architecture }) => `${name} ${version} ${architecture}`);
    expect(found.sort()).toEqual(said.trim().split('\n').sort());
  }, 120_000);

  test('pip says the same, and all of it is parts of packages of the distribution', async () => {
    const said: { name: string; version: string }[] = JSON.parse(
      await inside('pip', 'list', '--format', 'json'),
    );
    const found = packages.filter(({ type }) => type === 'pypi');
    expect(found.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(
      said.map(({ name, version }) => `${name} ${version}`).sort(),
    );
    expect(found.find(({ name }) => name === 'pip')?.partOf).toBe('python3-pip');
    expect(found.every(({ partOf }) => partOf !== undefined)).toBe(true);
  }, 120_000);
});
