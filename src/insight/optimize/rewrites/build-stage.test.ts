// What is built apart: which files the image gets, which it can do without, and where nothing is proposed.

import { describe, expect, test } from 'bun:test';
import type { ProgramFacts } from '../../../lang/executable/index.ts';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import type { RewriteExample } from '../rewrite.ts';
import { buildStage } from './build-stage.ts';

const MB = 1_000_000;
const ELF: ProgramFacts = { kind: 'elf', libraries: [], runpath: [] };
const program = { size: 1000, mode: 0o755 };
const dir = { type: 'dir', mode: 0o755 } as const;
const GCC = { 'usr/bin/gcc': 90 * MB, 'var/lib/dpkg/status': 10, 'var/log/dpkg.log': 10 };

type Given = Partial<RewriteExample> & Pick<RewriteExample, 'before'>;

function proposed(given: Given) {
  const { draft, around } = evidenceFor({ after: '', programs: { 'app/x': ELF }, ...given });
  const { draft: made, applied } = propose(draft, around, { rewrites: [buildStage] });
  const { source, ignoreText } = made;
  return { text: source.text, ignoreText, proposal: applied[0]?.proposal };
}

/** The last stage; undefined where there is only one. */
const lastStage = (given: Given) => proposed(given).text.split('\n\n')[1];

const removed = (given: Given) =>
  proposed(given).proposal?.allows.flatMap((one) => (one.what === 'paths' ? one.paths : [])) ?? [];

describe('a program that is compiled', () => {
  const before = 'FROM golang\nWORKDIR /app\nCOPY . .\nRUN go build -o x .\nCMD ["/app/x"]\n';
  const steps = {
    4: { layer: { 'app/x': program, 'root/.cache/go-build/a': 50 * MB, 'go/pkg/mod/b/b.go': 9 * MB } },
  };

  test('needs no sources and no caches', () => {
    const context = { 'main.go': 9, 'go.mod': 9, 'README.md': 9, 'pages/a.html': 9, 'settings.yaml': 9 };
    expect(lastStage({ before, context, steps })).toBe(
      'FROM golang\nWORKDIR /app\nCOPY --from=build /app/pages /app/pages\nCOPY --from=build /app/settings.yaml /app/x /app/\nCMD ["/app/x"]\n',
    );
    expect(removed({ before, context, steps })).toEqual([
      ...['app/README.md', 'app/go.mod', 'app/main.go', 'go/pkg/mod/b/b.go', 'root/.cache/go-build/a'],
    ]);
  });
  test('nor what its compiler notes of itself, and what git wrote when it was asked for the commit', () => {
    const layer = {
      ...{ ...steps[4].layer, 'app/.git/index': 900, 'root/.config': dir, 'root/.config/go': dir },
      ...{ 'root/.config/go/telemetry': dir, 'root/.config/go/telemetry/local/go.count': 900 },
    };
    const context = { 'main.go': 9, '.git/index': 900, '.git/HEAD': 9 };
    expect(lastStage({ before, context, steps: { 4: { layer } } })).toBe(
      'FROM golang\nWORKDIR /app\nCOPY --from=build /app/x /app/\nCMD ["/app/x"]\n',
    );
  });
  test('nor a source that its compiler has written anew', () => {
    const context = { 'main.go': 9, 'go.mod': 9, '.git/index': 9, '.cargo/config.toml': 9 };
    const layer = {
      ...steps[4].layer,
      'app/.git/index': 10,
      'app/go.mod': 10,
      'app/go.sum': 10,
      'app/made.c': 10,
    };
    expect(lastStage({ before, context, steps: { 4: { layer } } })).toBe(
      'FROM golang\nWORKDIR /app\nCOPY --from=build /app/x /app/made.c /app/\nCMD ["/app/x"]\n',
    );
  });
  test('may lie in what its compiler keeps', () => {
    const target = 'FROM rust\nCOPY . .\nRUN cargo build --release\nCMD ["/target/release/x"]\n';
    const layer = {
      ...{ 'target/CACHEDIR.TAG': 100, 'target/release/deps/a.rlib': 30 * MB },
      ...{ 'target/release/x': program, 'target/release/libown.so': 9 },
    };
    const programs = {
      'target/release/x': { ...ELF, libraries: ['libown.so'], runpath: ['$ORIGIN'] },
    };
    expect(
      lastStage({ before: target, context: { 'src/main.rs': 9 }, steps: { 3: { layer } }, programs }),
    ).toBe(
      'FROM rust\nCOPY --from=build /target/release/x /target/release/libown.so /target/release/\nCMD ["/target/release/x"]\n',
    );
  });
  test('leaves what is a link, or of another owner, in its directory', () => {
    const layer = {
      ...steps[4].layer,
      ...{
        data: { ...dir, uid: 5 },
        'data/a': 1,
        links: dir,
        'links/a': { type: 'symlink', link: 'b' } as const,
      },
      'links/b': 2,
    };
    expect(lastStage({ before, context: { 'main.go': 9 }, steps: { 4: { layer } } })).toBe(
      'FROM golang\nWORKDIR /app\nCOPY --from=build /app/x /app/\nCOPY --from=build /data /data\nCOPY --from=build /links /links\nCMD ["/app/x"]\n',
    );
  });
});

