// What of trees of packages is there for development only, where nobody recorded it.

import { describe, expect, test } from 'bun:test';
import { type InstalledTree, packageFacts, readInstalledTree } from './installed-tree.ts';

function factsOf(name: string, needs: readonly string[], programs: readonly string[] = []) {
  return packageFacts(
    JSON.stringify({
      name,
      dependencies: Object.fromEntries(needs.map((one) => [one, '1'])),
      bin: Object.fromEntries(programs.map((one) => [one, 'x.js'])),
    }),
  )!;
}

function read(tree: Pick<InstalledTree, 'manager'> & Partial<InstalledTree>) {
  const common = { directory: 'app', links: new Map(), packages: new Map(), isWorkspace: false };
  return readInstalledTree({ ...common, project: factsOf('app', ['a']), ...tree });
}

describe('of yarn', () => {
  test('what cannot be reached is, by the places where Node looks', () => {
    const { development, names } = read({
      manager: 'yarn',
      packages: new Map([
        ['node_modules/a', factsOf('a', ['b', '@s/c', 'missing'])],
        // Its own b goes before the other.
        ['node_modules/a/node_modules/b', factsOf('b', ['d'])],
        ['node_modules/b', factsOf('b', [], ['b-cli'])],
        ['node_modules/@s/c', factsOf('@s/c', ['a'])],
        ['node_modules/d', factsOf('d', [])],
        ['node_modules/tool', factsOf('tool', ['d'], ['tool', 'd'])],
        ['node_modules/tool/node_modules/e', factsOf('e', [])],
      ]),
    });
    expect(development).toEqual(['node_modules/b', 'node_modules/tool', 'node_modules/tool/node_modules/e']);
    expect([...names].sort()).toEqual(['b', 'b-cli', 'd', 'tool']);
  });

  test('a program that another package brings too is not its own', () => {
    const packages = new Map([
      ['node_modules/a', factsOf('a', [], ['run'])],
      ['node_modules/tool', factsOf('tool', [], ['run'])],
    ]);
    expect([...read({ manager: 'yarn', packages }).names]).toEqual(['tool']);
  });
});

describe('of pnpm', () => {
  const packages = new Map([
    ['node_modules/.pnpm/a@1.0.0/node_modules/a', factsOf('a', ['b'])],
    ['node_modules/.pnpm/b@1.0.0/node_modules/b', factsOf('b', ['a'])],
    ['node_modules/.pnpm/@s+tool@2.0.0/node_modules/@s/tool', factsOf('@s/tool', ['c'], ['tool'])],
    ['node_modules/.pnpm/c@1.0.0/node_modules/c', factsOf('c', [])],
  ]);
  const links = new Map([
    ['node_modules/a', '.pnpm/a@1.0.0/node_modules/a'],
    ['node_modules/@s/tool', '../.pnpm/@s+tool@2.0.0/node_modules/@s/tool'],
    ['node_modules/.pnpm/a@1.0.0/node_modules/b', '../../b@1.0.0/node_modules/b'],
    ['node_modules/.pnpm/b@1.0.0/node_modules/a', '../../a@1.0.0/node_modules/a'],
    ['node_modules/.pnpm/@s+tool@2.0.0/node_modules/c', '../../../c@1.0.0/node_modules/c'],
    // There for whoever looks without saying so.
    ['node_modules/.pnpm/node_modules/c', '../c@1.0.0/node_modules/c'],
  ]);

  test('what no link leads to is, with the scripts that start its programs', () => {
    const { development, names } = read({ manager: 'pnpm', packages, links });
    expect(development).toEqual([
      'node_modules/@s/tool',
      'node_modules/.pnpm/@s+tool@2.0.0',
      'node_modules/.pnpm/c@1.0.0',
      'node_modules/.bin/tool',
      'node_modules/.pnpm/node_modules/.bin/tool',
    ]);
    expect([...names].sort()).toEqual(['@s/tool', 'tool']);
  });

  test('a link that leads out of the store leads nowhere', () => {
    const odd = new Map([
      ['node_modules/a', '../../../../etc'],
      ['node_modules/b', '/node_modules/.pnpm/b@1.0.0/node_modules/b'],
    ]);
    expect(read({ manager: 'pnpm', packages, links: odd }).development).toHaveLength(1 + 4 + 2);
  });
});

test('what has another form says nothing', () => {
  expect(['{', '[]', '1', 'null'].map((text) => packageFacts(text))).toEqual([...Array(4)]);
  expect(packageFacts('{"name":1,"dependencies":[1],"bin":{"../x":"y"},"scripts":{"a":1}}')).toEqual({
    ...{ name: '', needs: [], programs: [], scripts: {}, isWorkspace: false },
  });
  expect(packageFacts('{"name":"@s/a","bin":"x.js","workspaces":["b"]}')).toMatchObject({
    ...{ programs: ['a'], isWorkspace: true },
  });
});
