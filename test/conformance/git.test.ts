// What BuildKit makes of git repositories, as sources of ADD and as contexts: files, config and history, compared as in
// `conformance.test.ts`, with recordings of Docker 28.5 in `git.json`. The repositories are made here, always the same.
// Docker must find a git beside its daemon.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAppWithLib } from '../support/app-with-lib.ts';
import { busyboxBase } from '../support/base-images.ts';
import { type GitServer, serveGit } from '../support/git-server.ts';
import { writeTree } from '../support/mille.ts';
import { type Builder, dockerBuilder, milleBuilder } from './builders.ts';
import type { Settings } from './case.ts';
import type { Failure, Outcome } from './outcome.ts';

const client = process.env.MILLE_CONFORMANCE_DOCKER?.split(' ');
const recording = process.env.MILLE_CONFORMANCE_RECORD === '1';
const only = process.env.MILLE_CONFORMANCE_ONLY;
const RECORDED = join(import.meta.dir, 'git.json');
const possible = process.getuid?.() === 0 && Bun.which('git') !== null;
if (!possible) console.warn('skipped: conformance of git sources needs root and git');

let work = '';
let ours: Builder | undefined;
let theirs: Builder | undefined;
let server: GitServer;
/** The first commit of `app`; the second one adds a submodule. */
let first = '';

beforeAll(async () => {
  if (!possible) return;
  work = mkdtempSync(join(tmpdir(), 'mille-conformance-git-'));
  const root = join(work, 'served');
  ({ first } = makeAppWithLib(root, {
    lib: { 'lib.txt': 'lib\n', 'bin/tool': '#!/bin/sh\n' },
    modes: { 'bin/run': ['#!/bin/sh\n', 0o777], private: ['p\n', 0o600] },
    app: {
      'a.txt': 'first\n',
      'ä ö': 'ü\n',
      'sub/s.txt': 's\n',
      'sub/deep/d.md': 'd\n',
      link: { link: 'a.txt' },
      out: { link: '/etc' },
      dangling: { link: 'nowhere' },
      '.gitattributes': '*.md export-ignore\n*.bat text eol=crlf\n*.id ident\n',
      'sub/x.bat': 'a\nb\n',
      'x.id': '$Id$\n',
      '.dockerignore': '*.txt\n',
      Dockerfile: 'FROM mille-test/busybox\nCOPY . /ctx/\n',
      'sub/Dockerfile': 'FROM mille-test/busybox\nCOPY . /sub/\nRUN ls -a /sub > /listed\n',
    },
  }));
  server = serveGit(root);
  const busybox = await busyboxBase();
  if (!busybox) return;
  const builder = await milleBuilder(work, busybox.path, { fresh: client !== undefined });
  ours = builder;
  if (client) theirs = await dockerBuilder(work, client, builder.archive);
}, 240_000);

afterAll(() => {
  server?.stop();
  if (work !== '') rmSync(work, { recursive: true, force: true });
});

/** A case: lines of a Dockerfile behind FROM, or the address of a context; `$G` is that of the repositories. */
interface GitCase extends Omit<Settings, 'context'> {
  readonly lines?: readonly string[];
  readonly context?: string;
}

const SUBMODULES = 'a submodule has no .git unless .git is kept';

