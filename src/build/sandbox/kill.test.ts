// Whoever is killed, whenever: no process and no mount stays, and the next clean-up takes the control groups.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { childProcesses, findProgram, processIds } from '../../sys/index.ts';
import { asUser, findBusybox, placeProgram, testUser } from '../../testkit/index.ts';
import { cleanLeftovers } from './index.ts';

const user = testUser();
const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
const PROGRAM = `${import.meta.dir}/testdata/run-container.ts`;

let base = '';
let program: readonly string[] = [];
let counter = 0;

beforeAll(async () => {
  if (!ready) return;
  base = mkdtempSync(`${tmpdir()}/mille-kill-`);
  program = await placeProgram(PROGRAM, base);
  Bun.spawnSync(['chmod', '0755', base]);
});

// A test that fails must not leave a container that sleeps for years.
const alive = new Set<Bun.Subprocess>();
afterEach(() => {
  for (const child of alive) child.kill('SIGKILL');
  alive.clear();
});

afterAll(() => {
  if (base) rmSync(base, { recursive: true, force: true });
});

interface Started {
  readonly child: Bun.Subprocess<'ignore', 'pipe', 'inherit'>;
  /** A number that stands in the command line of the container's processes. */
  readonly mark: string;
  /** Where the container's directories are, as it appears in the mount table. */
  readonly directory: string;
  /** What the program says until a text comes, or until its end. */
  readonly until: (text?: string) => Promise<string>;
}

