import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { ContainerSpec } from './spec.ts';
import { missingDirectories, workdirArguments } from './workdir.ts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(`${tmpdir()}/mille-workdir-`);
  mkdirSync(`${base}/top/there`, { recursive: true });
  mkdirSync(`${base}/bottom/below`, { recursive: true });
  writeFileSync(`${base}/top/file`, '');
  symlinkSync('/there/../below', `${base}/top/link`);
  symlinkSync('../../../../gone/away', `${base}/bottom/dangling`);
  symlinkSync('loop', `${base}/top/loop`);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

test.each([
  ['/', []],
  ['/there', []],
  ['/below/', []],
  ['/there/a/b', ['there/a', 'there/a/b']],
  ['/link/new', ['below/new']],
  ['/dangling/new', ['gone', 'gone/away', 'gone/away/new']],
  ['/../up/./x', ['up', 'up/x']],
  ['/file/below', []],
  ['/loop/x', []],
])('what is missing on the way to %s', (path, missing) => {
  expect(missingDirectories([`${base}/top`, `${base}/bottom`], path)).toEqual(missing);
});

test('it is made for the user, where the spec says so', () => {
  const spec = {
    ...{ lowerBase: base, lowers: ['top', 'bottom'], cwd: '/there/a b' },
    user: { uid: 7, gid: 8 },
  } as unknown as ContainerSpec;
  expect(workdirArguments(spec, 'run')).toEqual([]);
  const words = workdirArguments({ ...spec, ownsWorkdir: true }, 'run');
  expect(words).toEqual(['directory', 'run/rootfs/there/a b', '7:8']);
});
