// `mille cost` on a project with a history: what a change rebuilds and how often one is made, told before it is.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../src/oci/store/index.ts';
import { findProgram } from '../../src/sys/index.ts';
import { findBusybox } from '../../src/testkit/index.ts';
import { commitAll, git } from '../support/git.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined && findProgram('git') !== undefined;
if (!ready) console.warn('cost tests skipped: they need root, busybox-static and git');

const DOCKERFILE = `FROM busybox AS build
COPY src /src
RUN cat /src/main.c >/prog

FROM busybox
COPY requirements.txt *.lock /app/
RUN cp /app/requirements.txt /installed
COPY --from=build /prog /bin/prog
RUN --mount=target=/c test -f /c/tests/a
COPY --link web /web
`;

interface Cost {
  readonly history: { readonly commits: number; readonly rebuilding: number } | null;
  readonly noHistory?: string;
  readonly groups: readonly {
    readonly name: string;
    readonly files: number;
    readonly steps: readonly string[];
    readonly rebuilt: readonly string[];
    readonly seconds: number;
    readonly unknown: readonly string[];
    readonly commits?: number;
    readonly perMonth?: { readonly seconds: number };
  }[];
  readonly unread: { readonly files: number; readonly ignored: number; readonly commits?: number };
  readonly steps: readonly { readonly id: string; readonly line?: number; readonly seconds: number | null }[];
}

let place = '';
let directory = '';
let program: Mille;
let made = 0;

/** Commits changes, one commit each. */
function commit(changes: readonly Readonly<Record<string, string>>[]): void {
  for (const change of changes) {
    commitAll(directory, `${++made}`, change);
  }
}

/** Makes it as if the steps had taken so long. */
function pretend(): void {
  const store = openStore(program.root, { privilege: 'root' });
  store.db.run('UPDATE cache_records SET seconds = 0.5');
  for (const [word, seconds] of [
    ['cat', 40],
    ['cp', 60],
    ['test -f', 2],
  ] as const)
    store.db.run('UPDATE cache_records SET seconds = ? WHERE instruction LIKE ?', seconds, `RUN%${word}%`);
  store.close();
}

const costOf = async (...args: string[]): Promise<Cost> =>
  JSON.parse(await program.must(['cost', '--format', 'json', ...args, directory])) as Cost;

beforeAll(async () => {
  place = makePlace('cost');
  if (!ready) return;
  program = await mille(join(place, 'store'));
  directory = join(place, 'project');
  writeTree(directory, {
    ...{ Dockerfile: DOCKERFILE, '.dockerignore': '.git\nREADME.md\nDockerfile\n' },
    ...{ 'src/main.c': '0', 'src/lib/a.c': '0', 'requirements.txt': '0', 'a.lock': '0', 'web/x': '0' },
    ...{ 'tests/a': '0', 'README.md': '0' },
  });
  git(directory, 'init', '-q');
  commit([{ 'README.md': '1' }, { 'src/main.c': '1' }, { 'src/main.c': '2', 'web/x': '1' }]);
  commit([{ 'README.md': '2' }, { 'requirements.txt': '1' }, { 'src/lib/a.c': '1' }]);
}, 120_000);
afterAll(() => removePlace(place));

