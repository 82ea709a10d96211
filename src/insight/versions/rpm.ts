// Versions of rpm's packages: epoch:version-release, as rpm-version(7) and rpmvercmp have it. Runs of digits and runs of
// letters, what stands between them parting them only; a tilde sorts before the end, a caret just behind it.

import { compareDigits, compareText, isDigitAt, isLetterAt, scheme } from './scheme.ts';

interface RpmVersion {
  readonly epoch: string;
  readonly version: string;
  readonly release: string | undefined;
}

export const rpm = scheme<RpmVersion>({
  parse(text) {
    const match = /^(?:([0-9]{1,10}):)?([^:\s]+)$/.exec(text.trim());
    if (!match) return undefined;
    const [, epoch = '0', rest] = match;
    const dash = rest!.lastIndexOf('-');
    if (dash === 0) return undefined;
    return {
      epoch,
      version: dash < 0 ? rest! : rest!.slice(0, dash),
      release: dash < 0 ? undefined : rest!.slice(dash + 1),
    };
  },
  compare: (a, b) =>
    compareDigits(a.epoch, b.epoch) ||
    compareRpmPart(a.version, b.version) ||
    compareReleases(a.release, b.release),
});

/** One without a release comes before all with one: a fix "in 1.2" is in every build of 1.2. */
function compareReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareRpmPart(a, b);
}

/** Orders two versions, or two releases, as rpmvercmp does. */
function compareRpmPart(a: string, b: string): number {
  let [i, j] = [0, 0];
  for (;;) {
    i = skipSeparators(a, i);
    j = skipSeparators(b, j);
    if (a[i] === '~' || b[j] === '~') {
      if (a[i] !== '~') return 1;
      if (b[j] !== '~') return -1;
    } else if (a[i] === '^' || b[j] === '^') {
      if (i >= a.length) return -1;
      if (j >= b.length) return 1;
      if (a[i] !== '^') return 1;
      if (b[j] !== '^') return -1;
    } else break;
    i++;
    j++;
  }
  if (i >= a.length || j >= b.length) return Number(i < a.length) - Number(j < b.length);
  const digits = isDigitAt(a, i);
  const ends = [endOfRun(a, i, digits), endOfRun(b, j, digits)] as const;
  // Of different kinds: numbers are newer than letters.
  if (ends[1] === j) return digits ? 1 : -1;
  const [one, other] = [a.slice(i, ends[0]), b.slice(j, ends[1])];
  const order = digits ? compareDigits(one, other) : compareText(one, other);
  return order || compareRpmPart(a.slice(ends[0]), b.slice(ends[1]));
}

function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isDigitAt(text, at) && !isLetterAt(text, at) && !'~^'.includes(text[at]!)) at++;
  return at;
}

function endOfRun(text: string, from: number, digits: boolean): number {
  let at = from;
  while (at < text.length && (digits ? isDigitAt(text, at) : isLetterAt(text, at))) at++;
  return at;
}
