// Plans of random changes, each compared with the build that follows: what was said to be cached is, what was said to run
// runs. MILLE_PLAN_ROUNDS=60 tries more of them than is done every day; MILLE_PLAN_SEED begins elsewhere.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('tests of random plans skipped: they need root and busybox-static');

const ROUNDS = Number(process.env.MILLE_PLAN_ROUNDS ?? 2);
let seed = Number(process.env.MILLE_PLAN_SEED ?? 7);

/** A number below `n`; the same ones each time. */
function random(n: number): number {
  seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
  return (seed >> 8) % n;
}

const SWITCHES = ['workdir', 'run', 'arg', 'order', 'owner', 'link', 'extra', 'text', 'exclude'] as const;
type Switches = Record<(typeof SWITCHES)[number], number>;

/** Two stages and one on top of the first, with most of what a step can depend on. */
function dockerfile(s: Switches): string {
  const lines = [
    `ARG V=${s.arg}`,
    'FROM busybox AS one',
    'RUN echo app:x:77:88::/:/bin/sh >>/etc/passwd; echo app:x:88: >>/etc/group',
    `WORKDIR /w${s.workdir % 2 ? '/deep' : ''}`,
    `COPY ${s.order % 2 ? 'a/y a/x' : 'a/x a/y'} ./`,
    `RUN cat x | tr -d '#${s.run}' >/out; mkdir -p /d/e`,
    `${s.order % 3 ? 'COPY' : 'ADD'} --chown=${['0', 'app', '5:6', '77:88'][s.owner % 4]} b /d/`,
    'FROM busybox AS two',
    'ARG V',
    'COPY --from=one /out /in/',
    'RUN echo "$V" | cut -c1 >/v; ls /in >>/v',
    ...(s.extra % 2 ? ['WORKDIR /in'] : []),
    `COPY ${s.link % 2 ? '--link ' : ''}d /in/`,
    'RUN cat /in/d | cut -c1 >/cut',
    'FROM one',
    'WORKDIR /home',
    `COPY <<X /text\n${s.text}\nX`,
    "RUN --mount=target=/c,source=b cat /c/z | tr -d '#' >/m",
    'COPY --from=two /cut /v /t/',
    `COPY ${s.exclude % 2 ? '--exclude=*.md ' : ''}. /all/`,
    'RUN find /all | sort >/list',
  ];
  return `${lines.join('\n')}\n`;
}

function change(directory: string, switches: Switches): void {
  const file = join(directory, ['a/x', 'a/y', 'b/z', 'c', 'd'][random(5)]!);
  const extra = join(directory, ['n.md', 'a/n', 'b/n'][random(3)]!);
  const kind = random(8);
  if (kind < 3) writeFileSync(file, `${random(2)}${'#'.repeat(random(3))}`);
  else if (kind === 3) chmodSync(file, [0o644, 0o755][random(2)]!);
  else if (kind === 4) writeFileSync(extra, '1');
  else if (kind === 5) rmSync(extra, { force: true });
  else switches[SWITCHES[random(SWITCHES.length)]!] = random(4);
}

interface Planned {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'cached' | 'runs' | 'may-run';
}

let place = '';
let program: Mille;
beforeAll(async () => {
  place = makePlace('plan-random');
  if (ready) program = await mille(join(place, 'store'));
});
afterAll(() => removePlace(place));

/** What a build did, by the ids of its steps. */
async function outcomes(args: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { status, stderr } = await program.run(['build', '--progress', 'json', ...args]);
  if (status !== 0) throw new Error(stderr);
  const events = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return new Map(
    events.filter(({ type }) => type === 'step-finished').map(({ step, outcome }) => [step, outcome]),
  );
}

describe.skipIf(!ready)('random changes', () => {
  test(
    'the build does what the plan said',
    async () => {
      const directory = join(place, 'context');
      writeTree(directory, { 'a/x': '0', 'a/y': '0', 'b/z': '0', c: '0', d: '0' });
      const switches = Object.fromEntries(SWITCHES.map((name) => [name, 0])) as Switches;
      for (let round = 0; round <= ROUNDS; round++) {
        const before = seed;
        if (round > 0) for (let count = random(3) + 1; count > 0; count--) change(directory, switches);
        writeFileSync(join(directory, 'Dockerfile'), dockerfile(switches));
        const args = [
          ...(random(8) === 0 ? ['--no-cache-filter', ['one', 'two'][random(2)]!] : []),
          ...(random(4) === 0 ? ['--build-arg', `V=${random(3)}`] : []),
          directory,
        ];
        const planned = JSON.parse(await program.must(['plan', '--format', 'json', ...args]));
        const done = await outcomes(args);
        const wrong = (planned.steps as Planned[]).filter(({ id, verdict }) => {
          const cached = done.get(id) === 'cached';
          return (verdict === 'cached' && !cached) || (verdict === 'runs' && cached);
        });
        expect({ round, seed: before, wrong }).toEqual({ round, seed: before, wrong: [] });
      }
    },
    60_000 + ROUNDS * 20_000,
  );
});
