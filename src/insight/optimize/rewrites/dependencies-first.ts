// COPY of just the files that installing needs, then the install, then the rest.

import { parentPath, type TextEdit } from '../../../core/index.ts';
import { detectSyntax } from '../../../lang/dockerfile/index.ts';
import type { BuiltInstruction } from '../../lint/index.ts';
import { basisOf, commitsOf, MANIFEST } from '../commits.ts';
import { composerDivision } from '../composer-install.ts';
import { type ContextCopy, contextCopies } from '../context-copies.ts';
import { copyLines } from '../copy-lines.ts';
import { askForNewest, knownSince, knowsFlag } from '../frontend-flags.ts';
import { gainOf } from '../gain.ts';
import { installOf } from '../installs.ts';
import { insertAbove, insertBelow, linesOf, removeLines, replaceLines } from '../lines.ts';
import { type Lowering, type LoweringRequest, lowering } from '../lower-copies.ts';
import { needsOf } from '../needs.ts';
import { canPass, isMovable } from '../pass.ts';
import { isGain, neededStages, rebuildCost } from '../rebuild-cost.ts';
import type { Proposal, Remark, Rewrite } from '../rewrite.ts';
import { type Division, divisionOf } from '../split-run.ts';
import { builtOf, type Subject } from '../subject.ts';
import { inSeconds, inWords, shortened } from '../words.ts';

const WORKSPACE = {
  ...{ 'package.json': 40, 'package-lock.json': 3000 },
  ...{ 'packages/a/package.json': 40, 'packages/b/package.json': 40 },
};

export const dependenciesFirst: Rewrite = {
  name: 'dependencies-first',
  summary: 'install dependencies before the sources are copied',
  goal: 'rebuild',
  page: `A step is taken from the cache as long as nothing above it changed. Below \`COPY . .\` that is never: every change of
every file, a README's too, installs all dependencies again. Here the files that the install needs are copied first, it
runs, and the rest is copied below it, and below what is copied from other stages right behind it, where that has nothing to
do with it.

Which files these are was seen, not guessed: the step was watched while it ran, and every file of the context that it
read or looked at is copied, whatever it is called: what a requirements file includes, manifests of workspaces, patches, a
script that runs after the install. Manifests of a workspace's members are copied by one \`COPY --parents\` with a pattern
(\`packages/*/package.json\`), which takes those of new members too, where the frontend that the file asks for knows it
(\`# syntax=docker/dockerfile:1\`, or 1.20 and newer); otherwise by a line for each directory, as many as sixteen. Where there are more, and
the file asks for no frontend, that line is written. Where a step could not be watched, the files by which its package manager is known are
taken, and only for commands that read nothing else. \`composer install\` that writes an optimised autoloader, or runs scripts
of the project, reads its sources: then it is made two, and \`composer dump-autoload\` follows below them. Packages of the system need no file; they go above the COPY as they
are.

Nothing is proposed for a step that needs the sources (\`pip install .\`, a path dependency, a build), that writes over what
was copied, or for which it would not pay: the seconds are reckoned with the steps' own times and the commits of the
project.

Nothing in the image may change.`,
  examples: [
    {
      before:
        'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
      after:
        'FROM python:3.11-slim\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["python", "app.py"]\n',
      context: { 'app.py': 900, 'requirements.txt': 40, 'README.md': 300 },
      steps: { 4: { seconds: 8, reads: ['requirements.txt'] } },
    },
    {
      before: 'FROM node:24\nWORKDIR /srv\n# all of it\nCOPY . .\nRUN npm ci\nRUN npm run build\n',
      after:
        'FROM node:24\nWORKDIR /srv\nCOPY package.json package-lock.json ./\nRUN npm ci\n# all of it\nCOPY . .\nRUN npm run build\n',
      context: { 'src/a.js': 900, 'package.json': 40, 'package-lock.json': 3000 },
      steps: {
        5: { seconds: 20, reads: ['package.json', 'package-lock.json'] },
        6: { seconds: 4, reads: ['src/a.js', 'package.json'] },
      },
    },
    {
      before: 'FROM node:24\nWORKDIR /srv\nCOPY . .\nRUN npm ci \\\n  && npm run build\n',
      after:
        'FROM node:24\nWORKDIR /srv\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n',
      context: { 'src/a.js': 900, 'package.json': 40, 'package-lock.json': 3000 },
      steps: { 4: { seconds: 20, reads: ['src/a.js', 'package.json', 'package-lock.json'] } },
    },
    {
      before: '# syntax=docker/dockerfile:1\nFROM node:24\nWORKDIR /repo\nCOPY . .\nRUN npm ci\n',
      after:
        '# syntax=docker/dockerfile:1\nFROM node:24\nWORKDIR /repo\nCOPY --parents package.json package-lock.json packages/*/package.json ./\nRUN npm ci\nCOPY . .\n',
      context: { ...WORKSPACE, 'packages/a/a.js': 900, 'packages/b/b.js': 900 },
      steps: { 5: { seconds: 20, reads: Object.keys(WORKSPACE) } },
    },
    {
      before: 'FROM php:8.4\nWORKDIR /srv\nCOPY . .\nRUN composer install --no-dev -o\n',
      after:
        'FROM php:8.4\nWORKDIR /srv\nCOPY composer.json composer.lock ./\nRUN composer install --no-autoloader --no-scripts --no-dev -o\nCOPY . .\nRUN composer dump-autoload --no-dev --optimize\n',
      context: { 'src/a.php': 900, 'src/b.php': 900, 'composer.json': 40, 'composer.lock': 3000 },
      steps: { 4: { seconds: 20, reads: ['src/a.php', 'src/b.php', 'composer.json', 'composer.lock'] } },
    },
    {
      before: 'FROM debian:trixie\nCOPY . /srv\nRUN apt-get update && apt-get install -y curl\n',
      after: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y curl\nCOPY . /srv\n',
      context: { 'a.sh': 90 },
      steps: { 3: { seconds: 9 } },
    },
  ],
  propose: (subject) => {
    const needed = neededStages(subject);
    const found = subject.lint.stages
      .filter(({ stage }) => needed.has(stage.index))
      .flatMap(({ stage }) => {
        const items = builtOf(subject, stage.index);
        return items.flatMap(({ instruction }, below) => {
          if (instruction.kind !== 'run') return [];
          const whole = lowering(subject, { items, below });
          const proposal = whole ? cheapest(subject, { items, below }) : divided(subject, items, below);
          return [proposal ?? composerDivided(subject, items, below) ?? []].flat();
        });
      });
    return found.sort((a, b) => secondsOf(b) - secondsOf(a));
  },
  remarks: (subject) =>
    [...neededStages(subject)].flatMap((stage) => {
      const items = builtOf(subject, stage);
      return items.flatMap((_, below) => remarkOf(subject, items, below) ?? []);
    }),
};

