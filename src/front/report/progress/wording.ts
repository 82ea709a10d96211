// The sentences that every display uses, so that a step is spoken of in the same way everywhere.

import { shortDigest } from '../../../core/index.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { formatSeconds } from '../time.ts';
import type { BuildState, Remark, StepState } from './state.ts';

/** Why a step runs: `because requirements.txt changed`; undefined where nothing is known. */
export function describeReasons(step: StepState): string | undefined {
  const [first] = step.reasons;
  if (!first) return undefined;
  if (first.kind === 'first-build') return 'for the first time';
  if (first.kind === 'no-cache') return `because of ${first.subject}`;
  return `because ${step.reasons.map((reason) => oneLine(reason.text)).join(', ')}`;
}

/** What a step is doing: `transferring 12MB / 40MB, 9.5MB/s`. */
export function describeProgress(step: StepState): string | undefined {
  if (!step.progress) return undefined;
  const { doing, done, total, rate } = step.progress;
  const amount =
    done === undefined ? '' : ` ${formatSize(done)}${total === undefined ? '' : ` / ${formatSize(total)}`}`;
  const fast = rate === undefined ? '' : `, ${formatSize(Math.round(rate))}/s`;
  return oneLine(doing) + amount + fast;
}

/** A layer's weight: `12.3MB in 41 files`; '' where a step makes no layer. */
export function describeLayer(step: StepState): string {
  if (step.bytes === undefined) return '';
  const files = step.files === undefined ? '' : ` in ${step.files} ${step.files === 1 ? 'file' : 'files'}`;
  return formatSize(step.bytes) + files;
}

/** A warning or note, its hint on a second line. */
export function describeRemark(remark: Remark): string[] {
  const place = remark.place === undefined ? '' : ` (${remark.place})`;
  return [
    `${remark.kind}: ${oneLine(remark.message)}${place}`,
    ...(remark.hint === undefined ? [] : [`  hint: ${oneLine(remark.hint)}`]),
  ];
}

/** What the checks found, under a line that counts them; nothing where they found nothing. */
export function describeFindings({ findings, found }: BuildState): string[] {
  if (found === 0) return [];
  const count = found === 1 ? '1 warning' : `${found} warnings`;
  const more = found - findings.length;
  return [
    `${count} found (mille build --check shows ${found === 1 ? 'it' : 'them'} in place):`,
    ...findings.map((finding) => ` - ${oneLine(finding)}`),
    ...(more > 0 ? [` - and ${more} more`] : []),
  ];
}

/** The two lines that end a successful build; none before its end. */
export function describeResult(state: BuildState): string[] {
  const { result, steps } = state;
  if (!result) return [];
  const count = (status: string) => steps.filter((step) => step.status === status).length;
  const kept = count('kept');
  // Work on the result, such as writing it elsewhere, is shown as a step and is none of the Dockerfile.
  const own = steps.filter(({ title }) => title.startsWith('['));
  const found = own.filter(({ status }) => status === 'cached').length;
  const cached = `${found} of ${own.length} ${own.length === 1 ? 'step' : 'steps'} cached`;
  const same = kept === 0 ? '' : `, ${kept} ran and changed nothing`;
  const names =
    result.names.length === 0 ? shortDigest(result.imageId) : result.names.map(familiar).join(', ');
  return [
    `image ${result.imageId}`,
    `built ${oneLine(names)} in ${formatSeconds(result.seconds)}: ${formatSize(result.bytes)}, ${cached}${same}`,
  ];
}

/** Seconds of steps that ran again from which on it is worth a line where to read more. */
const LONG = 1;

/** Where to read what made steps run again, below a build that took its time for it; nothing else is worth a line. */
export function describePointer({ result, steps }: BuildState): string[] {
  const again = steps.filter(({ reasons }) => reasons[0] !== undefined && !EXPECTED.has(reasons[0].kind));
  const seconds = again.reduce((sum, step) => sum + (step.seconds ?? 0), 0);
  if (!result || seconds < LONG) return [];
  const count = again.length === 1 ? '1 step' : `${again.length} steps`;
  return [`${count} ran again for ${formatSeconds(seconds)}: 'mille why' tells what changed`];
}

/** Reasons that nobody asks after. */
const EXPECTED: ReadonlySet<string> = new Set(['first-build', 'no-cache']);

/** A canonical name as people write it: `app:latest` for `docker.io/library/app:latest`. */
function familiar(name: string): string {
  return name.replace(/^docker\.io\/(?:library\/)?/, '');
}