test('a site that is made in the image needs nothing of what made it', () => {
  const before =
    'FROM nginx\nRUN apt-get update && apt-get install -y hugo\nCOPY . /src\nRUN hugo -s /src -d /site\nCMD ["/app/x"]\n';
  const steps = {
    2: { layer: { 'usr/bin/hugo': 90 * MB, 'var/lib/dpkg/status': 10 } },
    4: { layer: { 'site/index.html': 900 } },
  };
  const context = { 'content/a.md': 9 };
  const hugo = {
    before: before.replace('COPY .', 'COPY app /app\nCOPY .'),
    context: { ...context, 'app/x': 9 },
  };
  expect(lastStage({ ...hugo, steps: { 2: steps[2], 5: steps[4] } })).toBe(
    'FROM nginx\nCOPY --from=build /site/index.html /site/\nCOPY app /app\nCOPY . /src\nCMD ["/app/x"]\n',
  );
});

describe('the text', () => {
  test('names, comments, arguments, and what is for the end', () => {
    const before =
      'ARG V=1\n# base\nFROM --platform=linux/amd64 debian:$V AS app\nARG A\nARG B=2\n# what it is\nLABEL a=$A\nENV C=1\nRUN apt-get update && apt-get install -y gcc\nRUN useradd app\nCOPY . .\nRUN gcc -DB=$B -o /app/x\nUSER app\nCMD ["/app/x"]';
    const steps = {
      9: { layer: GCC },
      10: { layer: { 'etc/passwd': 10 } },
      12: { layer: { app: dir, 'app/x': program } },
    };
    expect(proposed({ before, context: { 'main.c': 9 }, steps }).text).toBe(
      'ARG V=1\n# base\nFROM --platform=linux/amd64 debian:$V AS build\nARG A\nARG B=2\nENV C=1\nRUN apt-get update && apt-get install -y gcc\nRUN useradd app\nCOPY . .\nRUN gcc -DB=$B -o /app/x\n\nFROM --platform=linux/amd64 debian:$V AS app\nARG A\n# what it is\nLABEL a=$A\nENV C=1\nRUN useradd app\nCOPY --from=build /app /app\nUSER app\nCMD ["/app/x"]',
    );
  });
  test('packages that are no tools are installed in both', () => {
    const before =
      'FROM debian\nRUN apt-get install -y libpq5\nRUN apt-get install -y gcc libpq-dev=1.* # tools\nCOPY a.c .\nRUN gcc a.c\nCMD ["/app/x"]\n';
    const steps = {
      2: { layer: { 'usr/lib/libpq.so.5': 9 } },
      3: { layer: { 'usr/bin/gcc': 90 * MB } },
      5: { layer: { 'app/x': program } },
    };
    const programs = { 'app/x': { ...ELF, libraries: ['libpq.so.5'] }, 'usr/lib/libpq.so.5': ELF };
    expect(
      lastStage({ before: before.replace(' # tools', ''), context: { 'a.c': 9 }, steps, programs }),
    ).toBeUndefined();
    const plain = before.replace('=1.* # tools', '');
    expect(lastStage({ before: plain, context: { 'a.c': 9 }, steps, programs })).toBe(
      'FROM debian\nRUN apt-get install -y libpq5\nCOPY --from=build /app/x /app/\nCMD ["/app/x"]\n',
    );
  });
});