const CASES: Readonly<Record<string, GitCase>> = {
  // Docker's index of a repository is one for all that it checks out, so no case mixes commits with submodules and without.
  add: {
    lines: [
      'ADD $G/app.git /plain',
      'ADD $G/app.git?submodules=0 /without/',
      'RUN rm /plain/vendor/lib/.git || true',
    ],
    differs: { reason: SUBMODULES, paths: ['/plain/vendor/lib'] },
  },
  'add-onto-dir': { lines: ['ADD $G/app.git#v1 /tmp'] },
  'add-refs': {
    lines: [
      ...['#light', '#refs/pull/1/head:sub', '#pull/1/head:sub', '?tag=v1&subdir=sub'],
      ...['?ref=v1#:sub', '#v1:../sub/./deep/'],
    ].map((rest, i) => `ADD $G/app.git${rest} /${i}`),
  },
  'add-branches': {
    lines: ['#feature/x:sub', '#heads/main:sub', '?branch=main&subdir=/sub/deep', '#:bin'].map(
      (rest, i) => `ADD $G/app.git${rest} /${i}`,
    ),
  },
  'add-flags': {
    lines: [
      'ADD --chown=7:8 --chmod=700 $G/app.git#v1:sub /a',
      'ADD --chown=app --chmod=u=rwX,go= $G/app.git#v1:sub /b/',
      'ADD --exclude=deep --exclude=*.txt $G/app.git#v1:sub /c',
      'ADD --exclude=sub/deep --exclude=**/*.bat $G/app.git#v1 /d',
      'ADD --link --chown=7:8 $G/app.git#v1:sub /e',
      'ADD $G/app.git#v1:sub $G/app.git#v1:bin /f/',
      'WORKDIR /w',
      'ADD $G/app.git#v1:sub/deep .',
    ],
  },
  'add-checksum': {
    lines: [
      'ADD --checksum=$FIRST $G/app.git#v1:sub /a',
      'ADD --checksum=$SHORT $G/app.git#light:sub /b',
      'ADD $G/app.git?checksum=$SHORT&subdir=sub#v1 /c',
      'ADD $G/app.git#$FIRST:sub /d',
    ],
  },
  'add-keep': {
    lines: [
      'ADD --keep-git-dir=true $G/app.git#v1 /tag',
      'ADD --keep-git-dir $G/app.git#feature/x /branch',
      'ADD $G/app.git?keep-git-dir=1#$FIRST /commit',
      'ADD --keep-git-dir $G/app.git#v1:sub /sub',
      'RUN cd / && for d in tag branch commit; do mkdir -p /out/$d && cp -r $d/.git/HEAD $d/.git/shallow $d/.git/refs/heads /out/$d/ && sed s,127[^/]*/as/[^/]*,HOST, $d/.git/config > /out/$d/config; done; cat branch/vendor/lib/.git > /out/submodule; cat branch/.git/modules/vendor/lib/HEAD branch/.git/modules/vendor/lib/shallow tag/.git/refs/tags/v1 >> /out/submodule',
      'RUN rm -rf /tag/.git /branch/.git /commit/.git',
    ],
  },
  'add-onto-file': { lines: ['RUN touch /f', 'ADD $G/app.git#v1:sub /f'], fails: "over the file '/f'" },
  'add-ref-unknown': { lines: ['ADD $G/app.git#nope /f'], fails: "has no branch or tag 'nope'" },
  'add-ref-short': { lines: ['ADD $G/app.git#$SHORT /f'], fails: 'all of its 40 digits' },
  'add-ref-option': { lines: ['ADD $G/app.git#--upload-pack=x /f'], fails: "'--upload-pack=x' cannot be" },
  'add-subdir-link': { lines: ['ADD $G/app.git#v1:out /f'], fails: 'it is a link' },
  'add-subdir-file': { lines: ['ADD $G/app.git#v1:a.txt /f'], fails: 'it is a file' },
  'add-subdir-missing': { lines: ['ADD $G/app.git#v1:nope /f'], fails: 'there is none' },
  'add-checksum-wrong': { lines: ['ADD --checksum=0 $G/app.git#v1 /f'], fails: 'is not the commit' },
  'add-checksum-file': { lines: ['ADD --checksum=sha256:00 $G/app.git#v1 /f'], fails: 'is no commit' },
  'add-option-unknown': { lines: ['ADD $G/app.git?dir=sub /f'], fails: "it has no option 'dir'" },
  'add-conflict': { lines: ['ADD $G/app.git?ref=a#b /f'], fails: 'two refs' },
  'add-keep-conflict': {
    lines: ['ADD --keep-git-dir=false $G/app.git?keep-git-dir /f'],
    fails: 'say different things',
  },
  'copy-git': { lines: ['COPY $G/app.git /f'], fails: 'COPY cannot take' },
  context: {
    context: '$G/app.git',
    differs: { reason: SUBMODULES, paths: ['/ctx/vendor/lib/.git'] },
  },
  'context-subdir': { context: '$G/app.git#v1:sub' },
  'context-query': { context: '$G/app.git?ref=v1&subdir=sub' },
  'context-file': { context: '$G/app.git#v1', args: ['-f', 'sub/Dockerfile'] },
  'context-file-above': {
    context: '$G/app.git#v1:sub',
    args: ['-f', '../sub/../Dockerfile'],
  },
  'context-without-dockerfile': { context: '$G/app.git#v1:sub/deep', fails: 'no Dockerfile in' },
  'context-keep': {
    context: '$G/app.git#v1:',
    args: ['--build-arg', 'BUILDKIT_CONTEXT_KEEP_GIT_DIR=1', '-f', '-'],
    stdin: 'keep.Dockerfile',
  },
};

