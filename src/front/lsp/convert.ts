// Places and findings in the words of the protocol.

import { type Position, Range, type Diagnostic as Shown } from 'vscode-languageserver/node';
import type { EditorView } from '../../app/index.ts';
import { type Diagnostic, formatSize, positionAt, type Severity, type SourceText } from '../../core/index.ts';

/** The numbers of the protocol: error, warning, information, hint. */
const SEVERITY: Readonly<Record<Severity, 1 | 2 | 3 | 4>> = { error: 1, warning: 2, info: 3, style: 4 };

/** A finding as editors show it: with what its line cost. */
export function shownFinding({ source, findings }: EditorView, finding: Diagnostic): Shown {
  const { rule, codes = [], severity, url, message, span, cost } = finding;
  const paid = cost ? [secondsOf(cost.seconds), ...(cost.bytes ? [formatSize(cost.bytes)] : [])] : [];
  return {
    range: rangeOf(source, span.start, span.end),
    severity: SEVERITY[severity],
    code: rule,
    ...(url === undefined ? {} : { codeDescription: { href: url } }),
    source: 'mille',
    message: [
      `${capital(message)}.`,
      ...(codes.length === 0 ? [] : [`(${codes.slice(0, 3).join(', ')})`]),
      ...(paid.length === 0 ? [] : [`Last built: ${paid.join(', ')}.`]),
    ].join(' '),
    // With it a client can ask for the fixes of just this one.
    data: findings.indexOf(finding),
  };
}

/** A range of a text. */
export function rangeOf(source: SourceText, start: number, end: number): Range {
  return Range.create(placeOf(source, start), placeOf(source, end));
}

function placeOf(source: SourceText, offset: number): Position {
  const { line, column } = positionAt(source, offset);
  return { line: line - 1, character: column - 1 };
}

function secondsOf(seconds: number): string {
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