test('what a program may look for stays: caches of no tool, directories for logs', () => {
  const before = 'FROM debian\nRUN apt-get install -y gcc\nRUN make\nCMD ["/app/x"]\n';
  const made = {
    'root/.cache/models/a': 9,
    'var/log/app': dir,
    'var/cache/app': dir,
    'root/.cache/pip/a': 9,
  };
  const steps = { 2: { layer: GCC }, 3: { layer: { 'app/x': program, ...made } } };
  expect(lastStage({ before, steps })).toBe(
    'FROM debian\nCOPY --from=build /app/x /app/\nCOPY --from=build /root/.cache/models/a /root/.cache/models/\nCOPY --from=build /var/cache/app /var/cache/app\nCOPY --from=build /var/log/app /var/log/app\nCMD ["/app/x"]\n',
  );
  // A module that a Go program is run from, and not compiled, is needed.
  const run = before.replace('/app/x', '/usr/bin/env');
  const layer = { 'go/pkg/mod/a.go': 9, 'usr/bin/env': program };
  const programs = { 'usr/bin/env': { ...ELF, kind: 'script' } as const };
  expect(lastStage({ before: run, steps: { 2: { layer: GCC }, 3: { layer } }, programs })).toContain(
    'COPY --from=build /go/pkg/mod/a.go',
  );
});

describe('nothing is proposed', () => {
  const before = 'FROM debian\nRUN apt-get install -y gcc\nCOPY . .\nRUN gcc a.c\nCMD ["/app/x"]\n';
  const context = { 'a.c': 9 };
  const steps = { 2: { layer: GCC }, 4: { layer: { 'app/x': program } } };
  const plain: Given = { before, context, steps };
  const cases: Readonly<Record<string, Given>> = {
    'where a program needs a library of a tool': {
      ...plain,
      steps: { ...steps, 2: { layer: { ...GCC, 'usr/lib/libgomp.so.1': 9 } } },
      programs: { 'app/x': { ...ELF, libraries: ['libgomp.so.1'] } },
    },
    'where a script that stays needs one': {
      ...plain,
      steps: { ...steps, 4: { layer: { 'app/x': program, 'app/y': program } } },
      programs: { 'app/x': ELF, 'app/y': { ...ELF, kind: 'script', interpreter: '/usr/bin/gcc' } },
    },
    'where tools come with others': { ...plain, before: before.replace('gcc\n', 'gcc curl\n') },
    'where nobody can tell what is started': { ...plain, before: before.replace('CMD', '#') },
    'where it is little': { ...plain, steps: { ...steps, 2: { layer: { 'usr/bin/gcc': 1000 } } } },
    'for a stage that stands on another': { ...plain, before: `FROM a AS debian\n${before}` },
  };
  test('but otherwise', () => expect(lastStage(plain)).toContain('COPY --from=build /app/x'));
  for (const [why, given] of Object.entries(cases)) test(why, () => expect(lastStage(given)).toBeUndefined());
});

test('packages that stay take theirs along, and the others are named', () => {
  const { before, packages, steps, programs } = buildStage.examples.at(-1)!;
  const { proposal } = proposed({ before, packages: packages!, steps: steps!, programs: programs! });
  expect(proposal?.allows[0]).toEqual({ what: 'packages', removed: ['gcc', 'libpq-dev'] });
  expect(proposal?.allows.flatMap((one) => (one.what === 'paths' ? one.paths : []))).toEqual([
    'usr/bin/gcc',
    'usr/include/libpq-fe.h',
  ]);
});

test('what is built is copied above what is copied from the context, where that will never lie in one place', () => {
  const before =
    'FROM python\nWORKDIR /app\nCOPY . .\nENV A=1\nRUN apt-get install -y gcc\nRUN pip install x\nCMD ["/app/start"]\n';
  const steps = {
    2: { layer: { app: dir } },
    5: { layer: GCC },
    6: { layer: { 'usr/lib/site/x.py': 9, 'app/out': dir, 'app/out/a': 9 } },
  };
  const programs = { 'app/start': { ...ELF, kind: 'script' } as const };
  expect(lastStage({ before, context: { start: 1 }, steps, programs })).toBe(
    [
      ...['FROM python', 'WORKDIR /app', 'COPY --from=build /usr/lib/site/x.py /usr/lib/site/'],
      ...['COPY . .', 'ENV A=1', 'COPY --from=build /app/out /app/out', 'CMD ["/app/start"]', ''],
    ].join('\n'),
  );
});

