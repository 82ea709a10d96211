// Cache mounts: what compilers and package managers keep for the next time, kept for the next build.

import { cleanRelative, formatSize, type TextEdit } from '../../../core/index.ts';
import { type BuiltInstruction, type Command, hasArgument, type Run, runsOf } from '../../lint/index.ts';
import { changed } from '../change.ts';
import { basisOf, commitsOf } from '../commits.ts';
import type { StepEvidence } from '../evidence.ts';
import { instructionsOf } from '../follow.ts';
import { gainOf } from '../gain.ts';
import { FEW_BYTES, leavings, removalOf, shippedRuns } from '../leavings.ts';
import { neededStages } from '../rebuild-cost.ts';
import type { Expected, Proposal, Rewrite } from '../rewrite.ts';
import { startsTool } from '../started-tool.ts';
import { builtOf, type Subject } from '../subject.ts';
import { inSeconds, inWords, shortened } from '../words.ts';
import { type EmptiedCache, emptiedCache, isRemoval } from './emptied-caches.ts';
import { CACHES, type Kept } from './kept-caches.ts';

export const keepCaches: Rewrite = {
  name: 'keep-caches',
  summary: 'keep what compilers and package managers can use again in cache mounts',
  goal: 'both',
  page: `A step that has to run again begins with nothing: the compiler compiles all packages, the package manager fetches all
packages, though one line changed. \`RUN --mount=type=cache\` gives it a directory that stays from build to build and gets
into no layer: what it keeps there itself, it finds again. Proposed for caches that decide by content what can be used
again, so that a build with an empty one makes the same: those of Go, Maven, Gradle, cargo's registry, pip, Poetry, uv,
npm, yarn (of 2 and newer where packages lie in \`node_modules\`), Composer. (cargo's \`target\` is not among them: it trusts the times of files.)

That there is such a cache was seen in the layer of the step. Where the step empties it again itself (\`npm cache clean
--force\`, \`yarn cache clean\`, \`pip cache purge\`, \`go clean -modcache\`, \`rm -rf ~/.cache/pip\`), there is one by these words; its
place is the program's own, unless a variable names another. The mount takes the place of the command, for what it emptied
gets into no layer any more. In the image the cache may be missing, and nothing else may change.

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
    {
      before:
        'FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci && npm cache clean --force\nCOPY . .\n',
      after:
        'FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\n',
      context: { 'package.json': 90, 'package-lock.json': 9000, 'src/a.js': 900 },
      steps: { 4: { seconds: 30, layer: { 'app/node_modules/express/index.js': 9000 } } },
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
  /** It is emptied again by the same RUN. */
  readonly emptied?: EmptiedCache;
}

function proposalOf(subject: Subject, kept: Kept, items: readonly BuiltInstruction[]): Proposal | undefined {
  const runs = runsOf(subject.lint);
  const using = items.flatMap((built): Filled[] => {
    const run = runs.find(({ at }) => at === built.instruction.node);
    const step = subject.observed(built.instruction);
    if (!run || !step || !run.commands.some((one) => isUsing(one, kept))) return [];
    const emptied = emptiedCache(subject, { built, run, kept });
    return [{ built, run, step, ...(emptied ? { emptied } : {}) }];
  });
  const filling = using.filter((one) => filledBytes(one, kept) >= FEW_BYTES);
  const emptying = using.filter(({ emptied }) => emptied);
  const first = kept.onlyEmptied ? emptying[0] : (filling[0] ?? emptying[0]);
  if (
    !first ||
    using.some((one) => !canMount(one, kept)) ||
    startsTool(items, (name) => kept.programs.test(name))
  )
    return undefined;
  const directories = first.emptied
    ? [first.emptied.directory]
    : leavings(first.step.table!, kept.directory).directories;
  if (emptying.some(({ emptied }) => directories.some((one) => one !== emptied?.directory))) return undefined;
  if (using.some(({ run }) => hasMountAt(run, directories))) return undefined;
  const others = items.filter((one) => !using.some(({ built }) => built === one));
  if (others.some((one) => reaches(subject, one, directories))) return undefined;
  const flags = directories.map((one) => ` --mount=type=cache,target=/${one}`).join('');
  const edits = using.flatMap(({ built, emptied }) => {
    const { end } = built.instruction.node.clause.keyword.span;
    return [{ start: end, end, text: flags }, ...(emptied?.edits ?? [])];
  });
  const expects = expectedOf(subject, using, { edits, share: kept.share });
  if (!expects) return undefined;
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
      `${first.emptied ? `${places} holds ${kept.what}, is emptied again` : `${formatSize(filledBytes(first, kept))} below ${places} is ${kept.what}`}, and begins empty each time. ` +
      `If a step with it takes ${Math.round(100 * kept.share)} % of its time, a commit's rebuild goes from ${inSeconds(gain.before)} to ` +
      `${inSeconds(gain.after)}, ${basisOf(commitsOf(subject))}`,
    span: { source: subject.draft.source, start, end },
    ...{ edits, expects },
    claim: { secondsPerCommit: gain.before - gain.after, ...(bytes > 0 ? { bytes } : {}) },
    allows: shipped.length === 0 ? [] : removalOf(subject, shipped, directories),
    risk: 'where the builder does not keep its mounts the steps take as long as before',
  };
}

function filledBytes({ step }: Filled, { useful, directory, beside }: Kept): number {
  if (beside && !step.table?.entries.some(({ path }) => beside.test(path))) return 0;
  return step.table ? leavings(step.table, useful ?? directory).bytes : 0;
}

function isUsing({ name, args }: Command, { programs, only }: Kept): boolean {
  return programs.test(name) && (!only || args.some(({ text }) => only.includes(text)));
}

/** Whether a mount can be given to a RUN, and would be of use. */
function canMount({ built, run, emptied }: Filled, { without }: Kept): boolean {
  if (!/^(|0|root)(:.*)?$/.test(built.before.config.User ?? '') || run.onbuild) return false;
  return !run.commands.some(
    (one) => hasArgument(one, ...without) || (isRemoval(one) && !emptied?.commands.includes(one)),
  );
}

/** Whether something is mounted there, above or below it; what has no target is mounted who knows where. */
function hasMountAt({ mounts }: Run, directories: readonly string[]): boolean {
  return mounts.some(({ type, target }) => {
    if (type === 'secret' || type === 'ssh') return false;
    const place = cleanRelative(target.replace(/^~|^\$HOME/, '/root'));
    return (
      !target.startsWith('/') ||
      directories.some((one) => `${place}/`.startsWith(`${one}/`) || `${one}/`.startsWith(`${place}/`))
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

/** The same steps with other words, and quicker. */
function expectedOf(
  subject: Subject,
  using: readonly Filled[],
  { edits, share }: { readonly edits: readonly TextEdit[]; readonly share: number },
): readonly Expected[] | undefined {
  const made = changed(subject, { edits });
  if (!made) return undefined;
  const ids = new Set(using.map(({ step }) => step.id));
  return instructionsOf(made.lint.dockerfile).flatMap((one): Expected[] => {
    const step = made.observed(one);
    return step && ids.has(step.id)
      ? [{ text: one.text, step: { ...step, seconds: step.seconds * share } }]
      : [];
  });
}