/** Why an install stays below what changes often, where it does. */
function remarkOf(subject: Subject, items: readonly BuiltInstruction[], below: number): Remark | undefined {
  const { instruction } = items[below]!;
  if (instruction.kind !== 'run') return undefined;
  const run = subject.lint.runs().find(({ at }) => at === instruction.node);
  const install = run?.commands.map(installOf).find((one) => one !== undefined);
  const share = rebuildCost(subject).shares.get(items[below]!) ?? 0;
  if (!install || share < OFTEN) return undefined;
  const above = items
    .slice(0, below)
    .flatMap((one) => [...(contextCopies(subject).get(one)?.files.keys() ?? [])]);
  if (above.every((path) => MANIFEST.test(path))) return undefined;
  const [why] = reasonsToStay(subject, items, below);
  if (why === undefined) return undefined;
  return {
    what: `${shortened(instruction.text, 60)} runs again after ${Math.round(100 * share)} % of commits`,
    why: `${why}, so it stays below what is copied`,
    span: instruction.span,
  };
}

function reasonsToStay(
  subject: Subject,
  items: readonly BuiltInstruction[],
  below: number,
): readonly string[] {
  const reasons: string[] = [];
  const refuse = (why: string) => reasons.push(why);
  let found = lowering(subject, { items, below, refuse });
  const division = found ? undefined : divisionOf(subject, items[below]!);
  if (division) {
    const { commands } = division;
    reasons.length = 0;
    found = lowering(subject, {
      ...{ items, below, refuse },
      needsOf: (built, files, told) =>
        needsOf(subject, { built, files, commands, ...(told ? { refuse: told } : {}) }),
    });
  }
  if (!found) return reasons;
  // Where only what it needs is above it, nothing is left to do.
  const isDone = found.lowered.every(({ copy, needed }) => copy.files.size === needed.length);
  return isDone ? [] : ['by what it takes and by what commits touch, another order would not pay'];
}

/** Less is what manifests alone make run. */
const OFTEN = 0.5;

function secondsOf({ claim }: Proposal): number {
  return claim.secondsPerCommit ?? 0;
}

/** The same with the first part of a RUN, which is made two. */
function divided(subject: Subject, items: readonly BuiltInstruction[], below: number): Proposal | undefined {
  const run = items[below]!;
  const division = divisionOf(subject, run);
  if (!division) return undefined;
  const { commands } = division;
  const own = (built: BuiltInstruction, files: readonly string[]) =>
    needsOf(subject, { built, files, commands });
  return cheapest(subject, { items, below, needsOf: own }, division);
}

