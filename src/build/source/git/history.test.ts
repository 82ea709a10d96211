// The history of a work tree, read without starting anything that its configuration names.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../sys/index.ts';
import { type History, parseLog, readHistory } from './history.ts';

const ready = findProgram('git') !== undefined;
if (!ready) console.warn('tests of the history of git skipped: git is not installed');

let place = '';
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'mille-history-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const DAY = 86_400;
const NOW = 1_800_000_000;

function git(cwd: string, args: readonly string[], age = 0): void {
  const date = `${NOW - age * DAY} +0000`;
  const env = {
    ...{ PATH: process.env.PATH ?? '', HOME: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    ...{ GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  };
  const who = ['-c', 'user.name=n', '-c', 'user.email=e@x', '-c', 'protocol.file.allow=always'];
  const { exitCode, stderr } = Bun.spawnSync(['git', ...who, ...args], { cwd, env });
  if (exitCode !== 0) throw new Error(stderr.toString());
}

function commit(repository: string, files: Readonly<Record<string, string>>, age: number): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(repository, name, '..'), { recursive: true });
    writeFileSync(join(repository, name), content);
  }
  git(repository, ['add', '-A']);
  git(repository, ['commit', '-q', '-m', 'x'], age);
}

const read = (directory: string, given: { days?: number; most?: number } = {}) =>
  readHistory({
    directory,
    since: NOW - (given.days ?? 90) * DAY,
    most: given.most ?? 100,
    signal: new AbortController().signal,
  });

describe('the output of git log', () => {
  test('headers and names; what has no parent counts, and touches nothing', () => {
    const text = '\x01100 aa\0\na b\0c\nd\0\x0190 bb cc\0\x0180 \0\nfirst\0';
    expect(parseLog(text)).toEqual({
      commits: [
        { time: 100, paths: ['a b', 'c\nd'] },
        { time: 90, paths: [] },
      ],
      count: 3,
    });
    expect(parseLog('')).toEqual({ commits: [], count: 0 });
  });
});

describe.skipIf(!ready)('a work tree', () => {
  const repository = () => join(place, 'repository');
  beforeAll(() => {
    mkdirSync(repository());
    git(repository(), ['init', '-q', '-b', 'main']);
    commit(repository(), { a: '1', 'sub/b': '1' }, 80);
    commit(repository(), { 'sub/b': '2' }, 70);
    commit(repository(), { a: '2', 'sub/ü\n': '1' }, 60);
    commit(repository(), { a: '3' }, 5);
  });

  test('tells what commits touch, the newest first', async () => {
    const { commits, cut, shallow } = (await read(repository())) as History;
    expect(commits.map(({ paths }) => paths)).toEqual([['a'], ['a', 'sub/ü\n'], ['sub/b']]);
    expect(commits[0]!.time).toBe(NOW - 5 * DAY);
    expect([cut, shallow]).toEqual([false, false]);
  });
  test('within a time, up to a number, below a directory', async () => {
    expect(((await read(repository(), { days: 10 })) as History).commits).toHaveLength(1);
    expect(((await read(repository(), { days: NOW / DAY })) as History).commits).toHaveLength(3);
    const two = (await read(repository(), { most: 2 })) as History;
    expect([two.commits.length, two.cut]).toEqual([2, true]);
    const below = (await read(join(repository(), 'sub'))) as History;
    expect(below.commits.map(({ paths }) => paths)).toEqual([['ü\n'], ['b']]);
  });
  test('a shallow clone says so, and its last commit touches nothing', async () => {
    const clone = join(place, 'clone');
    git(place, ['clone', '-q', '--depth', '2', `file://${repository()}`, clone]);
    const { commits, shallow } = (await read(clone)) as History;
    expect([commits.map(({ paths }) => paths), shallow]).toEqual([[['a']], true]);
  });
  test('what there is no history of', async () => {
    expect(await read(place)).toBe('the context is in no git work tree');
    const fresh = join(place, 'fresh');
    mkdirSync(fresh);
    git(fresh, ['init', '-q']);
    expect(await read(fresh)).toBe('git has no commit yet');
    expect(await read(join(fresh, '.git'))).toBe('the context is in no git work tree');
  });
  test('starts nothing that a configuration names', async () => {
    const hostile = join(place, 'hostile');
    mkdirSync(hostile);
    git(hostile, ['init', '-q']);
    commit(hostile, { a: '1', '.gitattributes': '* diff=bad\n' }, 3);
    commit(hostile, { a: '2' }, 2);
    const ran = join(place, 'ran');
    writeFileSync(join(hostile, 'evil'), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
    const evil = join(hostile, 'evil');
    const settings: readonly (readonly [string, string])[] = [
      ['core.fsmonitor', evil],
      ['core.pager', evil],
      ['core.hooksPath', hostile],
      ['diff.external', evil],
      ['diff.bad.textconv', evil],
      ['diff.bad.command', evil],
      ['log.showSignature', 'true'],
      ['gpg.program', evil],
      ['core.sshCommand', evil],
      ['pager.log', evil],
      ['color.ui', 'always'],
      ['log.diffMerges', 'on'],
      ['diff.relative', 'false'],
    ];
    for (const [name, value] of settings) git(hostile, ['config', name, value]);
    expect(((await read(hostile)) as History).commits.map(({ paths }) => paths)).toEqual([['a']]);
    expect(existsSync(ran)).toBe(false);
  });
  test.skipIf(process.getuid?.() !== 0)('of another user, further up, is not looked at', async () => {
    const stranger = join(place, 'stranger');
    mkdirSync(join(stranger, 'own'), { recursive: true });
    git(stranger, ['init', '-q']);
    commit(stranger, { 'own/a': '1' }, 3);
    Bun.spawnSync(['chown', '-R', '12345', stranger]);
    Bun.spawnSync(['chown', '0', join(stranger, 'own')]);
    expect(await read(join(stranger, 'own'))).toContain('belongs to another user');
    // The context of that user: it is the same as with git itself.
    expect(typeof (await read(stranger))).toBe('object');
  });
});
