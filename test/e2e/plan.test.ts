// `mille plan`: what it says of every step, compared with what the build does then; and that it does nothing itself.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import {
  type Built,
  type Mille,
  makePlace,
  mille,
  removePlace,
  repeatsCommands,
  writeTree,
} from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('plan tests skipped: they need root and busybox-static');

const STAGES = `FROM busybox AS build
WORKDIR /src
COPY src/ .
RUN grep -v '^#' main.c >/prog

FROM busybox
WORKDIR /app
COPY requirements.txt /app/
RUN cp requirements.txt installed
COPY --from=build /prog /bin/prog
COPY --link notes /notes
COPY app.py /app/
RUN cat app.py >list
`;

interface Planned {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'cached' | 'runs' | 'may-run';
  readonly line?: number;
  readonly reasons: readonly { readonly kind: string; readonly text: string }[];
  readonly after: readonly string[];
  readonly runsIf?: string;
  readonly sameAs?: string;
  readonly seconds: number | null;
}

interface Plan {
  readonly counts: { readonly cached: number; readonly runs: number; readonly mayRun: number };
  readonly seconds: { readonly least: number; readonly most: number; readonly unknown: readonly string[] };
  readonly steps: readonly Planned[];
}

let place = '';
let program: Mille;
beforeAll(async () => {
  place = makePlace('plan');
  if (ready) program = await mille(join(place, 'store'));
});
afterAll(() => removePlace(place));

let contexts = 0;
function context(dockerfile: string, files: Readonly<Record<string, string>> = {}): string {
  const directory = join(place, `context-${++contexts}`);
  writeTree(directory, {
    ...{ 'src/main.c': 'int main\n', 'requirements.txt': 'flask\n', 'app.py': '1\n', notes: 'n\n' },
    ...files,
    Dockerfile: dockerfile,
  });
  return directory;
}

async function planOf(...args: string[]): Promise<Plan> {
  return JSON.parse(await program.must(['plan', '--format', 'json', ...args])) as Plan;
}

/** Without `[stage 2/5] `. */
const bare = (title: string) => title.replace(/^\[[^\]]*\] /, '');

const byVerdict = (plan: Plan, verdict: Planned['verdict']) =>
  plan.steps.filter((step) => step.verdict === verdict).map(({ title }) => bare(title));

/** Plans, then builds: what was said to run must, what was said to be cached must be. */
async function planAndBuild(...args: string[]): Promise<{ plan: Plan; built: Built }> {
  const plan = await planOf(...args);
  const built = await program.build(args);
  const ran = new Set(built.ran);
  for (const title of byVerdict(plan, 'runs')) expect(ran).toContain(title);
  for (const title of byVerdict(plan, 'cached')) expect(ran).not.toContain(title);
  return { plan, built };
}