/** The same with what Composer installs, apart from the autoloader. */
function composerDivided(
  subject: Subject,
  items: readonly BuiltInstruction[],
  below: number,
): Proposal | undefined {
  const run = items[below]!;
  const composer = composerDivision(subject, run);
  return composer && cheapest(subject, { items, below, needsOf: composer.needsOf }, composer.division);
}

/** The COPYs below the RUN; one that names what it needs beside other files stays, where commits hardly touch these. */
function cheapest(subject: Subject, request: LoweringRequest, division?: Division): Proposal | undefined {
  const run = request.items[request.below]!;
  const proposals = [namesFiles, undefined].flatMap((stays) => {
    const found = lowering(subject, { ...request, ...(stays ? { stays } : {}) });
    return (found && proposalOf(subject, { run, found, ...(division ? { division } : {}) })) ?? [];
  });
  const [few, all = few] = proposals;
  if (!few || !all) return undefined;
  const cost = rebuildCost(subject).secondsPerCommit;
  return isGain(cost - secondsOf(few), cost - secondsOf(all)) ? all : few;
}

/** A COPY of files by their names: `COPY package.json lerna.json ./`. */
function namesFiles({ files, sources, makes }: ContextCopy): boolean {
  return !makes && sources.every(({ path }) => files.has(path));
}

interface Place {
  readonly run: BuiltInstruction;
  readonly found: Lowering;
  readonly division?: Division;
}

function proposalOf(subject: Subject, { run, found, division }: Place): Proposal | undefined {
  const edits = editsOf(subject, { run, found, ...(division ? { division } : {}) });
  const change = edits && { edits, ...(division ? { expects: division.expects } : {}) };
  const gain = change && gainOf(subject, change);
  if (!gain) return undefined;
  const { lowered } = found;
  const files = [...new Set(lowered.flatMap(({ needed }) => needed))];
  // With nothing to copy for them all RUN go up alike: the one to name is the one that takes longest.
  const main = files.length === 0 ? longestOf(subject, found.needs, run) : run;
  const what = shortened(division?.title ?? main.instruction.text.replace(/^run\s+/i, ''), 50);
  const others = found.needs.length - 1;
  const beside = main === run || others < 1 ? '' : `, and ${others} RUN beside it,`;
  const apart = division ? ', apart from what follows it' : '';
  return {
    title:
      files.length === 0
        ? `run ${what}${beside} above what is copied${apart}`
        : `copy ${inWords(files)} before ${what}${apart}`,
    reason: reasonOf(subject, { found, files, gain }),
    span: run.instruction.span,
    ...change,
    claim: { secondsPerCommit: gain.before - gain.after },
    allows: [],
    risk: [riskOf(subject, found, change), ...(division?.risk === undefined ? [] : [division.risk])].join(
      '; ',
    ),
  };
}

/** Of RUN instructions the one that takes longest; the last, where they take the same. */
function longestOf({ observed }: Subject, needs: Lowering['needs'], run: BuiltInstruction): BuiltInstruction {
  const secondsOf = ({ instruction }: BuiltInstruction) => observed(instruction)?.seconds ?? 0;
  return needs.reduce((best, { built }) => (secondsOf(built) > secondsOf(best) ? built : best), run);
}

function riskOf(subject: Subject, { lowered, needs }: Lowering, { edits }: Pick<Proposal, 'edits'>): string {
  const directories = new Set(
    lowered.flatMap(({ needed }) => needed.filter((path) => MANIFEST.test(path)).map(parentPath)),
  );
  const isSeen = needs.every((one) => one.needs.watched);
  const installs = needs.some((one) => one.needs.installs.length > 0);
  const found = isSeen
    ? 'a file that the install will read one day, and does not read today, has to be added to its COPY'
    : installs
      ? 'what the install reads was not seen: its files are those by which its package manager is known'
      : 'what it reads was not seen: as a rule commands like this one read no file';
  if (edits.some(({ text }) => text.startsWith('# syntax=')))
    return `${found}; the builder fetches docker/dockerfile:1 from its registry: COPY --parents needs ${knownSince('parents')} of it or newer`;
  if (edits.some(({ text }) => text.includes(' --parents ')))
    return `${found}; COPY --parents needs docker/dockerfile ${knownSince('parents')} or newer: a mirror or a builder without a registry may hold an older one`;
  if (directories.size < 3 || knowsFlag(subject.draft.source, 'parents')) return found;
  return `${found}, that of a new member of the workspace too: with \`# syntax=docker/dockerfile:1\` in the first line one COPY --parents with a pattern would take them all`;
}

