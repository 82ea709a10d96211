// Projects that change at random: a context, a Dockerfile of three stages, arguments; and what people do to them, as
// plain data, so that a sequence of edits can be made shorter until only what matters is left.

import {
  chmodSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { writeTree } from './mille.ts';

/** A stage: what it stands on, and its lines. */
interface Stage {
  readonly from: string;
  readonly lines: readonly string[];
}

/** What is not in the context. */
export interface Recipe {
  readonly stages: readonly Stage[];
  readonly args: Readonly<Record<string, string>>;
}

/** One change. */
export type Edit =
  | { readonly kind: 'write'; readonly path: string; readonly content: string; readonly time: number }
  | { readonly kind: 'remove' | 'directory'; readonly path: string }
  | { readonly kind: 'mode'; readonly path: string; readonly mode: number }
  | { readonly kind: 'time'; readonly path: string; readonly time: number }
  | { readonly kind: 'link' | 'hardlink' | 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'ignore'; readonly patterns: readonly string[] }
  | { readonly kind: 'insert'; readonly stage: number; readonly at: number; readonly line: string }
  | { readonly kind: 'drop' | 'swap'; readonly stage: number; readonly at: number }
  | { readonly kind: 'from'; readonly stage: number; readonly from: string }
  | { readonly kind: 'argument'; readonly name: string; readonly value: string | undefined };

/** Times before and after `EPOCH`. */
export const EPOCH = 1_600_000_000;
const TIMES = [1_000_000_000, 1_500_000_000, EPOCH, 1_700_000_000] as const;
const PATHS = [
  'a.txt',
  'b.txt',
  'src/a',
  'src/b',
  'src/sub/c',
  'src/sub/d.md',
  'other/x',
  'src/new',
] as const;
const LINES = [
  'COPY src /dst',
  'COPY src/ /dst/',
  'COPY . /all',
  'COPY *.txt /txt/',
  'COPY a.txt /dst/renamed',
  'COPY a.tx[t] b.txt /dst/',
  'COPY --chown=1:2 src /dst',
  'COPY --chown=root:root a.txt /dst/owned',
  'COPY --chmod=u+x,g-w src/a /bin/a',
  'COPY --link src /linked',
  'COPY --link --chmod=700 a.txt /linked/a',
  'COPY --exclude=**/*.md src /dst',
  'COPY --parents src/./sub/* /parents/',
  'COPY <<-ONE <<TWO /here/\n\tone $A\nONE\ntwo\nTWO',
  'ADD a.txt src /added/',
  'WORKDIR /work/$A',
  'WORKDIR deeper',
  'ENV E=$A',
  'ENV E=env',
  'ARG A=inner',
  'ARG B',
  'LABEL a=$A',
  'USER 1:2',
  'USER root',
  'SHELL ["/bin/sh", "-ec"]',
  'EXPOSE 80',
  'RUN echo "$A $B $E" >/tmp/arguments',
  'RUN mkdir -p /dst && cat /dst/* >/tmp/everything 2>/dev/null; true',
  'RUN mkdir -p /dst /copied && cp -a /dst/. /copied/',
  'RUN rm -rf /dst/sub',
  'RUN rm -rf /dst && mkdir /dst && echo new >/dst/a',
  'RUN ln -sf a /dst/soft; ln -f /dst/a /dst/hard; true',
  'RUN chmod -R o-rwx /dst; true',
  'RUN <<END\nmkdir -p /here\necho "$A" >/here/run\nEND',
  'RUN --mount=target=/m find /m -type f | sort >/tmp/found',
  'RUN --mount=source=src,target=/m,rw touch /m/made && find /m | sort | sed s,x,y, >/tmp/found',
  'RUN --mount=type=tmpfs,target=/t echo >/t/x',
  'RUN --network=none echo none >/tmp/network',
] as const;
/** Lines of stages after the first. */
const FROM_STAGES = [
  'COPY --from=one /dst /from-one',
  'COPY --from=one /tmp/arguments /',
  'COPY --from=one --chown=3 /dst/a* /from-one/',
  'COPY --link --from=one /dst /from-one',
  'RUN --mount=from=one,source=/dst,target=/m cat /m/* >/tmp/mounted 2>/dev/null; true',
] as const;
/** What sees the times of files, which count where all are clamped. */
const TIMED = ['RUN stat -c "%Y %n" /dst/* /all/* /from-one/* >/tmp/times 2>/dev/null; true'] as const;

const path = fc.constantFrom(...PATHS);
const lineOf = (lines: readonly string[]) => fc.constantFrom(...lines);
const time = fc.constantFrom(...TIMES);
const at = fc.nat({ max: 6 });
const bases: Readonly<Record<number, readonly string[]>> = {
  0: ['busybox'],
  1: ['busybox', 'one'],
  2: ['busybox', 'one', 'two'],
};

function lines(stage: number, timed: boolean): readonly string[] {
  return [...LINES, ...(stage > 0 ? FROM_STAGES : []), ...(timed ? TIMED : [])];
}

/** A recipe to begin with. @param timed whether steps may look at times */
export function recipes(timed: boolean): fc.Arbitrary<Recipe> {
  const stage = (index: number) =>
    fc.record({
      from: fc.constantFrom(...bases[index]!),
      lines: fc.array(lineOf(lines(index, timed)), { minLength: 1, maxLength: 4 }),
    });
  return fc.record({
    stages: fc.tuple(stage(0), stage(1), stage(2)),
    args: fc.constant({}),
  });
}

/** An edit. */
export function edits(timed: boolean): fc.Arbitrary<Edit> {
  const pair = { path, to: path };
  const stages = fc.nat({ max: 2 });
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('write' as const),
        path,
        content: fc.constantFrom('', 'one\n', 'two\n'),
        time,
      }),
    },
    fc.record({ kind: fc.constantFrom('remove' as const, 'directory' as const), path }),
    fc.record({
      kind: fc.constant('mode' as const),
      path,
      mode: fc.constantFrom(0o600, 0o644, 0o755, 0o4755),
    }),
    fc.record({ kind: fc.constant('time' as const), path, time }),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('link' as const, 'hardlink' as const, 'rename' as const),
        ...pair,
      }),
    },
    fc.record({
      kind: fc.constant('ignore' as const),
      patterns: fc.subarray(['**/*.md', 'src/sub', 'src/*', '!src/a', 'other']),
    }),
    {
      weight: 5,
      arbitrary: stages.chain((stage) =>
        fc.record({
          kind: fc.constant('insert' as const),
          stage: fc.constant(stage),
          at,
          line: lineOf(lines(stage, timed)),
        }),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('drop' as const, 'swap' as const), stage: stages, at }),
    },
    stages.chain((stage) =>
      fc.record({
        kind: fc.constant('from' as const),
        stage: fc.constant(stage),
        from: fc.constantFrom(...bases[stage]!),
      }),
    ),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('argument' as const),
        name: fc.constantFrom('A', 'B'),
        value: fc.constantFrom('1', '2', undefined),
      }),
    },
  );
}

