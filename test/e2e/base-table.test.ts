// The usual table, full, slim and without a shell, of bases in a registry: measured, a Dockerfile built on each and asked.
// Here of tiny bases; with MILLE_LONG_TESTS of Debian's Python made by `mille bootstrap`, with the tutorial's application.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { realRegistry, type TestRegistry } from '../support/registry.ts';

repeatsCommands();
const root = process.getuid?.() === 0;
const registry: TestRegistry | undefined = root && (await busyboxBase()) ? await realRegistry() : undefined;
const long = Boolean(process.env.MILLE_LONG_TESTS) && Bun.which('mmdebstrap') !== null;
const MINUTES = 60_000;

/** What is read of a column. */
interface Column {
  readonly name: string;
  readonly bytes: { readonly compressed: number; readonly unpacked: number };
  readonly here: { readonly layers: number };
  readonly shells: readonly string[];
  readonly installers: readonly string[];
  readonly user: string;
  readonly libc?: { readonly name: string };
  readonly packages: readonly { readonly type: string; readonly count: number }[];
  readonly on: {
    readonly outcome: string;
    readonly bytes: number;
    readonly checks: readonly { readonly status: number }[];
    readonly misfits: readonly unknown[];
  };
}

describe.skipIf(!registry)('full, slim and without a shell', () => {
  const { host } = registry ?? { host: '' };
  let place = '';
  let maker: Mille;
  let own: Mille;
  beforeAll(async () => {
    place = makePlace('base-table');
    maker = await mille(join(place, 'maker'));
    own = await mille(join(place, 'store'), { base: false });
  });
  afterAll(async () => {
    await registry?.stop();
    removePlace(place);
  });

  const online = { env: { MILLE_OFFLINE: undefined } };
  const publish = async (tag: string) => {
    await maker.must(['tag', tag, `${host}/library/${tag}`], online);
    await maker.must(['push', '-q', `${host}/library/${tag}`], online);
  };

  async function compare(tags: readonly string[], words: readonly string[]): Promise<readonly Column[]> {
    const names = tags.map((tag) => `${host}/library/${tag}`);
    const line = ['base', 'compare', '--build', '-q', '--format=json', ...words, ...names];
    const { bases } = JSON.parse(await own.must(line, online)) as { bases: readonly Column[] };
    return bases;
  }

  function checkTable(bases: readonly Column[]): void {
    const falls = (values: readonly number[]) => values.every((one, i) => i === 0 || one < values[i - 1]!);
    expect(falls(bases.map(({ bytes }) => bytes.compressed))).toBe(true);
    expect(falls(bases.map(({ bytes }) => bytes.unpacked))).toBe(true);
    expect(falls(bases.map(({ on }) => on.bytes))).toBe(true);
    // Nothing of them was here, all of it came from the registry.
    expect(bases.map(({ here }) => here.layers)).toEqual(bases.map(() => 0));
    expect(bases.map(({ on }) => [on.outcome, on.checks.map(({ status }) => status), on.misfits])).toEqual(
      bases.map(() => ['built', [0], []]),
    );
  }

  test('tiny ones', async () => {
    writeTree(join(place, 'full'), {
      Dockerfile: 'FROM app:slim\nCOPY apt-get more /usr/bin/\n',
      'apt-get': '#!/bin/sh\n',
      more: 'x'.repeat(50_000),
    });
    writeTree(join(place, 'none'), {
      Dockerfile: 'FROM scratch\nCOPY --from=busybox /bin/busybox /bin/busybox\nUSER 65532\n',
    });
    await maker.must(['tag', 'busybox', 'app:slim']);
    await maker.build(['-t', 'app:full', join(place, 'full')]);
    await maker.build(['-t', 'app:none', join(place, 'none')]);
    const tags = ['app:full', 'app:slim', 'app:none'];
    for (const tag of tags) await publish(tag);
    const project = join(place, 'project');
    writeTree(project, { Dockerfile: 'FROM app:slim\nCOPY file /file\n', file: 'x' });
    const check = '["/bin/busybox", "cat", "/file"]';
    const bases = await compare(tags, ['--context', project, '--check', check]);
    checkTable(bases);
    expect(bases.map(({ installers }) => installers)).toEqual([['apt-get'], [], []]);
    expect(bases.map(({ shells }) => shells)).toEqual([['busybox'], ['busybox'], []]);
    expect(bases.map(({ user }) => user)).toEqual(['root', 'root', '65532']);
  });

  test.skipIf(!long)(
    "Debian's Python, and the tutorial's application",
    async () => {
      const more = 'python3,python3-pip,python3-venv,ca-certificates';
      const full = `${more},build-essential,python3-dev,git,curl`;
      const bases: readonly (readonly [tag: string, suite: string, words: readonly string[]])[] = [
        ['python:3.11-bookworm', 'bookworm', ['--include', full]],
        ['python:3.11-slim-bookworm', 'bookworm', ['--include', more]],
        ['python:3.13-slim-trixie', 'trixie', ['--include', more]],
        [
          'python:distroless',
          'bookworm',
          [
            ...['--profile', 'distroless', '--user', 'nonroot'],
            ...['--include', 'python3,ca-certificates,tzdata'],
          ],
        ],
      ];
      for (const [tag, suite, words] of bases) {
        await maker.must(['bootstrap', '-q', `debian:${suite}`, ...words, '-t', tag], online);
        await publish(tag);
      }
      const context = join(import.meta.dir, '../../examples/flask-app');
      const text = readFileSync(join(context, 'Dockerfile.distroless'), 'utf8');
      const installer = `${host}/library/python:3.11-slim-bookworm`;
      writeTree(place, { Dockerfile: text.replace('FROM python:3.11-slim AS', `FROM ${installer} AS`) });
      const columns = await compare(
        bases.map(([tag]) => tag),
        [
          ...['--context', context, '-f', join(place, 'Dockerfile'), '--ca', 'host'],
          ...['--stage', '1', '--check', '["python3", "app.py", "--check"]'],
        ],
      );
      checkTable(columns);
      expect(columns.map(({ shells }) => shells[0] ?? 'none')).toEqual(['dash', 'dash', 'dash', 'none']);
      expect(columns.map(({ libc }) => libc?.name)).toEqual(['glibc', 'glibc', 'glibc', 'glibc']);
      expect(columns.at(-1)!.bytes.compressed).toBeLessThan(60_000_000);
    },
    40 * MINUTES,
  );
});
