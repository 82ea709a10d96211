// Sizes as Docker's flags and mounts take them.

const UNITS = 'kmgtp';

/** The bytes of `64m`, `1.5g`, `100`: a number, perhaps with a unit of 1024s. Undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d*)?|\.\d+) ?(?:b|([kmgtp])(?:i?b)?)?$/i.exec(text);
  if (!match) return undefined;
  const power = match[2] ? UNITS.indexOf(match[2].toLowerCase()) + 1 : 0;
  return Math.trunc(Number(match[1]) * 1024 ** power);
}
