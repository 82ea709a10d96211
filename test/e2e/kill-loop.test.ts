// Whatever works on a store is killed at a random moment, again and again: the store is sound each time, down to the
// last byte of what is unpacked, and the next build gives what a store gives in which nothing was ever killed.
//
// MILLE_KILLS=200 is the long loop; MILLE_KILL_SEED repeats one (it is printed where something is wrong).

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox, testUser } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { processesWith, until } from '../support/leftovers.ts';
import { type Mille, makePlace, mille, programFor, removePlace, writeTree } from '../support/mille.ts';

const user = testUser();
const root = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!root || !user) console.warn('kill loops skipped: they need root, busybox-static and, in part, uidmap');

const KILLS = Number(process.env.MILLE_KILLS ?? 2);
const SEED = Number(process.env.MILLE_KILL_SEED ?? Date.now() % 1_000_000);

/** Something that works on the store; `ROUND` stands for what changes each time. */
interface Work {
  readonly args: (context: string, archive: string) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const build =
  (...flags: readonly string[]): Work['args'] =>
  (context) => ['build', '-q', '-t', 'killed', ...flags, context];

/** Builds come first and most often: the short loop is about them. */
const WORKS: readonly Work[] = [
  { args: build('--reproducible') },
  { args: build() },
  { args: build('--no-cache') },
  { args: build('--reproducible'), env: { MILLE_MAX_STORE: '9MB' } },
  { args: () => ['prune', '-f'] },
  { args: () => ['prune', '-f', '--keep', '4MB'] },
  { args: () => ['prune', '-f', '--all'] },
  { args: () => ['rmi', '-f', 'app', 'killed'] },
  { args: (_, archive) => ['load', '-q', '-i', archive] },
  { args: () => ['store', 'verify', '--deep', '--repair'] },
  { args: () => ['run', '--rm', 'app', 'sh', '-c', 'cp -r /app /other; cat /work/out'] },
];

/** Numbers from 0 to 1, the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

let place = '';
beforeAll(() => {
  place = makePlace('kill-loop');
});
afterAll(() => removePlace(place), 60_000);

function writeContext(directory: string): void {
  const files: Record<string, string> = {};
  for (let i = 0; i < 60; i++) files[`many/${i % 8}/file${i}`] = `${i}\n`.repeat(i * 3);
  writeTree(directory, {
    ...files,
    round: '',
    Dockerfile: `FROM busybox AS first
COPY many /many
RUN mkdir /made && for i in $(seq 30); do echo $i >/made/$i; done; ln /made/1 /made/link; rm -r /many/3
FROM busybox
COPY round /round
COPY --from=first /many /app
COPY --from=first /made /app/made
RUN --mount=type=cache,target=/c cp -r /app/made /c/made 2>/dev/null; rm -r /app/4; cp -r /app /copy
WORKDIR /work
RUN cat /round >out; chmod 4755 out; find / -xdev -type f -name 'file*' | sort | xargs sha1sum >sums
`,
  });
}

/** Nothing of a process that was killed is at work any more. */
function isQuiet(store: string): boolean {
  const mark = `MILLE_ROOT=${store}\0`;
  const living = readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark);
    } catch {
      return false;
    }
  });
  return living.length === 0 && processesWith(store).length === 0;
}

async function loop(kills: number, { program, control, own }: Prepared): Promise<void> {
  const random = randomNumbers(SEED);
  const context = join(own, 'context');
  const archive = join(own, 'base.tar');
  /** How long each takes, in milliseconds: learnt from those that were not killed in time. */
  const durations = new Map<Work, number>();
  let killed = 0;
  for (let kill = 0; kill < kills; kill++) {
    const work = WORKS[kill < 4 ? kill : Math.floor(random() * WORKS.length)]!;
    writeFileSync(join(context, 'round'), `round ${kill}\n`);
    writeFileSync(join(context, 'many/0/file0'), `round ${kill % 3}\n`);
    const args = work.args(context, archive);
    const started = performance.now();
    const child = Bun.spawn([...program.command, ...args], {
      cwd: own,
      env: { ...process.env, ...program.env, ...work.env },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    const delay = random() * (durations.get(work) ?? 700);
    await Promise.race([Bun.sleep(delay), child.exited]);
    // So that the whole of it is hit alike: longer until one ends before it is killed, and then as long as that took.
    if (child.exitCode === null) durations.set(work, (durations.get(work) ?? 700) * 1.3);
    else durations.set(work, performance.now() - started);
    if (child.exitCode === null) killed++;
    child.kill('SIGKILL');
    await child.exited;
    const told = `kill ${kill} of '${args.join(' ')}' after ${Math.round(delay)} ms, MILLE_KILL_SEED=${SEED}`;
    expect(await until(() => isQuiet(program.root)), told).toBe(true);
    const verified = await program.run(['store', 'verify', '--deep']);
    if (verified.status !== 0) throw new Error(`${told}:\n${verified.stdout}${verified.stderr}`);
    // What was pruned away or removed, the base included, comes again.
    if ((await program.must(['images', '-q', 'busybox'])) === '')
      await program.must(['load', '-q', '-i', archive]);
    const flags = ['-t', 'app', '--reproducible', context];
    const { imageId } = await program.build(flags);
    expect(imageId, told).toBe((await control.build(flags)).imageId);
    // What was left behind goes with the next that writes.
    expect(readdirSync(join(program.root, 'tmp')), told).toEqual([]);
  }
  if (kills > 50) console.log(`${killed} of ${kills} were at work when they were killed`);
  expect(await program.must(['run', '--rm', 'app', 'cat', '/work/out'])).toBe(`round ${kills - 1}\n`);
}

interface Prepared {
  readonly program: Mille;
  readonly control: Mille;
  /** A directory of whoever runs the program, with the context and the base. */
  readonly own: string;
}

async function prepare(name: string, as: { user?: NonNullable<typeof user> } = {}): Promise<Prepared> {
  const own = join(place, name);
  mkdirSync(own);
  writeContext(join(own, 'context'));
  command(['cp', (await busyboxBase())!.path, join(own, 'base.tar')]);
  if (as.user) command(['chown', '-R', `${as.user.uid}:${as.user.gid}`, own]);
  const options = { base: false, ...as, ...(as.user ? { program: programFor(place) } : {}) };
  const [program, control] = [
    await mille(join(own, 'store'), options),
    await mille(join(own, 'control'), options),
  ];
  for (const one of [program, control]) await one.must(['load', '-q', '-i', join(own, 'base.tar')]);
  return { program, control, own };
}

const LONG = KILLS > 50 ? 3_600_000 : 120_000;

describe.skipIf(!root)('kill -9 at random moments', () => {
  test(
    'leaves a sound store, and the next build is right',
    async () => {
      await loop(KILLS, await prepare('root'));
    },
    LONG,
  );

  test.skipIf(!user)(
    'of a plain user as well',
    async () => {
      await loop(Math.ceil(KILLS / (KILLS > 50 ? 1 : 2)), await prepare('plain', { user: user! }));
    },
    LONG,
  );
});
