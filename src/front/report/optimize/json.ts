// What `mille optimize` came to, for programs. The names are documented in docs/optimize.md, and stay.

import type {
  Allowance,
  ChangedText,
  Measured,
  OptimizeChange,
  OptimizeResult,
  Picture,
  PictureStep,
} from '../../../app/index.ts';
import { makeStyle } from '../style.ts';
import { diffHead, hunkBody, hunkHead } from '../unified-diff.ts';
import { measuredBytes } from './figures.ts';
import { isDry } from './summary.ts';

type Verdict = NonNullable<OptimizeResult['verdict']>;

/** One JSON object. */
export function optimizeJson(result: OptimizeResult): string {
  const { dockerfile, context, goal, changes, files, before, after, verdict, checks, replay } = result;
  const document = {
    ...{ dockerfile: dockerfile.name, context, goal, proved: verdict?.same ?? false, dry: isDry(result) },
    changes: changes.map((one) => changeJson(one, result)),
    left: result.left ?? [],
    files: files.map(fileJson),
    before: before ? sideJson(before) : null,
    after: after ? sideJson(after) : null,
    ...(result.reckoned ? { reckoned: reckonedJson(result.reckoned) } : {}),
    proof: verdict ? verdictJson(verdict) : null,
    checks: checks ?? [],
    replay: replay ?? null,
    notes: result.notes,
    seconds: round(result.seconds),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function changeJson(change: OptimizeChange, result: OptimizeResult) {
  const { refusal, claim, ...rest } = change;
  const measured = measuredBytes(change, result);
  return {
    ...rest,
    allows: change.allows.map(allowanceJson),
    claim: Object.fromEntries(Object.entries(claim).map(([key, value]) => [key, round(value as number)])),
    ...(measured === undefined ? {} : { measured: { bytes: measured } }),
    ...(refusal
      ? {
          refusal: {
            ...(refusal.failure === undefined ? {} : { failure: refusal.failure }),
            ...(refusal.verdict ? verdictJson(refusal.verdict) : {}),
            ...(refusal.checks ? { checks: refusal.checks } : {}),
          },
        }
      : {}),
  };
}

/** The difference is one that `patch` takes. Where values in the text look secret, they are hidden in it, and the whole is left out. */
function fileJson(file: ChangedText) {
  const { name, path, written, hunks } = file;
  return {
    ...{ name, path, written, created: file.before === undefined },
    hunks: hunks.map(({ before, after, lines, changes }) => ({ before, after, changes, lines })),
    diff: plainDiff(file),
    ...(file.hides ? {} : { after: file.after }),
  };
}

/** As `diff -u` writes it. */
export function plainDiff({ name, before, hunks }: ChangedText): string {
  const style = makeStyle(false);
  const head = diffHead(before === undefined ? '/dev/null' : name, name, style);
  return `${[...head, ...hunks.flatMap((hunk) => [hunkHead(hunk), ...hunkBody(hunk.lines, style)])].join('\n')}\n`;
}

function sideJson({ picture, steps: _, secondsPerCommit, ...measured }: Measured) {
  return {
    ...measured,
    secondsPerCommit: roundOr(secondsPerCommit ?? picture?.secondsPerCommit),
    commitsAssumed: picture?.assumed ?? null,
    steps: (picture?.steps ?? []).map(stepJson),
  };
}

function reckonedJson({ before, after }: NonNullable<OptimizeResult['reckoned']>) {
  return { before: pictureJson(before), after: after ? pictureJson(after) : null };
}

function pictureJson({ secondsPerCommit, assumed, steps }: Picture) {
  return { secondsPerCommit: round(secondsPerCommit), commitsAssumed: assumed, steps: steps.map(stepJson) };
}

function stepJson({ seconds, rebuilt, ...step }: PictureStep) {
  return { ...step, seconds: roundOr(seconds), rebuilt: round(rebuilt) };
}

function verdictJson({ same, files, config, allowed, noise, normalised, missed }: Verdict) {
  return {
    same,
    files: files.map(({ path, kind, aspects, beforeBytes, afterBytes }) => ({
      ...{ path, kind, aspects, beforeBytes, afterBytes },
    })),
    config: config.map(({ what, kind }) => ({ what, kind })),
    allowed: allowed.map(({ allowance, ...sum }) => ({ allowance: allowanceJson(allowance), ...sum })),
    ...{ noise, normalised },
    ...(missed ? { missed } : {}),
  };
}

/** Of many paths only how many there are. */
function allowanceJson(allowance: Allowance) {
  return allowance.what === 'paths' ? { ...allowance, paths: allowance.paths.length } : allowance;
}

function roundOr(value: number | undefined): number | null {
  return value === undefined ? null : round(value);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
