// Rust: what cargo compiled of the dependencies, in a cache mount, and the programs copied out of it.

import type { TextEdit } from '../../../core/index.ts';
import { cleanRelative } from '../../../core/index.ts';
import type { CopyInstruction } from '../../../lang/dockerfile/index.ts';
import type { TableOfContents } from '../../../oci/image/index.ts';
import { type BuiltInstruction, type Run, runsOf } from '../../lint/index.ts';
import { basisOf, commitsOf } from '../commits.ts';
import type { StepEvidence } from '../evidence.ts';
import { gainOf } from '../gain.ts';
import { leavings, shippedRuns } from '../leavings.ts';
import { workdirOf } from '../needs.ts';
import { neededStages } from '../rebuild-cost.ts';
import type { Allowance, Proposal, Rewrite } from '../rewrite.ts';
import { builtOf, type Subject } from '../subject.ts';
import { inSeconds, inWords } from '../words.ts';
import { type CargoBuild, cargoBuildOf } from './cargo-build.ts';

/** How much of the time a build is taken to last that finds its dependencies compiled. */
const SHARE = 0.4;

/** With fewer libraries than this there is little that was compiled for others. */
const FEWEST_CRATES = 3;

/** cargo trusts the times of files; those of a context may be older than what was compiled of them. */
const TOUCH = 'find . -path ./target -prune -o -type f -exec touch {} +';

const TARGET = {
  'app/target/release/hello': 900_000,
  'app/target/release/deps/liba-1.rlib': 900_000,
  'app/target/release/deps/libb-1.rlib': 900_000,
  'app/target/release/deps/libc-1.rlib': 900_000,
};

export const keepTarget: Rewrite = {
  name: 'keep-target',
  summary: 'keep what cargo compiled in a cache mount',
  goal: 'rebuild',
  page: `\`cargo build\` compiles every dependency again when a line of the program changed, for it begins with an empty \`target\`.
With \`target\` in a cache mount it finds them compiled. What is in a mount is in no layer: the programs that other stages copy
are copied out of it first, and taken from there.

cargo tells by the times of files what is new, and a file that was put back may be older than what was compiled of another
one. So all files are touched before it runs: the project itself is compiled each time, its dependencies are not.

Proposed for stages that are only copied from, by path, and for commands that copy their programs out of \`target\` themselves
(\`cargo build --release && cp target/release/app /usr/local/bin/\`, \`cargo install --path .\`), where nothing else needs
\`target\`. Of an image that has \`target\` in it, that directory may be missing then; nothing else may change.`,
  examples: [
    {
      before:
        'FROM rust:1 AS build\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nFROM debian:trixie\nCOPY --from=build /app/target/release/hello /usr/bin/hello\n',
      after: `FROM rust:1 AS build\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/app/target ${TOUCH} && cargo build --release && mkdir -p /built && cp target/release/hello /built/\nFROM debian:trixie\nCOPY --from=build /built/hello /usr/bin/hello\n`,
      context: { 'Cargo.toml': 100, 'Cargo.lock': 900, 'src/main.rs': 900 },
      steps: { 4: { seconds: 60, layer: TARGET } },
    },
    {
      before:
        'FROM rust:1\nWORKDIR /app\nCOPY . .\nRUN cargo build --release && cp target/release/hello /usr/local/bin/\nCMD ["hello"]\n',
      after: `FROM rust:1\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/app/target ${TOUCH} && cargo build --release && cp target/release/hello /usr/local/bin/\nCMD ["hello"]\n`,
      context: { 'Cargo.toml': 100, 'Cargo.lock': 900, 'src/main.rs': 900 },
      steps: { 4: { seconds: 60, layer: TARGET } },
    },
  ],
  propose: (subject) =>
    [...neededStages(subject)].flatMap((stage) => proposalOf(subject, builtOf(subject, stage)) ?? []),
};

function proposalOf(subject: Subject, items: readonly BuiltInstruction[]): Proposal | undefined {
  const build = onlyBuildOf(subject, items);
  if (!build) return undefined;
  const { built, run, cargo, target, step } = build;
  const isShipped = shippedRuns(subject).some((one) => one.run === run);
  if (isShipped && !cargo.takesItself) return undefined;
  const crates = step.table.entries.filter(
    ({ path }) => path.startsWith(`${target}/`) && path.endsWith('.rlib'),
  );
  if (crates.length < FEWEST_CRATES || isLookedInto(subject, { items, build, isShipped })) return undefined;
  const taken = programsTaken(subject, build);
  if (!taken) return undefined;
  const { names } = taken;
  if (isShipped ? names.length > 0 : names.length === 0 && !cargo.takesItself) return undefined;
  const changed = withMount(build, names);
  const edits = [...taken.edits, ...changed.edits];
  const { table: _, reads: __, ...rest } = step;
  const expects = [{ text: changed.text, step: { ...rest, seconds: step.seconds * SHARE } }];
  const gain = gainOf(subject, { edits, expects });
  if (!gain) return undefined;
  const gone = isShipped ? leavings(step.table, directoryPattern(target)).bytes : 0;
  const out = names.length === 0 ? '' : `, and copy ${inWords(names)} out of it`;
  return {
    title: `keep what cargo compiled from build to build${out}`,
    reason:
      `cargo took ${inSeconds(step.seconds)}, compiled ${crates.length} libraries, and begins with nothing each time. If it takes ${Math.round(100 * SHARE)} % of that where the dependencies ` +
      `are compiled, a commit's rebuild goes from ${inSeconds(gain.before)} to ${inSeconds(gain.after)}, ${basisOf(commitsOf(subject))}`,
    span: built.instruction.span,
    ...{ edits, expects },
    claim: { secondsPerCommit: gain.before - gain.after, ...(gone > 0 ? { bytes: gone } : {}) },
    allows: isShipped ? [{ what: 'files', change: 'removed', below: target } satisfies Allowance] : [],
    risk: 'where the builder does not keep its mounts the step takes as long as before',
  };
}

