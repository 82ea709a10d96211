// Before and after in numbers, in the words that every form of the report uses.

import type { Measured, OptimizeChange, OptimizeResult, Picture } from '../../../app/index.ts';
import { formatSize } from '../size.ts';
import { formatSeconds } from '../time.ts';

/** Something that was measured or reckoned on both sides. */
export interface Figure {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** `-89 %`, `the same`; '' where there is nothing to compare with. */
  readonly change: string;
  /** Whether the change is for the better. */
  readonly better?: boolean;
  /** Where the number comes from, where that is not plain. */
  readonly basis?: string;
}

/** Less is no difference of two measurements. */
const NO_SECONDS = 0.05;
const NO_SHARE = 0.02;

/** The figures. */
export function figuresOf(result: OptimizeResult): readonly Figure[] {
  const { before, after, reckoned } = result;
  if (reckoned) return [reckonedFigure(reckoned)];
  if (!before) return [];
  const row = (
    what: string,
    read: (one: Measured) => number | undefined,
    { format, basis }: { readonly format: (value: number) => string; readonly basis?: string },
  ): Figure[] => {
    const [old, now] = [read(before), after && read(after)];
    if (old === undefined || (after && now === undefined)) return [];
    const compared = now === undefined ? { change: '' } : compare(old, now, format);
    return [
      {
        ...{ what, before: format(old), after: now === undefined ? '' : format(now), ...compared },
        ...(basis === undefined ? {} : { basis }),
      },
    ];
  };
  const size = { format: formatSize };
  const time = { format: formatSeconds };
  return [
    ...row('size', ({ bytes }) => bytes, size),
    ...row('to be sent', ({ sent }) => sent, { ...size, basis: 'layers as a registry gets them' }),
    ...row('layers', ({ layers }) => layers, { format: (count) => String(count) }),
    ...row('from nothing', ({ seconds }) => (seconds === 0 ? undefined : seconds), time),
    ...row('with cache mounts', ({ secondsWithMounts }) => secondsWithMounts, {
      ...time,
      basis: 'from nothing, with what RUN --mount=type=cache kept',
    }),
    ...row('a commit', perCommit, { ...time, basis: commitBasis(before) }),
  ];
}

function perCommit({ secondsPerCommit, picture }: Measured): number | undefined {
  return secondsPerCommit ?? picture?.secondsPerCommit;
}

/** All that there is where nothing was built. */
function reckonedFigure({ before, after }: NonNullable<OptimizeResult['reckoned']>): Figure {
  const [old, now] = [before.secondsPerCommit, after?.secondsPerCommit];
  return {
    ...{ what: 'a commit', before: formatSeconds(old), after: now === undefined ? '' : formatSeconds(now) },
    ...(now === undefined ? { change: '' } : compare(old, now, formatSeconds)),
    basis: basisOf(before),
  };
}

function commitBasis({ picture }: Measured): string {
  return basisOf(picture);
}

function basisOf(picture: Picture | undefined): string {
  return picture?.assumed
    ? 'reckoned for commits as most projects have them'
    : "reckoned for the project's commits";
}

/** Numbers that read the same are the same; of layers, more are no loss. */
function compare(
  before: number,
  after: number,
  format: (value: number) => string,
): Pick<Figure, 'change' | 'better'> {
  const gain = before - after;
  if (format(before) === format(after)) return { change: 'the same' };
  if (format === formatSeconds && (Math.abs(gain) < NO_SECONDS || Math.abs(gain) < before * NO_SHARE))
    return { change: 'the same' };
  if (format !== formatSeconds && format !== formatSize)
    return { change: `${gain > 0 ? '-' : '+'}${Math.abs(gain)}` };
  return { change: percentage(before, after), better: gain > 0 };
}

/** `-89 %`, `+3 %`, `-0.4 %`. */
export function percentage(before: number, after: number): string {
  if (before === 0) return after === 0 ? 'the same' : 'new';
  const percent = ((after - before) / before) * 100;
  const size = Math.abs(percent);
  if (size < 0.05) return 'the same';
  // Never a round hundred where something is left.
  const digits = size < 10 || (percent < 0 && after > 0 && size >= 99.5) ? 1 : 0;
  const text = after > 0 && percent < 0 ? Math.min(size, 99.9).toFixed(digits) : size.toFixed(digits);
  return `${percent < 0 ? '-' : '+'}${text} %`;
}

/** What a change gains, of what it was to: `-12MB`, `+0.3s`; '' where it says nothing. */
export interface Gains {
  readonly bytes: string;
  readonly seconds: string;
  readonly cold: string;
  /** Bytes that the comparison found: what it took from the image. */
  readonly measured: string;
}

/** The gains of a change. */
export function gainsOf(change: OptimizeChange, result: OptimizeResult): Gains {
  const { bytes, secondsPerCommit, secondsCold, layerBytesPerCommit } = change.claim;
  const aCommit = [signedSeconds(secondsPerCommit), signedSize(layerBytesPerCommit)];
  return {
    bytes: signedSize(bytes),
    seconds: aCommit.filter((one) => one !== '').join(', '),
    cold: signedSeconds(secondsCold),
    measured: signedSize(measuredBytes(change, result)),
  };
}

/** Bytes by which what it may change got less; undefined where the comparison does not tell, or an earlier change has them. */
export function measuredBytes(
  change: OptimizeChange,
  { changes, verdict }: OptimizeResult,
): number | undefined {
  if (change.outcome !== 'proved' || !verdict) return undefined;
  const earlier = changes.slice(0, changes.indexOf(change)).filter(({ outcome }) => outcome === 'proved');
  const theirs = new Set(earlier.flatMap(meantBy));
  const own = new Set(meantBy(change).filter((one) => !theirs.has(one)));
  const found = verdict.allowed.filter(({ allowance }) => own.has(JSON.stringify(allowance)));
  return found.length === 0 ? undefined : found.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What a change may alter, but for what only comes along. */
function meantBy({ allows }: OptimizeChange): readonly string[] {
  return allows.filter((one) => one.what !== 'files' || !one.incidental).map((one) => JSON.stringify(one));
}

/** @param gain what is gained: shown as what gets less */
function signedSize(gain: number | undefined): string {
  if (gain === undefined || gain === 0) return '';
  return gain > 0 ? `-${formatSize(gain)}` : `+${formatSize(-gain)}`;
}

function signedSeconds(gain: number | undefined): string {
  if (gain === undefined || Math.abs(gain) < NO_SECONDS) return '';
  return gain > 0 ? `-${formatSeconds(gain)}` : `+${formatSeconds(-gain)}`;
}
