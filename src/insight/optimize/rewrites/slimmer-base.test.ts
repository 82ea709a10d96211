// Another base: what is allowed to differ, and where it cannot be.

import { describe, expect, test } from 'bun:test';
import type { Digest } from '../../../core/index.ts';
import type { ProgramFacts } from '../../../lang/executable/index.ts';
import type { Entry } from '../../../oci/image/index.ts';
import type { ObservedImage } from '../evidence.ts';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import type { RewriteExample } from '../rewrite.ts';
import { lookAt } from '../subject.ts';
import { buildStage } from './build-stage.ts';
import { slimmerBase } from './slimmer-base.ts';

const MB = 1_000_000;
const LAYER = `sha256:${'f'.repeat(64)}` as Digest;
const ELF: ProgramFacts = { kind: 'elf', libraries: ['libc.so'], runpath: [] };

function entries(files: Readonly<Record<string, number>>): Entry[] {
  return Object.entries(files).map(([path, size]) => ({
    ...{ path, type: 'file', mode: 0o755, uid: 0, gid: 0, size, mtime: 0 },
    digest: `sha256:${String(size).padStart(64, '0')}` as Digest,
  }));
}

const FAT = { 'usr/bin/gcc': 90 * MB, 'usr/bin/python': 9 * MB, 'usr/lib/libc.so': MB, 'etc/issue': 7 };
const SLIM = { 'usr/bin/python': 9 * MB, 'usr/lib/libc.so': MB, 'etc/issue': 8, 'etc/slim': 1 };

/** What becomes of a text whose base has FAT, beside one that has something else. */
function made(
  example: Pick<RewriteExample, 'before' | 'steps' | 'context' | 'programs'>,
  {
    slim = SLIM,
    reads = [],
    own = false,
    refused,
  }: {
    readonly slim?: Readonly<Record<string, number>>;
    readonly reads?: readonly string[];
    readonly own?: boolean;
    readonly refused?: string;
  } = {},
) {
  const { draft, around } = evidenceFor({ ...example, after: '' });
  const { evidence } = around;
  const { image } = evidence;
  const other: ObservedImage = {
    ...{ ...image, diffIds: [LAYER], tables: [{ entries: entries(slim) }] },
    config: { ...image.config, config: { Env: ['PATH=/usr/bin:/bin', 'SLIM=1'] } },
  };
  const steps = evidence.steps.map((step) =>
    step.reads ? { ...step, reads: { ...step.reads, files: new Set(reads) } } : step,
  );
  const whole: ObservedImage = {
    ...image,
    ...{ diffIds: [LAYER, ...image.diffIds], tables: [{ entries: entries(FAT) }, ...image.tables] },
  };
  const beside = {
    ...around,
    evidence: {
      ...evidence,
      steps,
      image: whole,
      slimmer: { name: 'slim', image: other, ...(own ? { own } : {}) },
    },
  };
  const known = new Map(steps.map((step) => [step.start!, step]));
  const result = propose({ ...draft, known }, beside, {
    rewrites: [slimmerBase, buildStage],
    refused: new Set(refused === undefined ? [] : [refused]),
  });
  return {
    text: result.draft.source.text,
    allows: result.applied.flatMap(({ proposal }) => proposal.allows),
    titles: result.applied.map(({ proposal }) => proposal.title),
    left: [slimmerBase, buildStage].flatMap((one) =>
      one.remarks!(lookAt(result.draft, beside)).map(({ why }) => why),
    ),
  };
}

const python = {
  before: 'FROM fat\nCOPY app.py /\nRUN make things\nCMD ["python", "/app.py"]\n',
  context: { 'app.py': 9 },
  steps: { 3: { layer: { 'lib.so': 9 }, reads: [] } },
  programs: { 'lib.so': ELF },
};

