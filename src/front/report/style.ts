// Colours and weights of a terminal, or nothing at all.

/** Wraps a text in an escape sequence, or returns it as it is. */
export type Paint = (text: string) => string;

/** The few styles that mean something: names say what for. */
export interface Style {
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly active: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

const paint =
  (on: number, off: number): Paint =>
  (text) =>
    text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`;

const COLOR: Style = {
  good: paint(32, 39),
  bad: paint(31, 39),
  warn: paint(33, 39),
  active: paint(36, 39),
  faint: paint(2, 22),
  strong: paint(1, 22),
};

const same: Paint = (text) => text;
const PLAIN: Style = { good: same, bad: same, warn: same, active: same, faint: same, strong: same };

/** The style with or without colour. */
export function makeStyle(color: boolean): Style {
  return color ? COLOR : PLAIN;
}
