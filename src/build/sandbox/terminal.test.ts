// Containers with a terminal, inside of tmux: what a person sees who types.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { processIds } from '../../sys/index.ts';
import { findBusybox } from '../../testkit/index.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined && Bun.which('tmux') !== null;
if (!ready) console.log('skipped: needs root, busybox-static and tmux');

let base = '';
const tmux = (...args: string[]) =>
  Bun.spawnSync(['tmux', '-f', '/dev/null', '-S', `${base}/socket`, ...args], {
    env: { ...process.env, TERM: 'xterm' },
  });
const screen = () => tmux('capture-pane', '-p', '-t', 'test').stdout.toString();

async function shows(text: string | RegExp): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (screen().match(text)) return;
    await Bun.sleep(25);
  }
  expect(screen()).toMatch(text);
}

/** Types a command that runs a container in the terminal, with the terminal's settings before and after it. */
async function type(spec: object): Promise<void> {
  await Bun.write(`${base}/spec`, JSON.stringify({ directory: base, terminal: true, ...spec }));
  const program = `${process.execPath} ${import.meta.dir}/testdata/run-container.ts`;
  const lines = [
    `stty -a >${base}/before`,
    `${program} "$(cat ${base}/spec)"`,
    `stty -a >${base}/after`,
    'echo finished',
  ];
  await Bun.write(`${base}/start`, lines.join('\n'));
  tmux('send-keys', '-t', 'test', `clear; sh ${base}/start`, 'Enter');
}

beforeAll(() => {
  if (!ready) return;
  base = mkdtempSync(`${tmpdir()}/mille-tmux-`);
  tmux('new-session', '-d', '-s', 'test', '-x', '91', '-y', '31', 'sh');
});

afterAll(() => {
  if (!base) return;
  tmux('kill-server');
  rmSync(base, { recursive: true, force: true });
});

describe.skipIf(!ready)('a terminal', () => {
  test('has its size, passes keys, follows its window, and is as before afterwards', async () => {
    await type({
      args: [
        ...['sh', '-c'],
        "trap 'echo interrupted; again=1' INT; tty; stty size; while read line || [ $again ]; do again=; echo =$line=; stty size; done",
      ],
    });
    await shows(/\/dev\/pts\/0\n31 91\n/);
    tmux('send-keys', '-t', 'test', 'hello', 'Enter');
    await shows(/=hello=\n31 91\n/);
    // In raw mode the key is a byte for the container's terminal, which makes a signal of it there.
    tmux('send-keys', '-t', 'test', 'C-c');
    await shows('interrupted');
    tmux('resize-window', '-t', 'test', '-x', '77', '-y', '29');
    // The window's new size comes by a signal, which nobody can wait for.
    for (let i = 0; i < 40 && !/29 77\n/.test(screen()); i++) {
      tmux('send-keys', '-t', 'test', 'again', 'Enter');
      await Bun.sleep(50);
    }
    expect(screen()).toMatch(/29 77\n/);
    tmux('send-keys', '-t', 'test', 'C-d');
    await shows(/status 0 [\s\S]*^finished/m);
    const settings = async (name: string) =>
      (await Bun.file(`${base}/${name}`).text()).replace(/rows \d+; columns \d+/, '');
    expect(await settings('after')).toBe(await settings('before'));
  }, 120_000);

  test('is as before when the container is killed', async () => {
    await type({ args: ['sh', '-c', 'echo ready; sleep 987654'] });
    await shows(/^ready$/m);
    for (const pid of runtimes()) process.kill(pid, 'SIGKILL');
    await shows(/^finished/m);
    expect(await Bun.file(`${base}/after`).text()).toBe(await Bun.file(`${base}/before`).text());
  }, 120_000);
});

/** The runtimes that run a container of this test: those that sit in one of its bundles. */
function runtimes(): number[] {
  return processIds().filter((pid) => {
    try {
      const inside = readlinkSync(`/proc/${pid}/cwd`).startsWith(`${base}/run-`);
      return inside && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('runtime.log');
    } catch {
      return false;
    }
  });
}
