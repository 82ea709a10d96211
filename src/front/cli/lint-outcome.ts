// What `mille lint` prints, and how it ends.

import type { FixedFile, LintedFile } from '../../app/index.ts';
import { ERROR_CODES, MilleError, type Severity } from '../../core/index.ts';
import {
  hadolintLines,
  LINT_FORMS,
  makeStyle,
  nearest,
  oneLine,
  renderLint,
  unifiedDiff,
} from '../report/index.ts';
import { hasColor } from './color.ts';
import type { LintChoice } from './lint-settings.ts';
import type { Host } from './spec.ts';

const FORMATS = ['tty', ...(Object.keys(LINT_FORMS) as (keyof typeof LINT_FORMS)[])] as const;

/** How it is to be printed. */
export interface LintOutput {
  readonly format: (typeof FORMATS)[number];
  readonly color: boolean;
  readonly shownPath?: string;
}

/** The form of output. @throws MilleError `usage` for one that there is not */
export function outputOf(
  flags: { readonly format: string | undefined; readonly 'file-path-in-report': string | undefined },
  choice: LintChoice,
  host: Host,
): LintOutput {
  const named = flags.format ?? choice.format ?? 'tty';
  const format = FORMATS.find((one) => one === named);
  if (!format) {
    const where = flags.format === undefined ? 'the format of the configuration' : '--format';
    const near = nearest(named, FORMATS);
    throw new MilleError('usage', `${where} can't be '${named}'`, {
      hint: near === undefined ? `it is one of: ${FORMATS.join(', ')}` : `did you mean ${near}?`,
    });
  }
  const shownPath = flags['file-path-in-report'];
  return {
    format,
    color: hasColor(host, 'stdout') && !choice.noColor,
    ...(shownPath === undefined ? {} : { shownPath }),
  };
}

/** Prints what was found. */
export function printFindings(
  files: readonly LintedFile[],
  { format, color, shownPath }: LintOutput,
  { settings: { hadolint } }: LintChoice,
  host: Host,
): void {
  const style = { hadolint, ...(shownPath === undefined ? {} : { shownPath }) };
  if (format !== 'tty') host.out(LINT_FORMS[format](files, style));
  else if (hadolint) host.out(hadolintLines(files, style));
  else
    host.out(renderLint(files, { color, ...(host.terminal.stdout ? { columns: host.size().columns } : {}) }));
  const missing = [...new Set(files.flatMap(({ missingImages }) => missingImages))];
  if (missing.length > 0 && format === 'tty' && !hadolint)
    host.err(`note: not in the store, so looked at without: ${missing.map(oneLine).join(', ')}\n`);
}

/** The difference that fixes make. */
export function fixDiff({ name, before, after }: FixedFile, color: boolean): string {
  return unifiedDiff({ name, text: before }, { name: `${name} (fixed)`, text: after }, makeStyle(color));
}

/** What was fixed, a line a fix. The lines that are told are those of the Dockerfile. */
export function fixLines({ name, applied }: FixedFile, isDockerfile: boolean): string {
  return applied
    .map(({ rule, title, line }) => {
      const place = isDockerfile ? `${name}:${line}` : name;
      return `fixed ${oneLine(place)}: ${oneLine(title)} (${rule})\n`;
    })
    .join('');
}

const ORDER: readonly string[] = ['error', 'warning', 'info', 'style', 'ignore'];

/** The exit status: hadolint's is 1 where ours is one of its own. */
export function lintStatus(files: readonly LintedFile[], output: LintOutput, choice: LintChoice): number {
  const { threshold, noFail, settings } = choice;
  if (noFail) return 0;
  const { hadolint } = settings;
  // These are read by a service that decides itself.
  if (hadolint && ['codeclimate', 'codacy'].includes(output.format)) return 0;
  const failed = files.some(({ diagnostics }) =>
    diagnostics.some(({ severity, codes }) => {
      if (codes?.[0] === 'DL1000') return true;
      return counts(severity, threshold, hadolint);
    }),
  );
  return failed ? failedStatus(choice) : 0;
}

/** The status of something found. */
export function failedStatus({ settings }: LintChoice): number {
  return settings.hadolint ? 1 : ERROR_CODES['lint-failed'].exit;
}

/** For hadolint `none` is the lowest level of all, so that everything is at it or above. */
function counts(severity: Severity, threshold: string, hadolint: boolean): boolean {
  if (threshold === 'none' || threshold === 'ignore') return hadolint;
  return ORDER.indexOf(severity) <= ORDER.indexOf(threshold);
}
