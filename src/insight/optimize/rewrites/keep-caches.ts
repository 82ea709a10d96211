// Cache mounts: what compilers and package managers keep for the next time, kept for the next build.

import { formatSize } from '../../../core/index.ts';
import { type BuiltInstruction, type Command, hasArgument, type Run, runsOf } from '../../lint/index.ts';
import { basisOf, commitsOf } from '../commits.ts';
import type { StepEvidence } from '../evidence.ts';
import { gainOf } from '../gain.ts';
import { FEW_BYTES, leavings, shippedRuns, withOwnParents } from '../leavings.ts';
import { neededStages } from '../rebuild-cost.ts';
import type { Allowance, Expected, Proposal, Rewrite } from '../rewrite.ts';
import { builtOf, type Subject } from '../subject.ts';
import { inSeconds, inWords, shortened } from '../words.ts';

/** A cache that a program keeps. */
interface Kept {
  /** What it holds: `what go compiled`. */
  readonly what: string;
  readonly programs: RegExp;
  /** Arguments of which one is there, where only some commands use it. */
  readonly only?: readonly string[];
  /** From the start of a path to the end of the directory. */
  readonly directory: RegExp;
  /** What in there is of use again, where not all of it is: of a log alone nobody is quicker. */
  readonly useful?: RegExp;
  /** How much of the time a step is taken to last with it. */
  readonly share: number;
  /** Arguments with which nothing is kept, or what is kept must have been made by an earlier step. */
  readonly without: readonly string[];
}

/** Directories of root: those of other users would be root's all the same. */
const CACHES: readonly Kept[] = [
  {
    what: 'what go compiled',
    programs: /^go$/,
    only: ['build', 'install', 'test', 'run', 'vet', 'generate'],
    directory: /^root\/\.cache\/go-build(?=\/|$)/,
    share: 0.3,
    without: [],
  },
  {
    what: 'what Maven fetched',
    programs: /^mvnw?$/,
    directory: /^root\/\.m2\/repository(?=\/|$)/,
    share: 0.5,
    without: ['-o', '--offline'],
  },
  {
    what: 'what Gradle fetched',
    programs: /^gradlew?$/,
    directory: /^root\/\.gradle(?=\/|$)/,
    share: 0.5,
    without: ['--offline'],
  },
  {
    what: 'the crates that cargo fetched',
    programs: /^cargo$/,
    directory: /^(usr\/local\/cargo|root\/\.cargo)\/registry(?=\/|$)/,
    share: 0.8,
    without: ['--offline', '--frozen'],
  },
  {
    what: 'what pip fetched',
    programs: /^pip[\d.]*$|^python[\d.]*$/,
    only: ['install', 'wheel', 'download'],
    directory: /^root\/\.cache\/pip(?=\/|$)/,
    share: 0.6,
    without: ['--no-cache-dir'],
  },
  {
    what: 'what Poetry fetched',
    programs: /^poetry$/,
    directory: /^root\/\.cache\/pypoetry\/(cache|artifacts)(?=\/|$)/,
    share: 0.6,
    without: ['--no-cache'],
  },
  {
    what: 'what uv fetched and unpacked',
    programs: /^uv$/,
    only: ['sync', 'install'],
    directory: /^root\/\.cache\/uv(?=\/|$)/,
    share: 0.6,
    without: ['--no-cache', '-n', '--no-cache-dir', '--offline'],
  },
  {
    what: 'what npm fetched',
    programs: /^npm$/,
    only: ['ci', 'install', 'i', 'clean-install'],
    directory: /^root\/\.npm(?=\/|$)/,
    useful: /^root\/\.npm\/_cacache(?=\/|$)/,
    share: 0.6,
    without: ['--offline'],
  },
  {
    what: 'what yarn fetched',
    programs: /^yarn(pkg)?$/,
    directory: /^(usr\/local\/share\/\.cache\/yarn|root\/\.cache\/yarn)(?=\/|$)/,
    share: 0.6,
    without: ['--offline'],
  },
  {
    what: 'what Composer fetched',
    programs: /^composer$/,
    directory: /^root\/(\.composer\/cache|\.cache\/composer)(?=\/|$)/,
    share: 0.6,
    without: ['--no-cache'],
  },
];

