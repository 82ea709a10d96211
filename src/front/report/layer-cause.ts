// Who made a layer, in a few words: the line of the Dockerfile, or what the history says.

import type { LayerCause } from '../../app/index.ts';
import { oneLine } from './sanitize.ts';
import { cutText } from './width.ts';

/** `Dockerfile:5 RUN pip install flask`, cut to some columns. */
export function causeText(
  { index, source, instruction }: Pick<LayerCause, 'index' | 'source' | 'instruction'>,
  columns: number,
): string {
  const place = source ? `${oneLine(source.file)}:${source.line}` : '';
  // Lines that were continued are indented.
  const text = oneLine(instruction).replace(/ {2,}/g, ' ');
  return cutText([place, text].filter(Boolean).join(' ') || `layer ${index + 1}`, columns);
}

/** The same where a base image made it: its name is enough. */
export function bringerText(cause: LayerCause, columns: number): string {
  return cause.base === undefined
    ? causeText(cause, columns)
    : cutText(`base ${oneLine(cause.base)}`, columns);
}

/** For programs: what a layer is told by; counted from 1, the lowest, as everywhere. */
export function causeJson({ index, diffId, digest, instruction, source, base }: LayerCause) {
  return {
    ...{ layer: index + 1, diffId, digest, instruction },
    ...(source ? { file: source.file, line: source.line } : {}),
    ...(base === undefined ? {} : { base }),
  };
}
