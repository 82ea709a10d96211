import { expect, test } from 'bun:test';
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../sys/index.ts';
import { openReplayClone, parseReplayLog } from './replay-clone.ts';

const [a, b] = ['a'.repeat(40), 'b'.repeat(64)];

test('headers, and the names behind them', () => {
  const log = `\x01${a} one: two\0\nsrc/a b.txt\0line\nend\0\x01${b} \0`;
  expect(parseReplayLog(log)).toEqual([
    { id: a!, subject: 'one: two', paths: ['src/a b.txt', 'line\nend'] },
    { id: b!, subject: '', paths: [] },
  ]);
});

test('nothing', () => {
  expect(parseReplayLog('')).toEqual([]);
});

test.skipIf(!findProgram('git'))('what is copied into an image stands by itself', async () => {
  const place = mkdtempSync(join(tmpdir(), 'mille-clone-'));
  const git = (cwd: string, ...args: string[]) => {
    const who = ['-c', 'user.name=n', '-c', 'user.email=e@x', '-c', 'safe.directory=*'];
    const { exitCode, stdout, stderr } = Bun.spawnSync(['git', ...who, ...args], { cwd });
    return exitCode === 0 ? String(stdout).trim() : String(stderr);
  };
  try {
    const [directory, into] = [join(place, 'own'), join(place, 'clone')];
    git(place, 'init', '-q', directory);
    for (const text of ['a', 'b', 'c']) {
      writeFileSync(join(directory, 'file'), text);
      git(directory, 'add', '.');
      git(directory, 'commit', '-q', '-m', text);
      git(directory, 'tag', `v-${text}`);
      if (text === 'b') git(directory, 'gc', '-q');
    }
    const signal = new AbortController().signal;
    const clone = await openReplayClone({ directory, into, most: 2, whole: true, signal });
    if (typeof clone === 'string') throw new Error(clone);
    await clone.checkOut(clone.commits[1]!.id);
    cpSync(into, join(place, 'image'), { recursive: true });
    renameSync(directory, join(place, 'elsewhere'));
    expect(git(join(place, 'image'), 'status', '--porcelain')).toBe('');
    expect(git(join(place, 'image'), 'describe', '--tags')).toBe('v-b');
  } finally {
    rmSync(place, { recursive: true });
  }
});