function editsOf(subject: Subject, { run, found, division }: Place): readonly TextEdit[] | undefined {
  const { lowered, needs } = found;
  const later = new Set(needs.flatMap((one) => [...one.needs.later]));
  const edits: TextEdit[] = [];
  let moved = '';
  let asks = false;
  const above = new Map<BuiltInstruction, string>();
  for (const one of lowered) {
    const { copy, needed } = one;
    const request = { copy, files: needed, later };
    let text = copyLines(request);
    if (text === undefined && !detectSyntax(subject.draft.source)) {
      // Too many directories for a line each: the frontend that knows a line for all of them is asked for.
      text = copyLines({ ...request, parents: true });
      asks = true;
    }
    if (text === undefined) return undefined;
    const lines = linesOf(subject, copy.instruction);
    const place = text === '' ? undefined : wantedAt(one, needs);
    if (place) above.set(place, (above.get(place) ?? '') + text);
    edits.push(...(text === '' || place ? removeLines(subject, lines) : replaceLines(lines, text)));
    moved += lines.text;
  }
  for (const [{ instruction }, text] of above) edits.push(insertAbove(subject, instruction, text));
  if (asks) edits.push(askForNewest(subject.draft.source));
  return [
    ...edits,
    division ? division.edit(moved) : insertBelow(subject, belowStages(subject, { run, found }), moved),
  ];
}

/** The last of the COPY from other stages right below a RUN, where those need not be made again with what goes below it. */
function belowStages(subject: Subject, { run, found: { lowered } }: Place): BuiltInstruction['instruction'] {
  const items = builtOf(subject, run.facts.stage.index);
  let at = items.indexOf(run);
  for (let next = items[at + 1]; next?.instruction.kind === 'copy'; next = items[at + 1]) {
    const step = subject.observed(next.instruction);
    if (!step || !isMovable(next.instruction, step)) break;
    if (!lowered.every(({ copy }) => canPass(subject, step, copy.built))) break;
    at++;
  }
  return items[at]!.instruction;
}

/** The RUN that is the first to need something of a COPY, where others stand between that do not: it is copied right above it. */
function wantedAt(
  { copy, needed }: Lowering['lowered'][number],
  needs: Lowering['needs'],
): BuiltInstruction | undefined {
  const places = needed.map((path) => copy.files.get(path)!);
  const below = needs.filter(({ built }) => built.instruction.span.start > copy.instruction.span.start);
  const first = below.findIndex(
    (one) => one.needs.later.size > 0 || places.some((path) => one.needs.files.has(path)),
  );
  return first > 0 ? below[first]!.built : undefined;
}

function reasonOf(
  subject: Subject,
  {
    found: { lowered, needs },
    files,
    gain,
  }: {
    readonly found: Lowering;
    readonly files: readonly string[];
    readonly gain: { readonly before: number; readonly after: number };
  },
): string {
  const seconds = needs.reduce(
    (sum, { built }) => sum + (subject.observed(built.instruction)?.seconds ?? 0),
    0,
  );
  const all = new Set(lowered.flatMap(({ copy }) => [...copy.files.keys()]));
  const watched = needs.every((one) => one.needs.watched);
  const reads = files.length === 0 ? 'none of the files that now go below' : inWords(files);
  const isOne = needs.length === 1;
  const managers = isOne ? 'its package manager reads' : 'their package managers read';
  const unwatched = needs.some((one) => one.needs.installs.length > 0) ? managers : isOne ? 'reads' : 'read';
  const seen = watched ? `${isOne ? 'was' : 'were'} seen to read ${reads}` : `${unwatched} ${reads}`;
  const they = isOne ? 'it' : `the ${needs.length} RUN`;
  const took =
    seconds > 0 ? `${they} took ${inSeconds(seconds)}` : `${they} ${isOne ? 'has' : 'have'} not run here,`;
  const { commits } = commitsOf(subject);
  const touching = commits.filter((paths) =>
    paths.some((path) => lowered.some(({ copy }) => copy.takes(path))),
  );
  const share = Math.round((100 * touching.length) / Math.max(1, commits.length));
  return (
    `${took} and ${seen}; above ${isOne ? 'it' : 'them'} ${all.size === 1 ? 'a file is' : `${all.size} files are`} copied, ` +
    `of which ${share} % of commits touch one. A commit's rebuild goes from ${inSeconds(gain.before)} to ${inSeconds(gain.after)}, ` +
    `${basisOf(commitsOf(subject))}`
  );
}
