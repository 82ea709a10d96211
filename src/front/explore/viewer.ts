// A file that is looked into: text line by line, anything else as bytes in hexadecimal.

import { sanitizeLine } from '../report/index.ts';

export interface Viewer {
  readonly node: number;
  readonly version: number;
  readonly bytes: Uint8Array;
  /** Bytes of the whole file, of which `bytes` may be the beginning. */
  readonly size: number;
  readonly hex: boolean;
  /** Whether it is text; otherwise there is only `hex`. */
  readonly isText: boolean;
  /** Where the lines begin in `text`. */
  readonly text: string;
  readonly starts: readonly number[];
  readonly top: number;
  /** Columns that are out of sight on the left. */
  readonly left: number;
  /** What was searched for. */
  readonly search: string;
}

const SNIFFED = 8192;

/** Begins with a file. What holds a zero or is no UTF-8 at its beginning is no text. */
export function openViewer(
  content: Pick<Viewer, 'node' | 'version' | 'bytes' | 'size'>,
  before?: Viewer,
): Viewer {
  const { bytes } = content;
  const isText = looksLikeText(bytes);
  const text = isText ? new TextDecoder('utf-8').decode(bytes) : '';
  const starts = isText ? lineStarts(text) : [];
  const same = before?.node === content.node;
  return {
    ...content,
    ...{ hex: !isText || (same && before.hex), isText, text, starts },
    ...{ top: same ? before.top : 0, left: same ? before.left : 0, search: before?.search ?? '' },
  };
}

function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, SNIFFED);
  if (head.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function lineStarts(text: string): number[] {
  const starts = text === '' ? [] : [0];
  for (let at = text.indexOf('\n'); at >= 0 && at + 1 < text.length; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

/** How many bytes a row in hexadecimal has. */
export function hexWidth(columns: number): number {
  return columns >= 78 ? 16 : columns >= 46 ? 8 : 4;
}

/** How many lines there are to page through. */
export function viewerLines(viewer: Viewer, columns: number): number {
  return viewer.hex ? Math.ceil(viewer.bytes.length / hexWidth(columns)) : viewer.starts.length;
}

/** Columns of a long line that are looked at beyond what is shown: what is made safe may become shorter. */
const SPARE = 2000;

/** A line, safe to show, from the first column that is seen. */
export function viewerLine(viewer: Viewer, line: number, columns: number): string {
  if (viewer.hex) return hexLine(viewer.bytes, line * hexWidth(columns), hexWidth(columns));
  const start = viewer.starts[line]!;
  const end = viewer.starts[line + 1] ?? viewer.text.length;
  const raw = viewer.text.slice(start, Math.min(end, start + viewer.left + columns + SPARE));
  return sanitizeLine(raw.replace(/\r?\n$/, '')).slice(viewer.left);
}

function hexLine(bytes: Uint8Array, offset: number, width: number): string {
  const part = bytes.subarray(offset, offset + width);
  const digits: string[] = [];
  let text = '';
  for (let i = 0; i < width; i++) {
    const byte = part[i];
    digits.push(byte === undefined ? '  ' : byte.toString(16).padStart(2, '0'));
    if (byte !== undefined) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  const half = digits.length / 2;
  const hex = `${digits.slice(0, half).join(' ')}  ${digits.slice(half).join(' ')}`;
  return `${offset.toString(16).padStart(8, '0')}  ${hex}  ${text}`;
}

/** The next line after `from`, or before it, that holds what is searched for; the search begins anew at the end. */
export function searchLine(viewer: Viewer, from: number, forwards: boolean): number | undefined {
  const { text, starts, search } = viewer;
  if (search === '' || starts.length === 0) return undefined;
  const exact = /\p{Lu}/u.test(search);
  const [subject, wanted] = exact ? [text, search] : [text.toLowerCase(), search.toLowerCase()];
  const after = starts[from + 1] ?? text.length;
  const before = (starts[from] ?? 0) - 1;
  const [first, again] = forwards
    ? [subject.indexOf(wanted, after), subject.indexOf(wanted)]
    : [before < 0 ? -1 : subject.lastIndexOf(wanted, before), subject.lastIndexOf(wanted)];
  const at = first >= 0 ? first : again;
  return at < 0 ? undefined : lineAt(starts, at);
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
