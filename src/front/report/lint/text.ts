// What was found, for people: each finding in its place, with what can be done, and how many there are.

import type { LintedFile } from '../../../app/index.ts';
import {
  type BuildCost,
  type Diagnostic,
  formatPlace,
  formatSize,
  type Severity,
} from '../../../core/index.ts';
import { renderExcerpt } from '../excerpt.ts';
import { sanitizeLine } from '../sanitize.ts';
import { makeStyle, type Style } from '../style.ts';
import { formatSeconds } from '../time.ts';

/** How to show it. */
export interface LintTextStyle {
  readonly color: boolean;
  readonly columns?: number;
}

/** The findings of some files. */
export function renderLint(files: readonly LintedFile[], options: LintTextStyle): string {
  const style = makeStyle(options.color);
  const columns = Math.max(40, options.columns ?? 110);
  const all = files.flatMap(({ diagnostics }) => diagnostics);
  const blocks = all.map((one) => `${findingLines(one, style, columns).join('\n')}\n`);
  return [...blocks, `${summary(all, files.length)}\n`].join('\n');
}

function findingLines(diagnostic: Diagnostic, style: Style, columns: number): string[] {
  const { rule, codes = [], severity, url, message, span, fix, cost } = diagnostic;
  const aliases = codes.length === 0 ? '' : ` (${codes.join(', ')})`;
  const link = url === undefined ? '' : ` - ${style.faint(url)}`;
  const unsafe = fix?.fixClass === 'unsafe' ? ' (--fix=all)' : '';
  return [
    `${paintOf(severity, style)(`${severity.toUpperCase()}: ${rule}`)}${aliases}${link}`,
    sanitizeLine(message),
    formatPlace(span),
    ...renderExcerpt(span, style, columns),
    ...(cost ? [`${style.active('cost:')} ${costWords(cost)} when it was last built`] : []),
    ...(fix ? [`${style.active('fix:')} ${sanitizeLine(fix.title)}${unsafe}`] : []),
  ];
}

function costWords({ seconds, bytes }: BuildCost): string {
  return [formatSeconds(seconds), ...(bytes === undefined ? [] : [formatSize(bytes)])].join(', ');
}

function paintOf(severity: Severity, style: Style): Style['bad'] {
  return { error: style.bad, warning: style.warn, info: style.active, style: style.faint }[severity];
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'style'];

/** `3 findings in 2 files: 1 error, 2 warnings; 2 can be fixed: mille lint --fix`. */
function summary(all: readonly Diagnostic[], files: number): string {
  const where = files === 1 ? '1 file' : `${files} files`;
  if (all.length === 0) return `nothing found in ${where}`;
  const counts = SEVERITIES.flatMap((severity) => {
    const count = all.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${plural(severity, count)}`];
  });
  const safe = all.filter(({ fix }) => fix && fix.fixClass !== 'unsafe').length;
  const unsafe = all.filter(({ fix }) => fix?.fixClass === 'unsafe').length;
  const fixes = [
    ...(safe === 0 ? [] : [`--fix fixes ${safe}`]),
    ...(unsafe === 0 ? [] : [`--fix=all ${safe === 0 ? 'fixes ' : ''}${unsafe}${safe === 0 ? '' : ' more'}`]),
  ].join(', ');
  const head = `${all.length === 1 ? '1 finding' : `${all.length} findings`} in ${where}: ${counts.join(', ')}`;
  return fixes === '' ? head : `${head}; ${fixes}`;
}

function plural(severity: Severity, count: number): string {
  if (severity === 'info' || severity === 'style') return severity;
  return count === 1 ? severity : `${severity}s`;
}