test('and where the ignore file leaves out what would lie there', () => {
  const before =
    'FROM node\nRUN apt-get install -y gcc\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["/app/start"]\n';
  const modules = { 'app/node_modules': dir, 'app/node_modules/a.node': 9 };
  const steps = { 2: { layer: GCC }, 3: { layer: { app: dir } }, 5: { layer: modules } };
  const programs = { 'app/start': { ...ELF, kind: 'script' } as const };
  const given = { before, context: { start: 1 }, steps, programs };
  const lines = ['COPY --from=build /app/node_modules /app/node_modules', 'COPY . .'];
  const stage = (copies: readonly string[]) =>
    ['FROM node', 'WORKDIR /app', ...copies, 'CMD ["/app/start"]', ''].join('\n');
  expect(lastStage({ ...given, ignoreFile: 'node_modules\n' })).toBe(stage(lines));
  expect(lastStage({ ...given, ignoreFile: 'node_modules\n!node_modules/own\n' })).toBe(
    stage(lines.toReversed()),
  );
  // Which it will, where nothing is there.
  for (const ignoreFile of [undefined, 'dist\n', 'node_modules/*.js\n']) {
    const { text, ignoreText, proposal } = proposed({ ...given, ...(ignoreFile ? { ignoreFile } : {}) });
    expect(text.split('\n\n')[1]).toBe(stage(lines));
    expect(ignoreText).toBe(`${ignoreFile ?? ''}node_modules\n`);
    expect(proposal?.reason).toEndWith(
      '; as the context never brings node_modules, it is copied above the sources',
    );
  }
  const context = { start: 1, 'node_modules/own.js': 1 };
  expect(lastStage({ ...given, context })).toContain('COPY . .\nCOPY --from=build /app/node_modules');
  // Without WORKDIR above it COPY makes the directory, with what mode it has.
  const late = { 2: steps[2], 4: { layer: { app: dir } }, 5: steps[5] };
  const text = before.replace('WORKDIR /app\nCOPY . .', 'COPY . /app\nWORKDIR /app');
  expect(proposed({ ...given, before: text, steps: late }).ignoreText).toBeUndefined();
});

test('what a step below changes of what was copied is copied for it', () => {
  const before =
    'FROM python\nWORKDIR /app\nCOPY . .\nRUN apt-get install -y gcc\nRUN pip install x\nRUN useradd app && chown -R app /app\nCMD ["/app/start"]\n';
  const own = { uid: 1000, mode: 0o755 };
  const steps = {
    2: { layer: { app: dir } },
    4: { layer: GCC },
    5: { layer: { 'usr/lib/site/x.py': 9, 'app/made': 9 } },
    6: {
      layer: {
        ...{ 'etc/passwd': 10, app: { ...dir, uid: 1000 } },
        ...{ 'app/start': { ...own, size: 1 }, 'app/made': { ...own, size: 9 } },
      },
    },
  };
  const programs = { 'app/start': { ...ELF, kind: 'script' } as const };
  const added = { before: before.replace('COPY', 'ADD'), steps, programs };
  expect(lastStage({ ...added, context: { start: 1 } })).toContain('\nADD . .\n');
  expect(lastStage({ ...added, context: { start: 1, 'a.tar': 2 } })).not.toContain('ADD . .');
  // Copied when the original was built, and not in the context any more.
  const ignored = { ...steps, 3: { layer: { 'app/.git': dir, 'app/.git/HEAD': 9 } } };
  expect(lastStage({ ...added, steps: ignored, context: { start: 1 } })).toContain('\nADD . .\n');
  expect(lastStage({ before, context: { start: 1 }, steps, programs })).toBe(
    [
      ...['FROM python', 'WORKDIR /app', 'COPY --from=build /usr/lib/site/x.py /usr/lib/site/', 'COPY . .'],
      ...[
        'COPY --from=build /app/made /app/',
        'RUN useradd app && chown -R app /app',
        'CMD ["/app/start"]',
        '',
      ],
    ].join('\n'),
  );
});
