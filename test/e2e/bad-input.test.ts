// What a user sees after a mistake: the whole of standard error and the exit status, word for word. A case is a folder
// in `bad-input/`: files, `setup.sh` for what cannot lie in git (archives, odd modes), `command` for the shell, and
// `expected.txt`. After every case the names in the store are what they were and the store verifies. The cases run in
// a copy of their folder; `MILLE_GOLDEN=write` writes what came instead of comparing: read the difference.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/oci/store/index.ts';
import { testUser } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { programAlone, programFor, RUNTIME } from '../support/mille.ts';
import { askResident } from '../support/residents.ts';

const cases = join(import.meta.dir, 'bad-input');
const checkout = join(import.meta.dir, '../..');
const writing = process.env.MILLE_GOLDEN === 'write';
/** For the cases whose command names $TEST_USER: they run $PROGRAM, a copy, as a checkout may be out of reach. */
const user = testUser();

let work = '';
let server: ReturnType<typeof Bun.serve>;
let names = '';
/** A copy that the user can run. */
let program = '';

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'mille-bad-'));
  chmodSync(work, 0o755);
  mkdirSync(join(work, 'bin'));
  const [alone = '', ...rest] = programAlone();
  symlinkSync(rest.length === 0 ? alone : join(checkout, 'mille'), join(work, 'bin/mille'));
  if (user) [program = ''] = programFor(work);
  server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: ({ url }) =>
      url.endsWith('/hello.txt') ? new Response('hello\n') : new Response('nothing here', { status: 404 }),
  });
  const archive = await busyboxBase();
  if (!archive) return;
  // `app` is the name under which the cases build and load: it must point to the same image afterwards.
  const { path, name } = archive;
  const prepared = await shell(
    `mille load -q -i '${path}' && mille tag ${name} base && mille tag ${name} app && mille rmi ${name} && mille run --rm base true`,
    work,
  );
  if (prepared.status !== 0) throw new Error(prepared.stderr);
  names = await storedNames();
}, 120_000);

afterAll(() => {
  server?.stop(true);
  rmSync(work, { recursive: true, force: true });
});

interface Outcome {
  readonly status: number;
  readonly stderr: string;
}

/** Variables of all commands. */
function variables(): Record<string, string> {
  return {
    ...RUNTIME,
    PATH: `${work}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: work,
    TERM: 'xterm',
    LANG: 'C.UTF-8',
    MILLE_ROOT: join(work, 'store'),
    // No registry is asked, so that the same is said everywhere.
    MILLE_OFFLINE: 'registries',
    SERVER: `127.0.0.1:${server.port}`,
    CHECKOUT: checkout,
    WORK: work,
    TEST_USER: user?.name ?? '',
    PROGRAM: program,
  };
}

async function shell(script: string, cwd: string): Promise<Outcome> {
  const child = Bun.spawn(['sh', '-c', script], {
    cwd,
    env: variables(),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stderr] = await Promise.all([child.stderr.text(), child.stdout.text(), child.exited]);
  return { status: child.exitCode ?? -1, stderr };
}

/** A command; one of nothing but words goes to a process that stays, where there is one. */
async function given(script: string, cwd: string): Promise<Outcome> {
  const words = /^mille ([\w./=:@,+ -]+)$/.exec(script.trim())?.[1]?.split(/ +/);
  const answer = words && (await askResident({ args: words, cwd, env: variables() }));
  return answer ?? shell(script, cwd);
}

/** What differs from run to run: places, the server's port, seconds. */
function normalize(text: string, here: string): string {
  return text
    .replaceAll(here, 'HERE')
    .replaceAll(work, 'WORK')
    .replaceAll(checkout, 'CHECKOUT')
    .replaceAll(`127.0.0.1:${server.port}`, 'SERVER')
    .replaceAll(`linux/${process.arch === 'x64' ? 'amd64' : process.arch}`, 'linux/HOST')
    .replaceAll(new RegExp(`\\b${user?.name ?? 'tester'}$`, 'gm'), 'USER')
    .replaceAll(`the user ${user?.name} `, 'the user USER ')
    .replace(/logs\/[0-9TZ]+-[0-9a-f]{8}\.log/g, 'logs/ID.log')
    .replace(/^image sha256:[0-9a-f]{64}$/gm, 'image sha256:ID')
    .replace(/127\.0\.0\.1[:\d]*…/g, 'SERVER…')
    .replace(/\b\d+\.\d+s\b/g, '0.0s')
    .replace(/^(#\d+) \d+\.\d+ /gm, '$1 0.0 ');
}

async function storedNames(): Promise<string> {
  const store = await openStore(join(work, 'store'), { privilege: 'root' });
  try {
    const found = store
      .listImages()
      .flatMap((image) => image.names.map((name) => `${name} ${image.imageId}`));
    return found.sort().join('\n');
  } finally {
    store.close();
  }
}

describe.skipIf(process.getuid?.() !== 0)('bad input', () => {
  for (const name of readdirSync(cases).sort()) {
    const folder = join(cases, name);
    const command = readFileSync(join(folder, 'command'), 'utf8');
    const needsUser = command.includes('$TEST_USER');
    test.skipIf(needsUser && !user)(name, async () => {
      if (names === '') return;
      // Each at a place of its own: a build of the same place would be compared with.
      const here = join(work, name);
      const own = ['setup.sh', 'command', 'expected.txt'].map((file) => join(folder, file));
      cpSync(folder, here, { recursive: true, filter: (file) => !own.includes(file) });
      if (existsSync(join(folder, 'setup.sh'))) {
        const setup = await shell(`set -e; . '${folder}/setup.sh'`, here);
        if (setup.status !== 0) throw new Error(`setup.sh: ${setup.stderr}`);
      }
      const { status, stderr } = await given(command, here);
      const seen = `exit ${status}\n${normalize(stderr, here)}`;
      const golden = join(folder, 'expected.txt');
      if (writing) writeFileSync(golden, seen);
      else expect(seen).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
      expect(await storedNames()).toBe(names);
    });
  }

  test('no escape sequence of a command reaches a terminal', async () => {
    const here = join(work, 'terminal');
    cpSync(join(cases, 'run-escape-sequences'), here, { recursive: true });
    await shell('script -qec "mille build --progress=tty ." /dev/null >seen 2>&1 </dev/null', here);
    const seen = readFileSync(join(here, 'seen'), 'latin1');
    expect(seen).toContain('exit code 1');
    expect(seen).toContain('\x1b[');
    for (const sequence of ['\x1b]', '\x07', '\x1b[2J', '\xc2\x9b']) expect(seen).not.toContain(sequence);
  });

  test('the store is sound after all of this', async () => {
    const store = await openStore(join(work, 'store'), { privilege: 'root' });
    expect(await store.verify()).toEqual([]);
    store.close();
  });
});