describe.skipIf(!ready)('a plan', () => {
  test('of a first build, of nothing to do, and of changes; the builds do as it said', async () => {
    const directory = context(STAGES);
    const first = await planAndBuild(directory);
    expect(first.plan.counts).toEqual({ cached: 2, runs: 10, mayRun: 0 });
    expect(first.plan.steps[1]!.reasons).toEqual([
      { kind: 'first-build', subject: '', text: 'first build' } as never,
    ]);
    expect(first.plan.seconds.unknown).toHaveLength(10);

    const nothing = await planOf(directory);
    expect(nothing.counts).toEqual({ cached: 12, runs: 0, mayRun: 0 });
    expect(nothing.seconds).toEqual({ least: 0, most: 0, unknown: [] });

    // A comment in a source: the compiler runs, and what it comes to decides about what takes it.
    writeFileSync(join(directory, 'src/main.c'), 'int main\n# comment\n');
    const comment = await planAndBuild(directory);
    expect(byVerdict(comment.plan, 'runs')).toContain('COPY src/ .');
    expect(comment.plan.steps.find(({ title }) => title.includes('COPY src/'))).toMatchObject({
      line: 3,
      reasons: [{ kind: 'file', text: 'src/main.c changed' }],
    });
    const taker = comment.plan.steps.find(({ title }) => title.includes('--from=build'))!;
    expect(taker).toMatchObject({ verdict: 'may-run', runsIf: 'differs' });
    expect(taker.after.join()).toContain("[build 4/4] RUN grep -v '^#' main.c");
    const compiler = comment.plan.steps.find(({ title }) => title.includes('RUN grep'))!;
    expect(compiler.reasons.map(({ text }) => text)).toEqual([
      'the step before it changed: [build 3/4] COPY src/ .',
    ]);
    expect(comment.built.ran).toEqual(['COPY src/ .', "RUN grep -v '^#' main.c >/prog"]);
    expect(comment.plan.seconds.most).toBeGreaterThan(comment.plan.seconds.least);

    // What reads nothing of a changed stage stays; a copy with --link does not look at what is below.
    writeFileSync(join(directory, 'requirements.txt'), 'flask\nrequests\n');
    const { plan } = await planAndBuild(directory);
    expect(byVerdict(plan, 'cached')).toContain('COPY --link notes /notes');
    expect(byVerdict(plan, 'runs')).toContain('COPY requirements.txt /app/');

    // And back again: everything was there once.
    writeFileSync(join(directory, 'requirements.txt'), 'flask\n');
    expect((await planOf(directory)).counts).toEqual({ cached: 12, runs: 0, mayRun: 0 });
  }, 120_000);

  test('tells what runs in any case behind a step that runs', async () => {
    const directory = context('FROM busybox\nRUN echo 1 >/a\nARG V=1\nRUN echo $V >/b\nRUN true\n');
    await program.build([directory]);
    writeFileSync(
      join(directory, 'Dockerfile'),
      'FROM busybox\nRUN echo 2 >/a\nARG V=1\nRUN echo $V >/b\nRUN true\n',
    );
    const { plan } = await planAndBuild('--build-arg', 'V=2', directory);
    expect(plan.steps.map(({ verdict }) => verdict)).toEqual(['cached', 'runs', 'runs', 'runs']);
    expect(plan.steps[2]!.reasons.map(({ text }) => text)).toEqual(['build argument V: 1 → 2']);
  }, 120_000);

  test('tells what COPY and WORKDIR make, so that only commands leave a doubt', async () => {
    const dockerfile = (user: string, run: string) =>
      `FROM busybox\nRUN echo app:x:7:8::/:/bin/sh >>/etc/passwd && echo app:x:8: >>/etc/group\nWORKDIR /w\nCOPY --chown=${user} src app.py /w/\nRUN cat main.c >all && echo ${run}\nWORKDIR /w/.\nCOPY --link notes /n/\nRUN cat /n/notes\n`;
    const directory = context(dockerfile('app', '1'));
    await program.build([directory]);
    // Another spelling of the same owner: the copy runs, and comes to what it was.
    writeFileSync(join(directory, 'Dockerfile'), dockerfile('7:8', '1'));
    const spelt = await planAndBuild(directory);
    expect(byVerdict(spelt.plan, 'runs')).toEqual(['COPY --chown=7:8 src app.py /w/']);
    expect(spelt.plan.counts.mayRun).toBe(0);
    // Another owner by name: what unpacked layers say of it is known.
    writeFileSync(join(directory, 'app.py'), '2\n');
    const content = await planAndBuild(directory);
    expect(content.plan.steps.map(({ verdict }) => verdict).join(' ')).toBe(
      'cached cached cached runs runs runs cached runs',
    );
    expect(content.plan.steps.at(-1)!.reasons).toMatchObject([
      { kind: 'parent', text: expect.stringContaining('an earlier step changed: [4/8] COPY --chown=7:8') },
    ]);
    writeFileSync(join(directory, 'Dockerfile'), dockerfile('7:8', '2'));
    const command = await planAndBuild(directory);
    expect(
      command.plan.steps
        .slice(4)
        .map(({ verdict }) => verdict)
        .join(' '),
    ).toBe('runs may-run cached may-run');
  }, 120_000);

  test('of an instruction put in between: the rest runs unless its result is known from elsewhere', async () => {
    const directory = context('FROM busybox\nRUN echo 1 >/a\nRUN echo 2 >/b\n');
    await program.build([directory]);
    writeFileSync(join(directory, 'Dockerfile'), 'FROM busybox\nRUN true\nRUN echo 1 >/a\nRUN echo 2 >/b\n');
    const { plan } = await planAndBuild(directory);
    expect(plan.steps.map(({ verdict, runsIf }) => runsIf ?? verdict)).toEqual([
      ...['cached', 'runs', 'unless-known', 'unless-known'],
    ]);
  }, 120_000);

  test('with --no-cache, for one stage, and of one step in two stages', async () => {
    const directory = context(
      'FROM busybox AS a\nRUN echo same >/s\nFROM busybox AS b\nRUN echo same >/s\nFROM a\nCOPY --from=b /s /t\n',
    );
    const twice = await planOf(directory);
    expect(twice.steps.find(({ id }) => id === '1.0')).toMatchObject({
      verdict: 'cached',
      sameAs: '[a 2/2] RUN echo same >/s',
    });
    await program.build([directory]);
    const { counts } = await planOf('--no-cache', directory);
    expect(counts.runs).toBe(2);
    const filtered = await planOf('--no-cache-filter', 'b', directory);
    expect(filtered.steps.find(({ id }) => id === '1.0')).toMatchObject({
      verdict: 'runs',
      reasons: [{ kind: 'no-cache' }],
    });
    expect(filtered.steps.at(-1)).toMatchObject({ verdict: 'may-run', runsIf: 'differs' });
  }, 120_000);

  test('makes nothing but digests of files, and a status where that is wanted', async () => {
    const own = await mille(join(place, 'untouched'));
    const directory = context(STAGES);
    const blobs = () => readdirSync(join(own.root, 'blobs/sha256')).sort();
    const before = blobs();
    expect((await own.run(['plan', directory])).status).toBe(0);
    expect((await own.run(['plan', '--exit-code', directory])).status).toBe(3);
    expect(blobs()).toEqual(before);
    for (const name of ['layers', 'logs', 'tmp'])
      expect(readdirSync(own.root).includes(name) ? readdirSync(join(own.root, name)) : []).toEqual([]);
    await own.build(['-t', 'app', directory]);
    expect((await own.run(['plan', '--exit-code', '-t', 'app', directory])).status).toBe(0);
    expect((await own.run(['build', '--plan', '--exit-code', directory])).status).toBe(0);
    chmodSync(join(directory, 'app.py'), 0o755);
    const { status, stdout } = await own.run(['build', '--plan', '--exit-code'], { cwd: directory });
    expect([status, stdout]).toEqual([2, '']);
    const text = await own.run(['plan', '--exit-code'], { cwd: directory });
    expect(text.status).toBe(3);
    expect(text.stdout).toContain('mode of app.py: 644 → 755; took 0.');
  }, 120_000);

  test('fails as the build would', async () => {
    const cases: readonly (readonly [number, string, string])[] = [
      [15, 'FROM busybox\nCOPY nowhere /\n', "'nowhere' is not in the build context"],
      [20, 'FROM nosuch\nRUN true\n', 'the image nosuch:latest is not in the store'],
      [26, 'FROM busybox\nRUN --security=insecure true\n', 'RUN --security=insecure is not allowed'],
      [29, '# check=error=true\nFROM busybox\nWORKDIR a\n', 'checks failed'],
    ];
    for (const [status, dockerfile, message] of cases) {
      const planned = await program.run(['plan', '--exit-code', context(dockerfile)]);
      expect([planned.status, planned.stdout]).toEqual([status, '']);
      expect(planned.stderr).toContain(message);
    }
  }, 120_000);
});