export const keepCaches: Rewrite = {
  name: 'keep-caches',
  summary: 'keep what compilers and package managers can use again in cache mounts',
  goal: 'both',
  page: `A step that has to run again begins with nothing: the compiler compiles all packages, the package manager fetches all
packages, though one line changed. \`RUN --mount=type=cache\` gives it a directory that stays from build to build and gets
into no layer: what it keeps there itself, it finds again. Proposed for caches that decide by content what can be used
again, so that a build with an empty one makes the same: those of Go, Maven, Gradle, cargo's registry, pip, Poetry, uv,
npm, yarn, Composer. (cargo's \`target\` is not among them: it trusts the times of files.)

That there is such a cache was seen in the layer of the step; where the step empties it again itself, nothing is
proposed. In the image it may be missing, and nothing else may change.

Where the builder is new each time, as on many CI machines, the directory is empty and nothing is won; \`mille cache
export\` carries it over. How much is won otherwise is not known before: it is reckoned with a
part of the step's time, for a compiler a third.`,
  examples: [
    {
      before:
        'FROM golang:1.24 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n',
      after:
        'FROM golang:1.24 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/go-build go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n',
      context: { 'go.mod': 40, 'go.sum': 400, 'main.go': 4000 },
      steps: { 6: { seconds: 30, layer: { 'root/.cache/go-build/00/00-a': 9_000_000, app: 5_000_000 } } },
    },
    {
      before: 'FROM python:3.13\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n',
      after:
        'FROM python:3.13\nCOPY requirements.txt ./\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\nCOPY . .\n',
      context: { 'requirements.txt': 40, 'app.py': 4000 },
      steps: {
        3: { seconds: 30, layer: { 'root/.cache/pip/http-v2/a/b': 4_000_000, 'usr/lib/flask.py': 60_000 } },
      },
    },
  ],
  propose: (subject) =>
    [...neededStages(subject)].flatMap((stage) =>
      CACHES.flatMap((kept) => proposalOf(subject, kept, builtOf(subject, stage)) ?? []),
    ),
};

interface Filled {
  readonly built: BuiltInstruction;
  readonly run: Run;
  readonly step: StepEvidence;
}

function proposalOf(subject: Subject, kept: Kept, items: readonly BuiltInstruction[]): Proposal | undefined {
  const runs = runsOf(subject.lint);
  const using = items.flatMap((built): Filled[] => {
    const run = runs.find(({ at }) => at === built.instruction.node);
    const step = subject.observed(built.instruction);
    return run && step && run.commands.some((one) => isUsing(one, kept)) ? [{ built, run, step }] : [];
  });
  const filling = using.filter(
    ({ step }) => step.table && leavings(step.table, kept.useful ?? kept.directory).bytes >= FEW_BYTES,
  );
  const first = filling[0];
  if (!first || using.some((one) => !canMount(one, kept)) || isUsedAtRunTime(items, kept)) return undefined;
  const directories = leavings(first.step.table!, kept.directory).directories;
  const others = items.filter((one) => !using.some(({ built }) => built === one));
  if (others.some((one) => reaches(subject, one, directories))) return undefined;
  const flags = directories.map((one) => ` --mount=type=cache,target=/${one}`).join('');
  const edits = using.map(({ built }) => {
    const { end } = built.instruction.node.clause.keyword.span;
    return { start: end, end, text: flags };
  });
  const expects = using.map((one) => expected(one, flags, kept.share));
  const gain = gainOf(subject, { edits, expects });
  if (!gain) return undefined;
  const shipped = shippedRuns(subject).filter(({ run }) => using.some((one) => one.run === run));
  const bytes = shipped.reduce((sum, { table }) => sum + leavings(table, kept.directory).bytes, 0);
  const { start, end } = first.built.instruction.span;
  const places = inWords(directories.map((one) => `/${one}`));
  const what = inWords(using.map(({ run }) => shortened(run.facts.line.text, 40)));
  return {
    title: `keep ${kept.what} from build to build in ${what}`,
    reason:
      `${formatSize(leavings(first.step.table!, kept.directory).bytes)} below ${places} is ${kept.what}, and begins empty each time. ` +
      `If a step with it takes ${Math.round(100 * kept.share)} % of its time, a commit's rebuild goes from ${inSeconds(gain.before)} to ` +
      `${inSeconds(gain.after)}, ${basisOf(commitsOf(subject))}`,
    span: { source: subject.draft.source, start, end },
    ...{ edits, expects },
    claim: { secondsPerCommit: gain.before - gain.after, ...(bytes > 0 ? { bytes } : {}) },
    allows:
      shipped.length === 0
        ? []
        : withOwnParents(subject, directories).map(
            (below): Allowance => ({ what: 'files', change: 'removed', below }),
          ),
    risk: 'where the builder does not keep its mounts the steps take as long as before',
  };
}

