// A build in which nothing changed asks the kernel about the files of its context, and reads none of them; one in which
// one file changed reads that one. Seen from outside, by strace.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../src/sys/index.ts';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findProgram('strace') !== undefined;
if (!ready) console.warn('the test of an unchanged context skipped: it needs root and strace');

const FILES = 300;
const SETTLED_MS = 2600;

let place = '';
let context = '';
let program: Mille;

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('unchanged');
  context = join(place, 'context');
  const files = Object.fromEntries(
    Array.from({ length: FILES }, (_, i) => [`src/d${i % 10}/file-${i}.txt`, `content ${i}\n`]),
  );
  writeTree(context, { ...files, Dockerfile: 'FROM scratch\nCOPY src /src\n' });
  program = await mille(join(place, 'store'), { base: false });
}, 120_000);

afterAll(() => removePlace(place));

describe.skipIf(!ready)('a context of many files', () => {
  test('is read once, then only looked at', async () => {
    // What changed this very moment may change again unnoticed, and is not remembered.
    await Bun.sleep(SETTLED_MS);
    expect(traced('first').opened.size).toBe(FILES);
    const second = traced('second');
    expect([...second.opened]).toEqual([]);
    expect(second.looked).toBeGreaterThanOrEqual(FILES);
    expect(second.looked).toBeLessThan(FILES + 50);
    writeTree(context, { 'src/d3/file-33.txt': 'changed\n' });
    expect([...traced('third').opened]).toEqual(['file-33.txt']);
  }, 120_000);
});

/** The files of the context that a build opened, and how often it asked for the state of one. */
function traced(name: string): { readonly opened: ReadonlySet<string>; readonly looked: number } {
  const log = join(place, `${name}.trace`);
  const build = [...program.command, 'build', '-q', '-t', 'x', context];
  const strace = ['strace', '-f', '-qq', '-e', 'trace=open,openat,openat2,stat,lstat,statx,newfstatat'];
  const { status, stderr } = command([...strace, '-o', log, ...build], { env: program.env });
  if (status !== 0) throw new Error(`strace ended with ${status}: ${stderr}`);
  const opened = new Set<string>();
  let looked = 0;
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const file = /(file-\d+\.txt)"/.exec(line)?.[1];
    if (file === undefined) continue;
    if (/\bopen(at2?)?\(/.test(line)) opened.add(file);
    else looked++;
  }
  return { opened, looked };
}