/** What the first stage always has, so that others find something in it. */
const GROUND = 'COPY <<a /dst/a\nground\na\nCOPY <<arguments /tmp/\nnone\narguments\n';

/** The Dockerfile of a recipe. */
export function dockerfileOf({ stages }: Recipe): string {
  const names = ['one', 'two', 'three'];
  const text = stages.map(
    ({ from, lines: own }, i) => `FROM ${from} AS ${names[i]}\n${i === 0 ? GROUND : ''}${own.join('\n')}\n`,
  );
  return `ARG A=outer\n${text.join('')}`;
}

/** Makes the first context. */
export function writeContext(directory: string, recipe: Recipe): void {
  writeTree(directory, {
    ...{ 'a.txt': 'a\n', 'b.txt': 'b\n', 'src/a': 'src a\n', 'src/b': 'src b\n', 'src/sub/c': 'c\n' },
    ...{ 'src/sub/d.md': 'd\n', 'other/x': 'x\n', Dockerfile: dockerfileOf(recipe) },
  });
}

/** Makes a change, where it can be made. @returns the recipe then */
export function makeEdit(directory: string, recipe: Recipe, edit: Edit): Recipe {
  const next = changed(recipe, edit);
  if (next !== recipe) {
    writeFileSync(join(directory, 'Dockerfile'), dockerfileOf(next));
    return next;
  }
  if (edit.kind === 'ignore') writeFileSync(join(directory, '.dockerignore'), edit.patterns.join('\n'));
  else if ('path' in edit) changeFiles((name) => join(directory, name), edit);
  return recipe;
}

function changed(recipe: Recipe, edit: Edit): Recipe {
  if (edit.kind === 'argument') {
    const { [edit.name]: _, ...others } = recipe.args;
    return { ...recipe, args: edit.value === undefined ? others : { ...others, [edit.name]: edit.value } };
  }
  if (!('stage' in edit)) return recipe;
  const stages = recipe.stages.map((stage, i): Stage => {
    if (i !== edit.stage) return stage;
    if (edit.kind === 'from') return { ...stage, from: edit.from };
    const own = [...stage.lines];
    const where = Math.min(edit.at, own.length);
    if (edit.kind === 'insert') own.splice(where, 0, edit.line);
    else if (edit.kind === 'drop') own.splice(where, 1);
    else if (where + 1 < own.length) own.splice(where, 2, own[where + 1]!, own[where]!);
    return { ...stage, lines: own };
  });
  return { ...recipe, stages };
}

function changeFiles(
  absolute: (path: string) => string,
  edit: Extract<Edit, { readonly path: string }>,
): void {
  const file = absolute(edit.path);
  const there = lstatSync(file, { throwIfNoEntry: false });
  const make = (): void => {
    rmSync(file, { recursive: true, force: true });
    mkdirSync(dirname(file), { recursive: true });
  };
  switch (edit.kind) {
    case 'write':
      // In place where it can be, so that other names of the file change with it.
      if (!there?.isFile()) make();
      writeFileSync(file, edit.content);
      utimesSync(file, edit.time, edit.time);
      return;
    case 'directory':
      make();
      mkdirSync(file);
      return;
    case 'remove':
      rmSync(file, { recursive: true, force: true });
      return;
    case 'mode':
      if (there && !there.isSymbolicLink()) chmodSync(file, edit.mode);
      return;
    case 'time':
      if (there) lutimesSync(file, edit.time, edit.time);
      return;
    case 'link':
      make();
      symlinkSync(edit.to, file);
      return;
    default: {
      const source = absolute(edit.to);
      if (source === file || !lstatSync(source, { throwIfNoEntry: false })?.isFile()) return;
      make();
      if (edit.kind === 'hardlink') linkSync(source, file);
      else renameSync(source, file);
    }
  }
}