function isUsing({ name, args }: Command, { programs, only }: Kept): boolean {
  return programs.test(name) && (!only || args.some(({ text }) => only.includes(text)));
}

/** Whether a mount can be given to a RUN, and would be of use. */
function canMount({ built, run }: Filled, { without }: Kept): boolean {
  if (!/^(|0|root)(:.*)?$/.test(built.before.config.User ?? '') || run.onbuild || run.mounts.length > 0)
    return false;
  return !run.commands.some((one) => hasArgument(one, ...without) || isRemoval(one));
}

/** Whether a command empties a cache: with a mount there it would begin empty each time all the same. */
function isRemoval({ name, args }: Command): boolean {
  const words = args.map(({ text }) => text);
  if (name === 'rm') return words.some((one) => /(\.cache|\.m2|\.gradle|\.npm|registry|go-build)/.test(one));
  if (name === 'go')
    return words[0] === 'clean' && words.some((one) => /^-{1,2}(mod|fuzz|test)?cache$/.test(one));
  return /(^| )(cache (clean|purge|clear|remove|prune)|clear-?cache|cc|dependency:purge-local-repository)( |$)/.test(
    words.join(' '),
  );
}

/** Whether the program runs in containers too, where it would miss what it keeps. */
function isUsedAtRunTime(items: readonly BuiltInstruction[], { programs }: Kept): boolean {
  return items.some(({ instruction }) => {
    if (instruction.kind !== 'cmd' && instruction.kind !== 'entrypoint') return false;
    const { command } = instruction;
    const words =
      command.form === 'exec'
        ? command.args.map(({ text }) => text)
        : (command.text?.text ?? '').split(/\s+/);
    // What npm starts reads no cache of it.
    return words.some(
      (word) =>
        programs.test(word.replace(/^.*\//, '')) &&
        /^(go|mvnw?|gradlew?|cargo)$/.test(word.replace(/^.*\//, '')),
    );
  });
}

/** Whether another step looks into the directories, which are empty for it then. */
function reaches(
  { observed }: Subject,
  { instruction }: BuiltInstruction,
  directories: readonly string[],
): boolean {
  const step = observed(instruction);
  if (!step) return false;
  const isBelow = (path: string) => directories.some((one) => path.startsWith(`${one}/`));
  return (
    (step.table?.entries.some(({ path, type }) => type !== 'dir' && isBelow(path)) ?? false) ||
    [...(step.reads?.files ?? [])].some(isBelow)
  );
}

function expected({ built, step }: Filled, flags: string, share: number): Expected {
  const { text, node } = built.instruction;
  const { length } = node.clause.keyword.text;
  return {
    text: `${text.slice(0, length)}${flags}${text.slice(length)}`,
    step: { ...step, seconds: step.seconds * share },
  };
}
