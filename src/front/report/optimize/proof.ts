// What the comparison of both images came to, and why a change was refused: sentences that every form of the report uses.

import type { CheckVerdict, FileChange, OptimizeChange, OptimizeResult } from '../../../app/index.ts';
import { displayPath } from '../../../core/index.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { cutText } from '../width.ts';

type Verdict = NonNullable<OptimizeResult['verdict']>;
type AllowedChange = Verdict['allowed'][number];
type Missed = NonNullable<Verdict['missed']>[number];

/** Paths that are shown of a refusal, and of what differs by itself. */
const MOST_PATHS = 5;
const MOST_NOISE = 3;
const MOST_PACKAGES = 6;
const COLUMNS = 160;

/** A statement, and what belongs to it. */
export interface Statement {
  readonly text: string;
  readonly details: readonly string[];
}

/** What was proved, as statements. */
export function proofOf({ verdict, changes, checks = [] }: OptimizeResult): readonly Statement[] {
  if (!verdict?.same) return [];
  const proved = changes.filter(({ outcome }) => outcome === 'proved');
  const config = proved.flatMap(({ allows }) =>
    allows.flatMap((one) => (one.what === 'config' ? [configText(one)] : [])),
  );
  const allowed = [...verdict.allowed.filter(({ paths }) => paths > 0).map(allowedText), ...new Set(config)];
  return [
    allowed.length === 0
      ? { text: 'The image is the same: every path and every word of the config.', details: [] }
      : { text: 'The image is the same but for:', details: allowed },
    ...noiseOf(verdict),
    ...checks.map((one): Statement => ({ text: checkText(one), details: [] })),
  ];
}

function noiseOf({ noise, normalised }: Verdict): readonly Statement[] {
  const kinds = new Map<string, number>();
  for (const { leftOut } of normalised) kinds.set(leftOut, (kinds.get(leftOut) ?? 0) + 1);
  const [first, ...others] = noise.map(pathText);
  return [
    ...(first === undefined
      ? []
      : [
          {
            text: `${counted(noise.length, 'path')} ${noise.length === 1 ? 'differs' : 'differ'} between builds of the original as well, and ${noise.length === 1 ? 'was' : 'were'} compared in kind, mode and owner:`,
            details: listed([first, ...others], MOST_NOISE),
          },
        ]),
    ...[...kinds].map(([leftOut, count]) => ({
      text: `${counted(count, 'file')} ${count === 1 ? 'is' : 'are'} the same but for ${leftOut}.`,
      details: [],
    })),
  ];
}

/** `Env PATH of the config, as debian:bookworm has it`. */
function configText({ key, how }: { readonly key: string; readonly how?: string }): string {
  return `${oneLine(key)} of the config${how === undefined ? '' : `, ${oneLine(how)}`}`;
}

/** `312 files below /var/lib/apt/lists, removed (21MB)`. */
function allowedText({ allowance, paths, bytes }: AllowedChange): string {
  if (allowance.what === 'config') return configText(allowance);
  const size = bytes === 0 ? '' : bytes > 0 ? `, ${formatSize(bytes)} less` : `, ${formatSize(-bytes)} more`;
  if (allowance.what === 'paths')
    return `${counted(paths, 'path')}, ${oneLine(allowance.of)}, ${allowance.change}${size}`;
  if (allowance.what === 'packages')
    return `${counted(allowance.removed.length, 'package')} of the distribution removed, ${counted(paths, 'path')}${size}: ${listed(allowance.removed.map(oneLine), MOST_PACKAGES).join(', ')}`;
  const { change, below, aspects } = allowance;
  const what = aspects && change === 'changed' ? `changed in ${aspects.join(' and ')}` : change;
  return `${counted(paths, 'path')} at or below ${pathText(below)}, ${what}${size}`;
}

/** `python -c "import app" ends alike in both (exit status 0)`. */
function checkText({ command, from, outcome, why, before }: CheckVerdict): string {
  const name = `${from === 'healthcheck' ? 'HEALTHCHECK ' : from === 'own-command' ? "The image's own command " : ''}${cutText(oneLine(command), COLUMNS)}`;
  if (outcome === 'alike' && before.late) return `${name}: starts in both, and runs on.`;
  if (outcome === 'alike' && before.status !== 0)
    return `${name}: fails in both, with exit status ${before.status} and the same words: ${cutText(oneLine(before.output.at(-1) ?? ''), COLUMNS)}`;
  if (outcome === 'alike') return `${name}: ends alike in both (exit status ${before.status}).`;
  if (outcome === 'different')
    return `${name}: ends otherwise${why === undefined ? '' : `, ${oneLine(why)}`}.`;
  return `${name}: tells nothing${why === undefined ? '' : `, ${oneLine(why)}`}.`;
}

/** Why a change was refused, a line each. */
export function refusalOf({ refusal }: OptimizeChange): readonly string[] {
  if (!refusal) return [];
  const { verdict, checks = [], failure } = refusal;
  const different = checks.filter(({ outcome }) => outcome === 'different').map(checkText);
  const config = (verdict?.config ?? []).map(
    ({ what, kind }) => `${oneLine(what)} of the config is ${kind === 'changed' ? 'another' : kind}`,
  );
  const files = listed((verdict?.files ?? []).map(fileText), MOST_PATHS);
  return [
    ...(failure === undefined
      ? []
      : [`${verdict ? '' : 'does not build: '}${cutText(oneLine(failure), COLUMNS)}`]),
    ...config,
    ...files,
    ...listed((verdict?.missed ?? []).map(missedText), MOST_PATHS),
    ...different,
  ];
}

/** `changed /app/a.txt (content, mode)`. */
function fileText({ path, kind, aspects }: FileChange): string {
  const what = kind === 'changed' && aspects.length > 0 ? ` (${aspects.join(', ')})` : '';
  return `${kind} ${pathText(path)}${what}`;
}

/** `/usr/bin/tool needs /usr/lib/libtool.so.1, which is gone`. */
function missedText(missed: Missed): string {
  if (missed.what === 'package')
    return `package ${oneLine(missed.name)} depends on ${oneLine(missed.needed)}, which is gone`;
  return `${pathText(missed.path)} needs ${pathText(missed.needed)}, which is gone`;
}

function pathText(path: string): string {
  return cutText(displayPath(`/${path}`), COLUMNS);
}

/** The first of them, and how many more there are. */
function listed(all: readonly string[], most: number): string[] {
  if (all.length <= most + 1) return [...all];
  return [...all.slice(0, most), `… and ${all.length - most} more`];
}

/** `1 path`, `3 paths`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
