// Where things are. What stands in quotes or backquotes is a text of its own for its reader; its offsets are carried
// back to the outermost script.

import type { Range } from './tree.ts';

/** Offsets of a text → offsets of the outermost script. */
export interface Place {
  readonly text: string;
  readonly at: (offset: number) => number;
  /** False where the text was written with escapes. */
  readonly exact: boolean;
}

/** The outermost script. */
export function outermost(text: string): Place {
  return { text, at: (offset) => offset, exact: true };
}

/** A range of a text, carried back. */
export function rangeAt(place: Place, given: { readonly pos: number; readonly end: number }): Range {
  const { at, text } = place;
  // Of what is not finished the library may say that it ends behind the text: `((\\`.
  const pos = Math.min(given.pos, text.length);
  const end = Math.min(given.end, text.length);
  // The end is that of the last character: what stands before the next one may be escapes.
  return end > pos ? { start: at(pos), end: at(end - 1) + 1 } : { start: at(pos), end: at(pos) };
}

/** A text whose pieces come from places of another. `offsets[i]` is where character `i` stands there. */
export function pieced(outer: Place, text: string, offsets: readonly number[]): Place {
  const contiguous = offsets.every(
    (offset, index) => index === 0 || offset === (offsets[index - 1] ?? 0) + 1,
  );
  const last = offsets.at(-1) ?? 0;
  return {
    text,
    at: (offset) => outer.at(offsets[offset] ?? last + 1 + offset - offsets.length),
    exact: outer.exact && contiguous,
  };
}

/**
 * Where each character of `value` stands in `raw`, from which backslashes were taken away; undefined where that is not
 * how one comes from the other.
 */
export function alignEscapes(raw: string, value: string): number[] | undefined {
  const offsets: number[] = [];
  let at = 0;
  for (let index = 0; index < value.length; index++) {
    const spare = raw.length - at > value.length - index;
    if (spare && raw[at] === '\\' && raw[at + 1] === value[index]) at++;
    else if (spare && raw[at] === '\\' && raw[at + 1] === '\n') at += 2;
    if (raw[at] !== value[index]) return undefined;
    offsets.push(at++);
  }
  return offsets;
}
