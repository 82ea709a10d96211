// The explorer in a real terminal: what people see, and what the terminal is like afterwards.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../src/oci/store/index.ts';
import { addSampleImage, addSampleLayer } from '../../src/testkit/index.ts';
import { DIRECTLY, makePlace, removePlace } from '../support/mille.ts';
import { Screen } from '../support/screen.ts';

const EXPLORE = [...DIRECTLY, 'explore', 'app'];
let place = '';
let screen: Screen;

beforeAll(async () => {
  place = makePlace('explore');
  const store = openStore(join(place, 'store'), { privilege: 'root' });
  const base = await addSampleLayer(store, { 'etc/motd': 'hello\n', 'usr/bin/tool': 'x'.repeat(5000) });
  const own = await addSampleLayer(store, {
    'app/日本語.txt': 'wide\n\x1b[31mred\x1b[0m\n',
    'app/data.bin': '\0\x01binary',
    'usr/bin/tool': undefined,
  });
  addSampleImage(store, [base, own], { names: ['docker.io/library/app:latest'] });
  store.close();
});

afterAll(() => removePlace(place));

const STATE = `stty -a | tr -d '\\n' | grep -o -E -e '-?(icanon|echo|isig|icrnl) ' | tr -d '\\n'; echo done`;

/** Starts a shell that starts a program, and says afterwards how it ended and how the terminal is. */
function open(words: readonly string[] = EXPLORE, env: Record<string, string> = {}): Screen {
  const program = words.map((word) => `'${word}'`).join(' ');
  return begin(['sh', '-c', `${program}; echo "status $?"; ${STATE}`], env);
}

function begin(command: readonly string[], env: Record<string, string> = {}): Screen {
  const own = { MILLE_ROOT: join(place, 'store'), MILLE_OFFLINE: '1', NO_COLOR: undefined };
  const size = { columns: 100, rows: 24 };
  const terminal = { TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  screen = new Screen(command, { ...size, cwd: place, env: { ...own, ...terminal, ...env } });
  return screen;
}

async function expectRestored(status: number): Promise<void> {
  const lines = await screen.shows('done');
  expect(lines.join('\n')).toContain(`status ${status}`);
  expect(lines.join(' ')).not.toMatch(/-(icanon|echo|isig|icrnl) /);
  expect(screen.isAlternate).toBe(false);
  expect(screen.raw.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.raw.lastIndexOf('\x1b[?25l'));
  expect(screen.raw.lastIndexOf('\x1b[?7h')).toBeGreaterThan(screen.raw.lastIndexOf('\x1b[?7l'));
  screen.close();
}

test('looking about, into a file, out of it, and away', async () => {
  open();
  const first = await screen.shows('quit');
  expect(screen.isAlternate).toBe(true);
  expect(first[0]).toStartWith(' app:latest  linux/');
  expect(first[0]).toContain('5kB wasted');
  expect(first[2]).toMatch(/1 sample 1 .* 5.01kB +!5kB │\+ {5}26B ▸ app\//);
  await screen.type('\t', 'v view');
  const open_ = await screen.type('E', '日本語.txt');
  expect(open_.find((line) => line.includes('日本語.txt'))).toMatch(/│\+ +18B {5}日本語\.txt$/);
  await screen.type('\x1b[B', '/app/日本語.txt');
  expect(await screen.type('\r', 'line 1 of 2')).toContain('red');
  await screen.type('q', 'v view');
  expect(await screen.type('\x1b[B\r', 'bytes')).toContainEqual(
    '00000000  00 01 62 69 6e 61 72 79                           ..binary',
  );
  await screen.type('q', 'v view');
  await screen.type('w', 'wasted ·');
  await screen.type('/nothing', 'nothing matches');
  await screen.type('\x1b', '1 file');
  screen.resize(60, 10);
  // Narrow: one pane at a time, and the hints are cut.
  expect((await screen.shows('c ch…')).join('\n')).not.toContain('LAYERS');
  await screen.type('q', 'status');
  await expectRestored(0);
});

test('a file is written where nothing is, and over something only when that is asked for', async () => {
  writeFileSync(join(place, 'there'), 'mine');
  open();
  await screen.shows('quit');
  await screen.type('\tE', '日本語.txt');
  await screen.type('\x1b[B\x1b[Bx', 'write to: data.bin');
  await screen.type('\x15out.bin\r', 'written to out.bin');
  expect(readFileSync(join(place, 'out.bin'), 'latin1')).toBe('\0\x01binary');
  await screen.type('x\x15there\r', 'Overwrite it?');
  await screen.type('n', 'nothing was written');
  expect(readFileSync(join(place, 'there'), 'utf8')).toBe('mine');
  await screen.type('x\x15there\r', 'Overwrite it?');
  await screen.type('y', 'written to there');
  expect(statSync(join(place, 'there')).size).toBe(8);
  await screen.type('x\x15no/such/place\r', 'no directory');
  expect(existsSync(join(place, 'no'))).toBe(false);
  await screen.type('\x03', 'status');
  await expectRestored(0);
});

test('a signal leaves the terminal as it was', async () => {
  open([...DIRECTLY, 'layers', '-i', 'app']);
  await screen.shows('quit');
  const children = readFileSync(`/proc/${screen.pid}/task/${screen.pid}/children`, 'utf8');
  process.kill(Number(children), 'SIGTERM');
  await expectRestored(143);
});

test('and so does what nobody foresaw', async () => {
  const failing = join(import.meta.dir, '../../src/front/cli/explorer/testdata/crash.ts');
  for (const keys of ['a', '\tEjj\r']) {
    open([...DIRECTLY.slice(0, -1), failing]);
    await screen.shows('quit');
    await screen.type(keys, 'caught: unforeseen');
    await expectRestored(70);
  }
});

test.skipIf(!existsSync('/bin/bash'))('control-Z gives the terminal to the shell for a while', async () => {
  begin(['bash', '--norc', '--noprofile', '-i'], { PS1: 'shell> ' });
  await screen.shows('shell>');
  await screen.type(`${EXPLORE.join(' ')}\r`, 'quit');
  await screen.type('\x1a', 'Stopped');
  expect(screen.isAlternate).toBe(false);
  await screen.type(`${STATE}\r`, ' icanon');
  await screen.type('fg\r', 'DETAILS');
  expect(screen.isAlternate).toBe(true);
  await screen.type('q', 'shell>');
  screen.close();
});

test('without colours, and without a terminal', async () => {
  open(EXPLORE, { NO_COLOR: '1' });
  await screen.shows('quit');
  expect(screen.raw).not.toMatch(/\x1b\[3\dm/);
  screen.close();
  const child = Bun.spawnSync(EXPLORE, {
    env: { ...process.env, MILLE_ROOT: join(place, 'store') },
    stdin: 'ignore',
  });
  expect(child.stderr.toString()).toContain('the explorer needs a terminal');
  expect(child.exitCode).toBe(2);
});