/** The one RUN of a stage in which cargo builds, with what it made. */
interface Build {
  readonly built: BuiltInstruction;
  readonly run: Run;
  readonly cargo: CargoBuild;
  /** Where cargo builds, as a path of the image. */
  readonly target: string;
  readonly step: StepEvidence & { readonly table: TableOfContents };
}

function onlyBuildOf(subject: Subject, items: readonly BuiltInstruction[]): Build | undefined {
  const runs = runsOf(subject.lint);
  const found = items.flatMap((built) => {
    const [root, run] = [workdirOf(built), runs.find(({ at }) => at === built.instruction.node)];
    const target = root === '' ? 'target' : `${root}/target`;
    const cargo = cargoBuildOf(run, { target, root });
    return run && cargo ? [{ built, run, cargo, target }] : [];
  });
  const [first, second] = found;
  if (!first || second) return undefined;
  const step = subject.observed(first.built.instruction);
  if (!step?.table || !/^(|0|root)(:.*)?$/.test(first.built.before.config.User ?? '')) return undefined;
  return { ...first, step: { ...step, table: step.table } };
}

/** Whether something else of the stage, or of one that stands on it, may look into what cargo made. */
function isLookedInto(
  { lint }: Subject,
  {
    items,
    build: { built },
    isShipped,
  }: { readonly items: readonly BuiltInstruction[]; readonly build: Build; readonly isShipped: boolean },
): boolean {
  const stage = built.facts.stage.index;
  const below = items.slice(items.indexOf(built) + 1);
  const stands = lint.stages.some(({ stage: { base } }) => base.kind === 'stage' && base.stage === stage);
  if (stands || below.some(({ instruction }) => instruction.kind === 'run')) return true;
  return (
    isShipped && below.some(({ instruction }) => /(^|[/\s"'=:])target([/\s"':]|$)/.test(instruction.text))
  );
}

/** The programs that others copy out of it, and edits to have them copied from elsewhere; undefined where that cannot be. */
function programsTaken(
  { lint }: Subject,
  { built, target }: Build,
): { readonly names: readonly string[]; readonly edits: readonly TextEdit[] } | undefined {
  const stage = built.facts.stage.index;
  const takers = lint.built.filter(({ planned }) =>
    planned.sources.some((source) => source.kind === 'stage' && source.stage === stage),
  );
  const names = new Set<string>();
  const edits: TextEdit[] = [];
  for (const { instruction } of takers) {
    if (instruction.kind !== 'copy') return undefined;
    for (const word of instruction.sources) {
      const name = programOf(word.text, target);
      if (name === undefined) return undefined;
      if (name === '') continue;
      // Two of one name would be one file.
      if ([...names].some((path) => path !== name.path && path.endsWith(`/${name.base}`))) return undefined;
      names.add(name.path);
      const { start, end } = word.span;
      if (word.span.source.text.slice(start, end) !== word.text || !isFile(instruction)) return undefined;
      edits.push({ start, end, text: `/built/${name.base}` });
    }
  }
  return { names: [...names], edits };
}

/** The RUN with the mount, and with the programs copied out of it: as edits, and as text. */
function withMount(
  { run, target }: Build,
  names: readonly string[],
): { readonly edits: readonly TextEdit[]; readonly text: string } {
  const { line, clause } = run.facts;
  const keyword = clause.keyword.span.end;
  const [start, end] = [
    run.facts.spanOf({ start: 0, end: 1 }).start,
    run.facts.spanOf({ start: 0, end: line.text.length }).end,
  ];
  const mount = ` --mount=type=cache,target=/${target}`;
  const copied =
    names.length === 0
      ? ''
      : ` && mkdir -p /built && cp ${names.map((path) => `target/${path}`).join(' ')} /built/`;
  return {
    edits: [
      { start: keyword, end: keyword, text: mount },
      { start, end: start, text: `${TOUCH} && ` },
      ...(copied === '' ? [] : [{ start: end, end, text: copied }]),
    ],
    text: `${clause.keyword.text}${mount} ${TOUCH} && ${line.text}${copied}`,
  };
}

function directoryPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=\\/|$)`);
}

/** What a source of COPY names below `target`: '' for what lies elsewhere, undefined for what cannot be told. */
function programOf(
  word: string,
  target: string,
): { readonly path: string; readonly base: string } | '' | undefined {
  if (/[$"'*?[\\]/.test(word)) return undefined;
  const path = cleanRelative(word);
  // A directory above it, or all of it.
  if (path === '' || path === target || target.startsWith(`${path}/`)) return undefined;
  if (!path.startsWith(`${target}/`)) return '';
  const [, below, base] = /^((?:[^/]+\/)*([^/]+))$/.exec(path.slice(target.length + 1)) ?? [];
  return below === undefined || base === undefined ? undefined : { path: below, base };
}

/** Whether what is copied lands where it did, whatever directory it comes from. */
function isFile({ parents, exclude }: CopyInstruction): boolean {
  return !parents && exclude.length === 0;
}