describe('a slimmer base', () => {
  test('takes the place of the other, and differs in what it differs in', () => {
    const { text, allows, left } = made(python, { reads: ['usr/bin/python'] });
    expect(text).toBe(python.before.replace('fat', 'slim'));
    expect(left).toEqual([]);
    expect(allows).toEqual([
      { what: 'paths', change: 'removed', of: 'not in slim', paths: ['usr/bin/gcc'] },
      { what: 'paths', change: 'changed', of: 'as slim has it', paths: ['etc/issue'] },
      { what: 'paths', change: 'added', of: 'of slim', paths: ['etc/slim'] },
      { what: 'config', key: 'Env SLIM', how: 'as slim has it' },
    ]);
  });
  test('cannot be where a step uses what it has not', () => {
    const { text, left } = made(python, { reads: ['usr/bin/gcc'] });
    expect(text).toBe(python.before);
    expect(left).toEqual(['RUN make things uses /usr/bin/gcc, which slim does not have']);
  });
  test('nor where what was made, or what is started, needs it', () => {
    const { 'usr/lib/libc.so': _, ...without } = SLIM;
    expect(made(python, { slim: without }).left).toEqual(['/lib.so needs libc.so, which is not in slim']);
    const { 'usr/bin/python': __, ...nothing } = SLIM;
    expect(made(python, { slim: nothing }).left).toEqual([
      '/usr/bin/python, which the image starts, is not in slim',
    ]);
  });
  test('may be none, for a program that needs no library', () => {
    const { text, allows } = made(
      {
        before: 'FROM fat\nCOPY main.c /\nRUN gcc -static main.c\nCMD ["/app/x"]\n',
        context: { 'main.c': 9 },
        steps: { 3: { layer: { 'app/x': { size: 9, mode: 0o755 } }, reads: [] } },
        programs: { 'app/x': { ...ELF, libraries: [] } },
      },
      { reads: ['usr/bin/gcc'], slim: {} },
    );
    expect(text).toEndWith('\n\nFROM slim\nCOPY --from=build /app/x /app/\nCMD ["/app/x"]\n');
    expect(allows[1]).toMatchObject({ change: 'removed', paths: expect.arrayContaining(Object.keys(FAT)) });
  });
  test('is for the last stage alone where the other one builds', () => {
    const { text, allows } = made(
      {
        before: 'FROM fat\nCOPY main.c /\nRUN gcc main.c\nCMD ["/app/x"]\n',
        context: { 'main.c': 9 },
        steps: { 3: { layer: { 'app/x': { size: 9, mode: 0o755 } }, reads: [] } },
        programs: { 'app/x': ELF },
      },
      { reads: ['usr/bin/gcc'] },
    );
    expect(text).toBe(
      'FROM fat AS build\nCOPY main.c /\nRUN gcc main.c\n\nFROM slim\nCOPY --from=build /app/x /app/\nCMD ["/app/x"]\n',
    );
    expect(allows[0]).toEqual({
      what: 'paths',
      change: 'removed',
      of: 'only there to build',
      paths: ['main.c'],
    });
  });
});

describe('the distribution below a compiler, which nobody named', () => {
  const program = { size: 9, mode: 0o755 };
  const compiled = {
    before: 'FROM fat\nCOPY main.c /\nRUN gcc main.c\nCMD ["/app/x"]\n',
    context: { 'main.c': 9 },
    steps: { 3: { layer: { 'app/x': program, 'root/.cache/go-build/a': 5 * MB }, reads: [] } },
    programs: { 'app/x': ELF },
  };
  const own = { own: true, reads: ['usr/bin/gcc'] };

  test('is what a program that was compiled stands on', () => {
    expect(made(compiled, own).text).toBe(
      'FROM fat AS build\nCOPY main.c /\nRUN gcc main.c\n\nFROM slim\nCOPY --from=build /app/x /app/\nCMD ["/app/x"]\n',
    );
  });
  test('where that is refused, the compiler is there, and what it leaves is not', () => {
    const refused = `build-stage: ${made(compiled, own).titles[0]}`;
    expect(made(compiled, { ...own, refused }).text).toBe(
      'FROM fat AS build\nCOPY main.c /\nRUN gcc main.c\n\nFROM fat\nCOPY --from=build /app/x /app/\nCMD ["/app/x"]\n',
    );
  });
  test('where a library is missing on it that is said', () => {
    const { 'usr/lib/libc.so': _, ...without } = SLIM;
    const { text, left } = made(compiled, { ...own, slim: without });
    expect(text).toContain('\n\nFROM fat\n');
    expect(left).toEqual([]);
    const small = { ...compiled, steps: { 3: { layer: { 'app/x': program }, reads: [] } } };
    expect(made(small, { ...own, slim: without }).left).toEqual([
      '/app/x needs libc.so, which is not in slim: a last stage on it, which installs what is missing, would do',
    ]);
  });
  test('is not for what is interpreted, nor for a base without a compiler', () => {
    const { text, left } = made(python, { own: true, reads: ['usr/bin/python'] });
    expect({ text, left }).toEqual({ text: python.before, left: [] });
  });
  test('takes the place of a compiler that is only copied to', () => {
    const copied = {
      before: 'FROM fat\nCOPY x /app/\nCMD ["/app/x"]\n',
      context: { x: 9 },
      programs: { 'app/x': ELF },
    };
    expect(made(copied, { own: true }).text).toBe(copied.before.replace('fat', 'slim'));
  });
});
