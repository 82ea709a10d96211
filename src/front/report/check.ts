// What the checks of a Dockerfile found: for people, each in its place; for programs, in the structure that
// `docker build --call=check,format=json` has.

import type { CheckResult } from '../../app/index.ts';
import { type Diagnostic, formatPlace, type MilleError, positionAt } from '../../core/index.ts';
import { renderExcerpt } from './excerpt.ts';
import { base64, location } from './location.ts';
import { sanitizeLine } from './sanitize.ts';
import { makeStyle, type Style } from './style.ts';

/** How to show it. */
export interface CheckStyle {
  readonly color: boolean;
  /** Width of the terminal, where there is one. */
  readonly columns?: number;
}

/** The findings with the lines they are about. An error is not shown: it is for the caller to tell. */
export function renderCheck({ diagnostics, error }: CheckResult, options: CheckStyle): string {
  const style = makeStyle(options.color);
  const columns = Math.max(40, options.columns ?? 110);
  const count = diagnostics.length;
  if (count === 0) return error ? '' : 'Check complete, no warnings found.\n';
  const head = `Check complete, ${count === 1 ? '1 warning has' : `${count} warnings have`} been found!`;
  return `${[head, ...diagnostics.flatMap((one) => ['', ...findingLines(one, style, columns)])].join('\n')}\n`;
}

function findingLines(diagnostic: Diagnostic, style: Style, columns: number): string[] {
  const { rule, severity, url, message, span, fix } = diagnostic;
  const link = url === undefined ? '' : ` - ${url}`;
  return [
    `${style.warn(`${severity.toUpperCase()}: ${rule}`)}${link}`,
    sanitizeLine(message),
    formatPlace(span),
    ...renderExcerpt(span, style, columns),
    ...(fix ? [`${style.active('fix:')} ${sanitizeLine(fix.title)}`] : []),
  ];
}

/** Docker's JSON. `definition` of a source, which tells how BuildKit read it, is left out. */
export function checkJson({ source, diagnostics, error }: CheckResult): string {
  const document = {
    // Null, not an empty list, is what Docker has.
    warnings: diagnostics.length === 0 ? null : diagnostics.map(warningJson),
    sources: [{ filename: source.name, data: base64(source.text), language: 'Dockerfile' }],
    ...(error ? { buildError: errorJson(error) } : {}),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function warningJson({ rule, summary, url, message, lines }: Diagnostic) {
  return {
    ruleName: rule,
    description: summary,
    ...(url === undefined ? {} : { url }),
    detail: message,
    location: location(lines),
  };
}

function errorJson({ message, span }: MilleError) {
  if (!span) return { message, location: {} };
  const first = positionAt(span.source, span.start).line;
  const last = positionAt(span.source, Math.max(span.start, span.end - 1)).line;
  return { message, location: location({ first, last }) };
}
