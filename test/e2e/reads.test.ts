// What commands read is seen, and being watched changes nothing of what they make.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { build, type StepReads } from '../../src/app/index.ts';
import type { BuildEvent } from '../../src/core/index.ts';
import { findProgram } from '../../src/sys/index.ts';
import { findBusybox } from '../../src/testkit/index.ts';
import { makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined && findProgram('strace') !== undefined;
if (!ready) console.warn('tests of what commands read skipped: they need root, busybox-static and strace');

let place = '';
const before = process.env.MILLE_ROOT;

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('reads');
  process.env.MILLE_ROOT = (await mille(join(place, 'store'))).root;
});

afterAll(() => {
  if (before === undefined) delete process.env.MILLE_ROOT;
  else process.env.MILLE_ROOT = before;
  removePlace(place);
});

interface Watched {
  readonly reads: Readonly<Record<string, StepReads>>;
  readonly unwatched: Readonly<Record<string, string>>;
  readonly placed: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly layers: readonly string[];
  readonly warnings: readonly string[];
}

let made = 0;

async function built(files: Parameters<typeof writeTree>[1], options: { watch: boolean }): Promise<Watched> {
  const context = join(place, `context-${++made}`);
  writeTree(context, files);
  const reads: Record<string, StepReads> = {};
  const unwatched: Record<string, string> = {};
  const placed: Record<string, Readonly<Record<string, string>>> = {};
  const events: BuildEvent[] = [];
  await build(
    {
      ...{ context, tags: [], buildArgs: {}, labels: {}, platforms: [], outputs: [] },
      ...{ noCache: true, network: 'none', reproducible: true, sourceDateEpoch: 1 },
      ...(options.watch
        ? {
            watch: {
              reads: (id, seen) => {
                reads[id] = seen;
              },
              unwatched: (id, why) => {
                unwatched[id] = why;
              },
              placed: (id, origins) => {
                placed[id] = Object.fromEntries(origins);
              },
            },
          }
        : {}),
    },
    (event) => events.push(event),
    new AbortController().signal,
  );
  const layers = events.flatMap((event) =>
    event.type === 'step-finished' && event.layer ? [`${event.step} ${event.layer}`] : [],
  );
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  return { reads, unwatched, placed, layers, warnings };
}

const FILES = {
  'a.txt': 'a',
  'b.txt': 'b',
  'owned.txt': 'o',
  'unread.txt': 'u',
  'removed.txt': 'r',
  'sub/c.txt': 'c',
  'sub/d\u00e4"<\n>.txt': 'd',
  Dockerfile: `FROM busybox
COPY . /app
RUN ln -s app/sub /way && printf '#!/bin/sh\\ncat /way/c.txt\\n' >/bin/script && chmod +x /bin/script
WORKDIR /app
RUN cat a.txt & (cd / && script) & cd sub; cat d*.txt; wait; cd ..; \\
    mkdir made; echo >made/x; mv made other; cat other/x; chown 5 owned.txt; rm removed.txt; \\
    test -e b.txt; cat none; ls sub; cat /proc/self/status; true
RUN --mount=target=/c,source=sub --mount=type=cache,target=/k cat /c/c.txt; touch /k/y; cat /k/y; ls /k
USER 7
RUN cat sub/c.txt; cat /no; touch /tmp/new; cat /tmp/new
`,
};

describe.skipIf(!ready)('the files that a command reads', () => {
  test('are seen, and what it makes is the same', async () => {
    const { reads, layers, unwatched } = await built(FILES, { watch: true });
    expect(unwatched).toEqual({});
    expect(reads['0.3']).toMatchObject({
      files: [
        'app/a.txt',
        'app/owned.txt',
        'app/sub/c.txt',
        'app/sub/d\u00e4"<\n>.txt',
        'bin/busybox',
        'bin/script',
      ],
      looked: expect.arrayContaining(['app/b.txt', 'app/removed.txt', 'bin/sh', 'way']),
      listed: ['app/sub'],
      missing: expect.arrayContaining(['app/none']),
    });
    expect(JSON.stringify(reads)).not.toContain('unread');
    expect(JSON.stringify(reads)).not.toContain('app/other');
    expect(reads['0.4']?.mounts).toMatchObject([{ target: '/c', files: ['c.txt'] }]);
    expect(reads['0.4']?.files).not.toContain('k/y');
    expect(reads['0.6']).toMatchObject({ missing: expect.arrayContaining(['no']) });
    expect(reads['0.6']?.files).toContain('app/sub/c.txt');
    expect(layers).toHaveLength(5);
    expect((await built(FILES, { watch: false })).layers).toEqual(layers);
  }, 120_000);

  test('are not told of a command that fails where it is watched: it runs again, unseen', async () => {
    const Dockerfile = `FROM busybox
RUN echo >>/runs; grep -q '^NoNewPrivs:.0$' /proc/self/status
`;
    const { reads, unwatched, warnings } = await built({ Dockerfile }, { watch: true });
    expect(reads).toEqual({});
    expect(unwatched['0.0']).toContain('exit code 1');
    expect(warnings).toEqual(['the command failed while it was watched: it runs once more, unwatched']);
    await expect(built({ Dockerfile: 'FROM busybox\nRUN false\n' }, { watch: true })).rejects.toThrow(
      'exit code 1',
    );
  }, 120_000);

  test('are told with where they came from, and once for each stage that has the step', async () => {
    const { reads, placed } = await built(
      {
        'a.txt': 'a',
        'src/b.txt': 'b',
        Dockerfile: `FROM busybox AS one
COPY a.txt src /dir/
RUN cat /dir/a.txt
FROM busybox AS two
COPY a.txt src /dir/
RUN cat /dir/a.txt
FROM busybox
COPY --from=one /dir /one
COPY --from=two /dir/b.txt /b
COPY <<here /made
here
`,
      },
      { watch: true },
    );
    expect(placed).toEqual({
      '0.0': { dir: 'src', 'dir/a.txt': 'a.txt', 'dir/b.txt': 'src/b.txt' },
      '1.0': placed['0.0']!,
      '2.0': { one: 'dir', 'one/a.txt': 'dir/a.txt', 'one/b.txt': 'dir/b.txt' },
      '2.1': { b: 'dir/b.txt' },
      '2.2': {},
    });
    expect(reads['1.1']).toEqual(reads['0.1']!);
  }, 120_000);
});
