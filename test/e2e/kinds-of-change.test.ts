// What people change in the files of a project, one thing at a time: which steps of a build run again, what is said of
// each, and that nothing else does. Its siblings do the same for the lines of a Dockerfile and the flags
// (kinds-of-change-lines), and for what comes from elsewhere (kinds-of-change-sources).

import { expect } from 'bun:test';
import {
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { changes, follow } from '../support/kinds-of-change.ts';

const FILES = `FROM busybox
COPY *.txt /globbed/
COPY src /app/src/
COPY link /linked
COPY run.sh /bin/
`;
const [GLOB, SRC, LINK, RUN_SH] = FILES.trim().split('\n').slice(1) as [string, string, string, string];

changes(
  'files',
  {
    Dockerfile: FILES,
    '.dockerignore': 'ignored\n**/*.log\n',
    'one.txt': 'one\n',
    'two.txt': 'two\n',
    'src/a': 'a\n',
    'src/b': 'b\n',
    'src/deep/c': 'c\n',
    'src/soft': { link: 'a' },
    target: 'target\n',
    link: { link: 'target' },
    'run.sh': 'run\n',
    ignored: 'ignored\n',
    other: 'nobody copies this\n',
  },
  [
    { name: 'nothing', ran: [] },
    {
      name: 'content',
      change: ({ write }) => write('run.sh', 'run!\n'),
      ran: [`${RUN_SH} → run.sh changed`],
    },
    {
      name: 'content, and what follows',
      change: ({ write }) => write('src/a', 'A\n'),
      ran: [`${SRC} → src/a changed`, ...follow(SRC, LINK, RUN_SH)],
    },
    {
      name: 'time only',
      change: ({ at }) => {
        for (const name of ['one.txt', 'src/a', 'src', 'run.sh', 'target', '.']) utimesSync(at(name), 1, 1);
      },
      ran: [],
    },
    {
      name: 'rewritten with the same size and time',
      change: ({ at, write }) => {
        const { atime, mtime } = statSync(at('run.sh'));
        write('run.sh', 'ruN\n');
        utimesSync(at('run.sh'), atime, mtime);
        expect(statSync(at('run.sh')).mtimeMs).toBe(mtime.getTime());
      },
      ran: [`${RUN_SH} → run.sh changed`],
    },
    {
      name: 'another file of the same size and time moved into its place',
      change: ({ at, write }) => {
        const { atime, mtime } = statSync(at('run.sh'));
        write('new', 'RUN\n');
        utimesSync(at('new'), atime, mtime);
        renameSync(at('new'), at('run.sh'));
      },
      ran: [`${RUN_SH} → run.sh changed`],
    },
    {
      name: 'rewritten with the same content',
      change: ({ at, write }) => {
        rmSync(at('run.sh'));
        write('run.sh', 'run\n');
      },
      ran: [],
    },
    {
      name: 'mode',
      change: ({ chmod }) => chmod('run.sh', 0o755),
      ran: [`${RUN_SH} → mode of run.sh: 644 → 755`],
    },
    {
      name: 'mode of a directory in a directory',
      change: ({ chmod }) => chmod('src/deep', 0o700),
      ran: [`${SRC} → mode of src/deep: 755 → 700`, ...follow(SRC, LINK, RUN_SH)],
    },
    {
      name: 'mode of the directory whose contents are copied, which the image does not get',
      change: ({ chmod }) => chmod('src', 0o700),
      ran: [],
    },
    {
      name: 'owner, which files of a context do not keep',
      change: ({ at }) => {
        if (process.getuid?.() === 0) chownSync(at('run.sh'), 1000, 1000);
      },
      ran: [],
    },
    {
      name: 'a new file that a wildcard matches',
      change: ({ write }) => write('three.txt', 'three\n'),
      ran: [`${GLOB} → three.txt added`, ...follow(GLOB, SRC, LINK, RUN_SH)],
    },
    {
      name: 'a new file that nothing matches',
      change: ({ write }) => write('three.md', 'three\n'),
      ran: [],
    },
    {
      name: 'a file that is ignored, and one that nobody copies',
      change: ({ write }) => {
        write('ignored', 'changed\n');
        write('src/new.log', 'log\n');
        write('other', 'changed\n');
      },
      ran: [],
    },
    {
      name: 'removed',
      change: ({ remove }) => remove('src/b'),
      ran: [`${SRC} → src/b removed`, ...follow(SRC, LINK, RUN_SH)],
    },
    {
      name: 'renamed',
      change: ({ at }) => renameSync(at('src/b'), at('src/renamed')),
      ran: [`${SRC} → src/renamed added, src/b removed`, ...follow(SRC, LINK, RUN_SH)],
    },
    {
      name: 'an empty directory added',
      change: ({ at }) => mkdirSync(at('src/empty')),
      ran: [`${SRC} → src/empty added`, ...follow(SRC, LINK, RUN_SH)],
    },
    {
      name: 'a link in a directory leads elsewhere',
      change: ({ at }) => {
        rmSync(at('src/soft'));
        symlinkSync('b', at('src/soft'));
      },
      ran: [`${SRC} → link src/soft: "a" → "b"`, ...follow(SRC, LINK, RUN_SH)],
    },
    {
      name: 'what a copied link leads to',
      change: ({ write }) => write('target', 'changed\n'),
      ran: [`${LINK} → link changed`, ...follow(LINK, RUN_SH)],
    },
    {
      name: 'a copied link leads to another file with the same content',
      change: ({ at, write }) => {
        write('target2', 'target\n');
        rmSync(at('link'));
        symlinkSync('target2', at('link'));
      },
      ran: [],
    },
    {
      name: 'a file becomes a link',
      change: ({ at }) => {
        rmSync(at('src/b'));
        symlinkSync('a', at('src/b'));
      },
      ran: [`${SRC} → src/b: was a file, now a symbolic link`, ...follow(SRC, LINK, RUN_SH)],
    },
    {
      name: 'written through another name of the same file, elsewhere',
      change: ({ at, write }) => {
        linkSync(at('run.sh'), at('other-name'));
        write('other-name', 'other\n');
      },
      ran: [`${RUN_SH} → run.sh changed`],
    },
    {
      name: 'another name of the same file elsewhere',
      change: ({ at }) => linkSync(at('run.sh'), at('other-name')),
      ran: [],
    },
    {
      name: 'two equal files become two names of one',
      change: ({ at }) => {
        rmSync(at('src/b'));
        linkSync(at('src/a'), at('src/b'));
        expect(lstatSync(at('src/b')).nlink).toBe(2);
      },
      ran: [`${SRC} → src/b changed`, ...follow(SRC, LINK, RUN_SH)],
    },
    {
      name: '.dockerignore lets a file in',
      change: ({ write }) => {
        write('src/new.log', 'log\n');
        write('.dockerignore', 'ignored\n**/*.log\n!src/new.log\n');
      },
      ran: [`${SRC} → src/new.log added`, ...follow(SRC, LINK, RUN_SH)],
    },
    {
      name: '.dockerignore hides a file',
      change: ({ write }) => write('.dockerignore', 'ignored\n**/b\n'),
      ran: [`${SRC} → src/b removed`, ...follow(SRC, LINK, RUN_SH)],
    },
    {
      name: '.dockerignore says the same in other words',
      change: ({ write }) =>
        write('.dockerignore', '# a comment\n*.log\n*/*.log\n*/*/*.log\nignored\nnothing\n'),
      ran: [],
    },
    {
      name: 'another directory',
      change: ({ directory }) => {
        const elsewhere = `${directory}-elsewhere`;
        rmSync(elsewhere, { recursive: true, force: true });
        renameSync(directory, elsewhere);
        return elsewhere;
      },
      ran: [],
    },
  ],
);