describe.skipIf(!ready)('what changes cost', () => {
  test('before the first build: the steps, without times', async () => {
    const { groups, history } = await costOf();
    expect(history).toMatchObject({ commits: 5, rebuilding: 4 });
    expect(groups.every(({ seconds }) => seconds === 0)).toBe(true);
    expect(groups.find(({ name }) => name === 'web/')!.unknown).toEqual(['1.3', '1.4']);
    expect(await program.must(['cost', directory])).toContain('never ran here');
  });

  test('after a build: what each group rebuilds, how long that takes, and by month', async () => {
    await program.build([directory]);
    pretend();
    const { groups, unread, steps } = await costOf();
    const of = (name: string) => groups.find((group) => group.name === name)!;
    // A bind mount of the whole context reads every file; COPY --link looks at nothing below it.
    expect(of('src/')).toMatchObject({ files: 2, steps: ['0.0', '1.3'], commits: 3 });
    expect(of('src/').rebuilt).toEqual(['0.0', '0.1', '1.2', '1.3']);
    expect(of('requirements.txt *.lock')).toMatchObject({ files: 2, steps: ['1.0', '1.3'], commits: 1 });
    expect(of('requirements.txt *.lock').rebuilt).toEqual(['1.0', '1.1', '1.2', '1.3']);
    expect(of('web/')).toMatchObject({ steps: ['1.3', '1.4'], rebuilt: ['1.3', '1.4'], commits: 1 });
    expect(of('tests/')).toMatchObject({ steps: ['1.3'], rebuilt: ['1.3'], commits: 0 });
    expect(of('./*')).toMatchObject({ files: 1, steps: ['1.3'] });
    expect(unread).toMatchObject({ files: 0, ignored: 2, commits: 1 });
    // 90 days are three months. What waits for both stages waits for the longer one.
    expect(of('src/')).toMatchObject({ seconds: 43, perMonth: { seconds: 43 } });
    expect(of('requirements.txt *.lock')).toMatchObject({ seconds: 63, perMonth: { seconds: 21 } });
    expect(of('web/')).toMatchObject({ seconds: 2.5 });
    expect(groups[0]!.name).toBe('src/');
    expect(steps.find(({ id }) => id === '1.1')!.line).toBe(7);

    // And so it is when the change is made.
    writeFileSync(join(directory, 'src/main.c'), 'new');
    const { ran } = await program.build([directory]);
    expect(ran).toHaveLength(of('src/').rebuilt.length);
    pretend();
    git(directory, 'checkout', '-q', '--', '.');
  }, 120_000);

  test('by deeper directories, of fewer commits, of another target', async () => {
    const deep = await costOf('--depth', '2', '--commits', '2');
    expect(deep.groups.map(({ name }) => name)).toContain('src/lib/');
    expect(deep.history).toMatchObject({ commits: 2, cut: true });
    const build = await costOf('--target', 'build');
    expect(build.groups.map(({ name }) => name)).toEqual(['src/']);
    expect(build.unread).toMatchObject({ files: 5, ignored: 2 });
  });

  test('a person sees the line at a glance', async () => {
    const out = await program.must(['cost', directory]);
    expect(out.split('\n')[1]).toMatch(
      /^43\.0s +43\.0s +3 +2 +src\/ +Dockerfile:2 COPY src \/src, then 3 more$/,
    );
    expect(out).toMatch(/^A MONTH +EACH +COMMITS +SPENT ON\n40\.0s +40\.0s +3 +Dockerfile:3 RUN cat/m);
    expect(out).toContain('Of 5 commits in 90 days, 4 rebuild something: 1m 04s a month, if each is built.');
  });

  test('without a repository: what one change costs', async () => {
    renameSync(join(directory, '.git'), join(place, 'away'));
    try {
      const { history, noHistory, groups } = await costOf();
      expect([history, noHistory]).toEqual([null, 'the context is in no git work tree']);
      expect(groups[0]!.name).toBe('requirements.txt *.lock');
      const out = await program.must(['cost', directory]);
      expect(out).toStartWith('EACH ');
      expect(out).toContain('How often files change is not known: the context is in no git work tree.\n');
    } finally {
      renameSync(join(place, 'away'), join(directory, '.git'));
    }
  });

  test('a repository in the context changes with each commit', async () => {
    writeFileSync(join(directory, '.dockerignore'), 'README.md\n');
    const { groups } = await costOf();
    expect(groups.find(({ name }) => name === '.git/')).toMatchObject({ commits: 5 });
    expect(await program.must(['cost', directory])).toContain("a line '.git' in .dockerignore");
    git(directory, 'checkout', '-q', '--', '.dockerignore');
  });

  test('a mistake in the Dockerfile is told as by a build', async () => {
    writeFileSync(join(directory, 'broken.Dockerfile'), 'FROM busybox\nCOPY nowhere /\n');
    const { status, stderr } = await program.run([
      'cost',
      '-f',
      join(directory, 'broken.Dockerfile'),
      directory,
    ]);
    expect(status).toBe(15);
    expect(stderr).toContain("'nowhere' is not in the build context");
  });
});
