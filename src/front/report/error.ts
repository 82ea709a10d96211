// Errors as people and programs read them: what, where (with the lines meant), what it had printed, what to do.

import { formatPlace, MilleError, positionAt, redactUrls } from '../../core/index.ts';
import { renderExcerpt } from './excerpt.ts';
import { sanitizeLine } from './sanitize.ts';
import { makeStyle } from './style.ts';

export interface ErrorOptions {
  readonly color: boolean;
  /** Width of the terminal, where there is one. */
  readonly columns?: number;
}

/** Exit status of an error that is a bug of ours (sysexits.h, EX_SOFTWARE). */
const INTERNAL_ERROR_STATUS = 70;

/** The exit status for anything thrown. */
export function errorStatus(error: unknown): number {
  return error instanceof MilleError ? error.exitStatus : INTERNAL_ERROR_STATUS;
}

/** Several lines, ended by a line break. An error that is no MilleError is a bug, shown with its stack. */
export function renderError(error: unknown, options: ErrorOptions): string {
  const style = makeStyle(options.color);
  const lines: string[] = [];
  if (!(error instanceof MilleError)) {
    const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    lines.push(`${style.bad('internal error:')} ${text}`);
    lines.push(`${style.active('hint:')} this is a bug of mille; please report it with the lines above`);
    return `${lines.join('\n')}\n`;
  }
  const [first = '', ...more] = error.message.split('\n').map(sanitizeLine);
  lines.push(`${style.bad('error:')} ${style.strong(first)}`, ...more.map((line) => `  ${line}`));
  if (error.span) {
    lines.push(formatPlace(error.span));
    // Those lines may be what gives the secret away.
    if (error.code !== 'secrets-found')
      lines.push(...renderExcerpt(error.span, style, Math.max(40, options.columns ?? 110)));
  }
  if (error.output && error.output.length > 0) {
    lines.push(style.faint('last lines of its output:'));
    lines.push(...error.output.map((line) => `${style.faint('  |')} ${sanitizeLine(line)}`.trimEnd()));
  }
  if (error.hint !== undefined) {
    const [hint = '', ...rest] = error.hint.split('\n').map(sanitizeLine);
    lines.push(`${style.active('hint:')} ${hint}`, ...rest.map((line) => `      ${line}`));
  }
  return `${lines.join('\n')}\n`;
}

/** The same as one line of JSON, for `--progress=json`. */
export function errorJson(error: unknown): string {
  if (!(error instanceof MilleError)) {
    const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    return `${JSON.stringify({ type: 'error', code: 'internal', message: text })}\n`;
  }
  const place = error.span && {
    file: error.span.source.name,
    ...positionAt(error.span.source, error.span.start),
  };
  const json = JSON.stringify({
    type: 'error',
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(place ? { place } : {}),
    ...(error.output ? { output: error.output } : {}),
  });
  return `${redactUrls(json)}\n`;
}
