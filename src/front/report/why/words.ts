// The sentences of `mille why`.

import type { MovedBase, WhyBuild, WhyComparison, WhyReport, WhyStep } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { formatAge, formatSeconds } from '../time.ts';

/** `#3`, `#3 and #4`, `#3, #4 and #5`; many in a row are `#3 to #9`. */
export function stepNames(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const runs: { first: number; last: number }[] = [];
  for (const number of sorted) {
    const run = runs.at(-1);
    if (run && run.last === number - 1) run.last = number;
    else runs.push({ first: number, last: number });
  }
  const names = runs.flatMap(({ first, last }) => {
    if (last - first >= 2) return [`#${first} to #${last}`];
    return first === last ? [`#${first}`] : [`#${first}`, `#${last}`];
  });
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}

/** `1 step`, `2 steps`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

const ENDED: Readonly<Record<WhyBuild['outcome'], string>> = {
  succeeded: 'built',
  failed: 'failed after',
  interrupted: 'interrupted after',
};

/** `build 2026…, 3 hours ago: built app:latest in 4.2s`. */
export function buildHead(build: WhyBuild, now: number): string {
  const { id, started, outcome, seconds, names, imageId } = build;
  const made = names.length > 0 ? names.join(', ') : (imageId?.slice(7, 19) ?? 'an image');
  const time = formatSeconds(seconds);
  const end = outcome === 'succeeded' ? `built ${oneLine(made)} in ${time}` : `${ENDED[outcome]} ${time}`;
  return `build ${id}, ${formatAge(started, now)}: ${end}`;
}

/** Where the build came from. */
export function buildPlace({ dockerfile, context, target }: WhyBuild): string {
  const beside = dockerfile.startsWith(`${context}/`) ? '' : `, context ${oneLine(context)}`;
  return `from ${oneLine(dockerfile)}${beside}${target === undefined ? '' : `, target ${oneLine(target)}`}`;
}

/** In the place of a build's id, for records of a cache that came from elsewhere. */
const IMPORTED = 'imported';

/** An earlier build: `build 2026…, 3 hours ago`. */
export function buildThen(
  { buildId, created }: Pick<WhyComparison, 'buildId' | 'created'>,
  now: number,
): string {
  const build = buildId === IMPORTED ? 'the imported cache' : `build ${buildId}`;
  return `${build}, ${formatAge(created, now).toLowerCase()}`;
}

/** Why a step ran, as one sentence without its subject: `ran only because of #4`. */
export function whyItRan(
  step: WhyStep,
  { build }: Pick<WhyReport, 'build'>,
  compared: { readonly now: number; readonly said: string | undefined },
): string {
  const { outcome, comparison, follows, own, reasons } = step;
  const verb =
    outcome !== 'failed'
      ? 'ran'
      : build.outcome === 'interrupted'
        ? 'was interrupted: it ran'
        : 'failed: it ran';
  const texts = reasons.map(({ text }) => oneLine(text)).join(', ');
  switch (reasons[0]?.kind) {
    case 'first-build':
      return `${verb} for the first time: ${FIRST_BUILD}`;
    case 'no-cache':
      return `${verb} because of ${reasons[0].subject}: ${withoutCache(comparison)}`;
  }
  if (!comparison)
    return `${verb} because ${texts === 'new instruction' ? 'the instruction is new: no earlier one is like it' : texts}`;
  if (comparison.total === 0) return `${verb} because ${texts}`;
  if (follows.length > 0 && !own) return `${verb} only because of ${stepNames(follows)}`;
  const also = follows.length > 0 ? ` of ${stepNames(follows)}, and because` : '';
  const { now, said } = compared;
  const from = comparison.buildId === said ? '' : ` from ${buildThen(comparison, now)}`;
  return `${verb} because${also} ${whatDiffers(comparison, follows.length > 0)}${from}`;
}

/** Said of the first build of a project. */
export const FIRST_BUILD = 'no earlier build of this directory and Dockerfile';

/** What is said of a step that ran because of `--no-cache`. */
function withoutCache(comparison: WhyComparison | undefined): string {
  if (!comparison) return 'no earlier one is like it';
  return comparison.total === 0
    ? 'nothing had changed, it would have been reused'
    : 'it would have run anyway';
}

/** `2 of 14 files differ`, `1 other input and 3 files differ`. */
function whatDiffers({ differences, total, files }: WhyComparison, hasCause: boolean): string {
  // What it stands on is spoken of already where a step changed that.
  const parents = hasCause ? differences.filter(({ kind }) => kind === 'parent').length : 0;
  const others = differences.filter(({ kind }) => kind !== 'file').length - parents;
  const changed = differences.length === 0 ? 0 : total - parents - others;
  const of = changed <= files ? `${changed} of ${count(files, 'file')}` : count(changed, 'file');
  const parts = [
    ...(changed === 0 ? [] : [of]),
    ...(others === 0 ? [] : [count(others, changed === 0 ? 'input' : 'other input')]),
  ];
  const verb = changed + others === 1 ? 'differs' : 'differ';
  return parts.length === 0 ? `something differs` : `${parts.join(' and ')} ${verb}`;
}

/** Of a FROM whose image is another one. */
export function movedText(moved: MovedBase, now: number): string {
  const [old, fresh] = [moved.before, moved.after].map((id) => id.replace('sha256:', '').slice(0, 12));
  return `is another image than in ${buildThen(moved, now)}: ${old} → ${fresh}`;
}

/** What a step made and took: `0.1s, 4.61kB in 4 files, line 4`. */
export function stepFacts({ seconds, bytes, files, line }: WhyStep): string {
  const size = bytes === undefined ? [] : [`${formatSize(bytes)} in ${count(files ?? 0, 'file')}`];
  return [formatSeconds(seconds), ...size, ...(line === undefined ? [] : [`line ${line}`])].join(', ');
}

/** What became of what follows a step that made the same as before; undefined for others. */
export function cutOff({ outcome, spares, sparesSeconds, follows }: WhyStep): string | undefined {
  if (outcome !== 'kept') return undefined;
  const same = 'made what it had made before, so its earlier layer was kept';
  if (spares.length > 0) {
    const were = spares.length === 1 ? 'was' : 'were';
    return `${same} and ${stepNames(spares)} ${were} reused${lastTook(sparesSeconds, spares.length)}`;
  }
  return follows.length > 0 ? `${same}; what follows stands on ${stepNames(follows)} as well` : same;
}

/** `, 3 of them from registry host/app:cache`; nothing where all were found in this store. */
export function fromElsewhere(steps: readonly WhyStep[]): string {
  const places = [...new Set(steps.flatMap(({ imported }) => imported ?? []))];
  return places
    .map((place) => {
      const number = steps.filter(({ imported }) => imported === place).length;
      return `, ${number === steps.length ? '' : `${number} of them `}from ${oneLine(place)}`;
    })
    .join('');
}

/** ` (12.3s when they last ran)`, of steps that were found; nothing where that is not worth a word. */
export function tookOf(steps: readonly WhyStep[]): string {
  return lastTook(
    steps.reduce((sum, step) => sum + (step.took ?? 0), 0),
    steps.length,
  );
}

function lastTook(seconds: number, steps: number): string {
  return seconds < 0.05 ? '' : ` (${formatSeconds(seconds)} when ${steps === 1 ? 'it' : 'they'} last ran)`;
}
