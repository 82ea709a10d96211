// The events themselves, one JSON object a line, for programs.

import { type BuildEvent, positionAt, redactUrls, type Span } from '../../../core/index.ts';
import type { ProgressRenderer } from './renderer.ts';

/** `--progress=json`: each event with its `time` (RFC 3339); a span becomes `{file, line, column, endLine}`. */
export const jsonProgress: ProgressRenderer = {
  event: (event, now) => `${redactUrls(eventJson(event, now))}\n`,
  tick: () => '',
  end: () => '',
};

function eventJson(event: BuildEvent, now: number): string {
  const { type, ...rest } = event;
  // A span holds the whole source: the place is what a reader needs.
  return JSON.stringify({ type, time: new Date(now).toISOString(), ...rest }, (key, value) =>
    key === 'span' && value !== undefined ? placeOf(value as Span) : value,
  );
}

function placeOf(span: Span) {
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, Math.max(span.start, span.end - 1));
  return { file: span.source.name, line: start.line, column: start.column, endLine: end.line };
}
