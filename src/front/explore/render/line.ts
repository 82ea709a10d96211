// One line of the screen, made of pieces: cut where there is no room, filled up to its width.

import { cutText, type Paint, padText, textWidth } from '../../report/index.ts';

/** A text and how it is painted. */
export type Piece = string | readonly [text: string, paint: Paint];

/** Pieces one after the other, in exactly so many columns. */
export function line(pieces: readonly Piece[], columns: number): string {
  let left = columns;
  let out = '';
  for (const piece of pieces) {
    if (left <= 0) break;
    const [text, paint] = typeof piece === 'string' ? [piece, undefined] : piece;
    const shown = cutText(text, left);
    left -= textWidth(shown);
    out += paint && shown !== '' ? paint(shown) : shown;
  }
  return out + ' '.repeat(Math.max(0, left));
}

/** A chosen line: light and dark exchanged, which terminals without colours can too. */
export function inverse(text: string): string {
  return `\x1b[7m${text}\x1b[27m`;
}

/** The head of a pane; that of the pane which has the keys stands out. */
export function head(
  pieces: { readonly left: string; readonly right?: string; readonly active: boolean },
  columns: number,
  strong: Paint,
): string {
  const { left, right = '', active } = pieces;
  const room = columns - textWidth(left) - 1;
  const text = room > 0 ? `${left} ${padText(cutText(right, room), room, 'right')}` : left;
  const whole = line([text], columns);
  return active ? inverse(strong(whole)) : strong(whole);
}

/** A text in lines of at most so many columns, broken between words where that is possible. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let now = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (now !== '' && textWidth(now) + 1 + textWidth(rest) <= columns) {
      now += ` ${rest}`;
      continue;
    }
    if (now !== '') lines.push(now);
    while (textWidth(rest) > columns) {
      const part = cutText(rest, columns + 1).slice(0, -1) || rest.slice(0, 1);
      lines.push(part);
      rest = rest.slice(part.length);
    }
    now = rest;
  }
  if (now !== '' || lines.length === 0) lines.push(now);
  return lines;
}
