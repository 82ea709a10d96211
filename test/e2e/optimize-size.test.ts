// `mille optimize` of a small project that leaves in its image what it does not need, with what the base has of package
// managers, so that nothing is fetched: they are a few lines of shell. With MILLE_LONG_TESTS pip is the real one.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase, pythonBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';
import { builtByBoth } from '../support/proposed-in-docker.ts';

const ready = process.getuid?.() === 0;
if (!ready) console.warn('tests of smaller images skipped: they need root');
const base = ready ? await busyboxBase() : undefined;
const long = process.env.MILLE_LONG_TESTS !== undefined;
const python = ready && long ? await pythonBase() : undefined;

const BIG = 'head -c 300000 /dev/zero';
const APT = `#!/bin/sh
mkdir -p /var/lib/apt/lists /usr/share/x
[ $1 = update ] && ${BIG} >/var/lib/apt/lists/deb_Packages || echo x >/usr/share/x/$3
`;
const PIP = `#!/bin/sh
mkdir -p /site && echo y >/site/module.py
case "$*" in *--no-cache-dir*) ;; *) mkdir -p /root/.cache/pip && ${BIG} >/root/.cache/pip/wheel ;; esac
`;

const BEFORE = `FROM base
MAINTAINER ada@example.com
RUN apt-get update && apt-get install -y curl
WORKDIR /app
RUN pip install module
RUN head -c 1500000 /dev/zero > /tmp/archive
# it was unpacked
RUN rm /tmp/archive
COPY tool.bin /tmp/
RUN wc -c </tmp/tool.bin >/size && rm /tmp/tool.bin
COPY settings.dev /app/settings
COPY . .
RUN chown -R 5:5 /app
COPY app.bin /copy/
USER 5
CMD serve --all
`;

const AFTER = `FROM base
LABEL org.opencontainers.image.authors="ada@example.com"
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
WORKDIR /app
RUN pip install --no-cache-dir module
RUN head -c 1500000 /dev/zero > /tmp/archive \\
# it was unpacked
 && rm /tmp/archive
RUN --mount=type=bind,source=tool.bin,target=/tmp/tool.bin wc -c </tmp/tool.bin >/size
COPY --chown=5:5 . .
RUN chown 5:5 /app
COPY app.bin /copy/
USER 5
CMD ["serve", "--all"]
`;

interface Result {
  readonly changes: readonly { readonly rewrite: string; readonly outcome: string }[];
  readonly before: { readonly bytes: number };
  readonly after: { readonly bytes: number };
  readonly left: readonly { readonly what: string }[];
  readonly proof: { readonly allowed: readonly { readonly allowance: { readonly below?: string } }[] };
}

let place = '';
let program: Mille;

beforeAll(async () => {
  if (!base) return;
  place = makePlace('size');
  program = await mille(join(place, 'store'));
  await program.must(['load', '-q', '-i', base.path]);
  writeTree(join(place, 'base'), {
    Dockerfile: `FROM ${base.name}\nCOPY --chmod=0755 apt-get pip /bin/\n`,
    'apt-get': APT,
    pip: PIP,
  });
  await program.build(['-t', 'base', join(place, 'base')]);
}, 120_000);

afterAll(() => removePlace(place));

async function optimize(directory: string, ...more: readonly string[]): Promise<Result> {
  return JSON.parse(
    await program.must([
      'optimize',
      '--for',
      'size',
      '--format',
      'json',
      '-q',
      '--write',
      ...more,
      directory,
    ]),
  );
}

const textOf = (directory: string, name = 'Dockerfile') => readFileSync(join(directory, name), 'utf8');

describe.skipIf(!base)('smaller images', () => {
  test('what is left over goes, what is written twice is written once, proved', async () => {
    const project = join(place, 'project');
    writeTree(project, {
      Dockerfile: BEFORE,
      'app.bin': 'x'.repeat(1_100_000),
      'tool.bin': 'z'.repeat(100_000),
      settings: 'real',
      'settings.dev': 'for me',
      '.git/objects/pack/a.pack': 'y'.repeat(100_000),
    });
    const result = await optimize(project);
    expect(textOf(project)).toBe(AFTER);
    expect(textOf(project, '.dockerignore')).toBe('.git\n');
    expect(result.changes.map(({ rewrite, outcome }) => `${rewrite} ${outcome}`).sort()).toEqual([
      'clean-apt proved',
      'clean-pip proved',
      'exec-form proved',
      'ignore-unneeded proved',
      'join-runs proved',
      'label-not-maintainer proved',
      'mount-copied proved',
      'owner-in-copy proved',
      'written-once proved',
    ]);
    expect(result.proof.allowed.map(({ allowance }) => allowance.below)).toEqual(
      expect.arrayContaining(['var/lib/apt/lists', 'root/.cache/pip', 'app/.git']),
    );
    expect(result.left.map(({ what }) => what)).toEqual([
      '1.1MB are in the image twice, by line 10 and by line 12: /copy/app.bin',
    ]);
    expect(result.before.bytes - result.after.bytes).toBeGreaterThan(2_200_000);
    const both = await builtByBoth(program, { place, context: project, bases: ['base'] });
    if (both) expect(both.theirs).toEqual(both.ours);
    // That takes as long again.
    if (long) expect((await optimize(project)).changes).toEqual([]);
  }, 240_000);
});

describe.skipIf(!python)('what pip keeps', () => {
  test('is left out of the layer', async () => {
    const project = join(place, 'python');
    await program.must(['load', '-q', '-i', python!.path]);
    writeTree(project, {
      Dockerfile: `FROM ${python!.name}\nCOPY greet-1.0.tar.gz /\nRUN pip install --break-system-packages --no-index --no-build-isolation --find-links / greet\nCMD ["python3", "-m", "greet"]\n`,
      'greet-1.0/setup.py':
        'from setuptools import setup\nsetup(name="greet", version="1.0", py_modules=["greet"])\n',
      'greet-1.0/greet.py': `DATA = "${Array.from({ length: 60_000 }, (_, i) => Bun.hash(String(i)).toString(36)).join('')}"\n`,
      'greet-1.0/PKG-INFO': 'Metadata-Version: 2.1\nName: greet\nVersion: 1.0\n',
    });
    command(['tar', 'czf', 'greet-1.0.tar.gz', 'greet-1.0'], { cwd: project });
    const result = await optimize(project, '--skip', 'keep-caches');
    expect(result.changes.map(({ rewrite, outcome }) => `${rewrite} ${outcome}`)).toEqual([
      'clean-pip proved',
    ]);
    expect(textOf(project)).toContain('RUN pip install --no-cache-dir --break-system-packages');
  }, 300_000);
});