/** Starts a program with a container of several processes and waits until they run. */
async function start(
  options: { rootless?: boolean; traced?: boolean; script?: (mark: string) => string } = {},
): Promise<Started> {
  const mark = `${process.pid}${1000 + ++counter}`;
  const directory = `${base}/dir-${counter}`;
  Bun.spawnSync(['mkdir', directory]);
  const script =
    options.script?.(mark) ?? `sleep ${mark} & sleep ${mark} & trap '' TERM; echo started; sleep ${mark}`;
  const command = [
    ...program,
    JSON.stringify({
      ...{ directory, args: ['sh', '-c', script] },
      ...(options.traced ? { traced: ['execve'] } : {}),
    }),
  ];
  if (options.rootless) Bun.spawnSync(['chown', String(user?.uid), directory]);
  const child = Bun.spawn(options.rootless && user ? asUser(user, command) : command, {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  alive.add(child);
  const reader = child.stdout.getReader();
  let said = '';
  const until = async (text?: string) => {
    while (text === undefined || !said.includes(text)) {
      const { value, done } = await reader.read();
      if (done && text !== undefined) throw new Error(`the program ended: ${said}`);
      if (done) break;
      said += Buffer.from(value).toString();
    }
    return said;
  };
  await until('started');
  return { child, mark, directory, until };
}

/** Processes of the container, and whether its root is mounted for any process at all. */
function remains({ mark, directory }: Pick<Started, 'mark' | 'directory'>): {
  processes: number[];
  mounts: number[];
} {
  const holding = (name: string, what: string) =>
    processIds().filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/${name}`, 'latin1').includes(what);
      } catch {
        return false;
      }
    });
  return {
    processes: holding('cmdline', `sleep\0${mark}`),
    mounts: holding('mountinfo', `${directory}/`),
  };
}

/** Waits until the three processes of the script have become what they are to be. */
async function expectRunning(started: Started): Promise<void> {
  for (let i = 0; i < 500 && remains(started).processes.length < 3; i++) await Bun.sleep(10);
  expect(remains(started).processes.length).toBe(3);
}

async function expectNothing(started: Pick<Started, 'mark' | 'directory'>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    const { processes, mounts } = remains(started);
    if (processes.length + mounts.length === 0) return;
    await Bun.sleep(10);
  }
  expect(remains(started)).toEqual({ processes: [], mounts: [] });
}

function cgroupsOf(pid: number): string[] {
  return readdirSync('/sys/fs/cgroup')
    .map((name) => `/sys/fs/cgroup/${name}/mille`)
    .concat('/sys/fs/cgroup/mille')
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).filter((name) => name.includes(`-${pid}-`)));
}

/** unshare, the runtime, the container's first process: each the only child of the one before. */
function chainOf(pid: number): [number, number, number] {
  const [unshare = 0] = childProcesses(pid);
  const [runtime = 0] = childProcesses(unshare);
  const [first = 0] = childProcesses(runtime);
  return [unshare, runtime, first];
}

describe.skipIf(!ready)('killing', () => {
  test('the program itself: everything goes, and the control group at the next clean-up', async () => {
    const started = await start();
    await expectRunning(started);
    expect(remains(started).mounts).not.toContain(process.pid);
    expect(cgroupsOf(started.child.pid)).not.toEqual([]);
    started.child.kill('SIGKILL');
    await started.child.exited;
    await expectNothing(started);
    cleanLeftovers();
    expect(cgroupsOf(started.child.pid)).toEqual([]);
  });

  for (const [index, link] of (
    ['unshare', 'the runtime', "the container's first process"] as const
  ).entries()) {
    test(`${link}: the rest goes and the program goes on`, async () => {
      const started = await start();
      await expectRunning(started);
      const victim = chainOf(started.child.pid)[index] ?? 0;
      expect(victim).toBeGreaterThan(1);
      process.kill(victim, 'SIGKILL');
      expect(await started.child.exited).toBe(0);
      await expectNothing(started);
      expect(cgroupsOf(started.child.pid)).toEqual([]);
    });
  }

  test.skipIf(findProgram('strace') === undefined)(
    'the program, or the tracer, while it traces',
    async () => {
      for (const who of ['program', 'tracer']) {
        const started = await start({ traced: true });
        await expectRunning(started);
        const [, tracer] = chainOf(started.child.pid);
        process.kill(who === 'program' ? started.child.pid : tracer, 'SIGKILL');
        await started.child.exited;
        await expectNothing(started);
      }
      cleanLeftovers();
    },
  );

  test.skipIf(!user)('the program, rootless', async () => {
    const started = await start({ rootless: true });
    await expectRunning(started);
    started.child.kill('SIGKILL');
    await started.child.exited;
    await expectNothing(started);
  });

  test('at any moment of the start', async () => {
    for (const delay of [5, 10, 15, 20, 25, 30, 40, 60, 80, 100, 120, 140, 180]) {
      const mark = `${process.pid}${1000 + ++counter}`;
      const directory = `${base}/dir-${counter}`;
      Bun.spawnSync(['mkdir', directory]);
      const child = Bun.spawn([...program, JSON.stringify({ directory, args: ['sleep', mark] })], {
        stdio: ['ignore', 'ignore', 'ignore'],
      });
      await Bun.sleep(delay);
      child.kill('SIGKILL');
      await child.exited;
      await expectNothing({ mark, directory });
    }
    cleanLeftovers();
  });
});

describe.skipIf(!ready)('signals', () => {
  test('reach the command, once', async () => {
    const started = await start({
      script: (mark) =>
        `n=0; trap 'n=$((n+1)); echo got $n' USR1; trap 'exit 42' TERM; echo started; while :; do sleep 0.05; : ${mark}; done`,
    });
    started.child.kill('SIGUSR1');
    await started.until('got 1');
    started.child.kill('SIGTERM');
    const rest = await started.until();
    expect(rest).toContain('got 1\n');
    expect(rest).not.toContain('got 2');
    expect(rest).toContain('status 42');
  });

  test('that come before the command runs are kept for it', async () => {
    const directory = `${base}/dir-early`;
    Bun.spawnSync(['mkdir', directory]);
    // A command that takes its time before it handles signals, as any does on a busy machine.
    const script = "sleep 0.3; trap 'exit 43' TERM; sleep 20 & wait";
    const child = Bun.spawn([...program, JSON.stringify({ directory, args: ['sh', '-c', script] })], {
      stdout: 'pipe',
      stdin: 'ignore',
    });
    alive.add(child);
    // The runtime is there, its container not yet.
    const configured = () =>
      readdirSync(directory).some(
        (name) => name.startsWith('run-') && existsSync(`${directory}/${name}/bundle/config.json`),
      );
    while (!configured() || chainOf(child.pid)[1] === 0) await Bun.sleep(1);
    child.kill('SIGTERM');
    const text = await new Response(child.stdout).text();
    expect(text).toMatch(/^status (43|143)/);
  });
});