/**
 * Docker keeps one repository an address, and what a case checks out can hold submodules of what an earlier one did: so
 * each has an address of its own.
 */
function prepared(name: string, { lines, context = '.', ...settings }: GitCase) {
  const directory = join(work, name);
  const fill = (text: string) =>
    text
      .replaceAll('$G', `${server.url}/as/${name}`)
      .replaceAll('$FIRST', first)
      .replaceAll('$SHORT', first.slice(0, 8));
  const dockerfile = ['FROM mille-test/busybox', ...(lines ?? [])].map(fill);
  writeTree(directory, {
    Dockerfile: `${dockerfile.join('\n')}\n`,
    'keep.Dockerfile':
      'FROM mille-test/busybox\nCOPY .git/HEAD .git/shallow /git/\nCOPY .git/refs /git/refs\n',
  });
  return { name: `git-${name}`, directory, settings: { ...settings, context: fill(context) } };
}

/** The server's port is another one each time, and each case has addresses of its own. */
function plain<T>(outcome: T, name: string): T {
  return JSON.parse(JSON.stringify(outcome).replaceAll(`${server.host}/as/${name}`, 'SERVER')) as T;
}

type Recordings = Record<string, Outcome | Failure>;
const recorded: Recordings = existsSync(RECORDED) ? JSON.parse(readFileSync(RECORDED, 'utf8')) : {};

function without(outcome: Outcome | Failure, { differs }: GitCase): unknown {
  if ('failed' in outcome) return outcome;
  const files = Object.entries(outcome.files).filter(([path]) => !differs?.paths?.includes(path));
  return { ...outcome, files: Object.fromEntries(files) };
}

describe.skipIf(!possible)('git', () => {
  for (const [name, one] of Object.entries(CASES)) {
    test.skipIf(only !== undefined && !new RegExp(only).test(`git-${name}`))(name, async () => {
      if (!ours) return;
      const made = prepared(name, one);
      const { outcome, stderr } = await ours.build(made);
      if (theirs) {
        const other = await theirs.build(made);
        if ('failed' in other.outcome && one.fails === undefined) throw new Error(`Docker: ${other.stderr}`);
        recorded[name] = plain(other.outcome, name);
      }
      if (one.fails !== undefined) expect(stderr).toContain(one.fails);
      else if ('failed' in outcome) throw new Error(stderr);
      expect(without(plain(outcome, name), one)).toEqual(without(recorded[name]!, one) as object);
    });
  }

  test('what Docker gave is written down', () => {
    if (recording && theirs) writeFileSync(RECORDED, written(recorded));
    expect(Object.keys(recorded).sort()).toEqual(Object.keys(CASES).sort());
  });
});

/** One line a file, so that a change shows as such. */
function written(recordings: Recordings): string {
  const cases = Object.entries(recordings).map(([name, outcome]) => {
    if ('failed' in outcome) return ` ${JSON.stringify(name)}: ${JSON.stringify(outcome)}`;
    const { files, ...rest } = outcome;
    const lines = Object.entries(files).map(
      ([path, entry]) => `   ${JSON.stringify(path)}: ${JSON.stringify(entry)}`,
    );
    const others = Object.entries(rest).map(
      ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    );
    return ` ${JSON.stringify(name)}: {\n${[...others, `  "files": {\n${lines.join(',\n')}\n  }`].join(',\n')}\n }`;
  });
  return `{\n${cases.join(',\n')}\n}\n`;
}
