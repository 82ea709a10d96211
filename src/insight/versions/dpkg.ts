// Versions of Debian's packages: deb-version(7). An epoch, an upstream version, a revision; the latter two compared in
// turns, what is no digit by itself and digits as numbers. A tilde sorts before everything, the end included.

import { compareDigits, isDigitAt, isLetterAt, scheme } from './scheme.ts';

interface DebianVersion {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
}

export const dpkg = scheme<DebianVersion>({
  parse(text) {
    const trimmed = text.trim();
    const colon = trimmed.indexOf(':');
    const epoch = colon < 0 ? '0' : trimmed.slice(0, colon);
    if (!/^[0-9]{1,10}$/.test(epoch)) return undefined;
    const rest = trimmed.slice(colon + 1);
    const dash = rest.lastIndexOf('-');
    const upstream = dash < 0 ? rest : rest.slice(0, dash);
    // Beyond what the manual allows (the version begins with a digit), since dpkg itself compares more than it builds.
    if (upstream === '' || !/^[A-Za-z0-9.+~:_-]*$/.test(rest)) return undefined;
    return { epoch: Number(epoch), upstream, revision: dash < 0 ? '' : rest.slice(dash + 1) };
  },
  compare: (a, b) =>
    a.epoch - b.epoch || comparePart(a.upstream, b.upstream) || comparePart(a.revision, b.revision),
});

function comparePart(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigitAt(a, i)) || (j < b.length && !isDigitAt(b, j))) {
      const order = weight(a, i) - weight(b, j);
      if (order !== 0) return order;
      i++;
      j++;
    }
    const [startA, startB] = [i, j];
    while (i < a.length && isDigitAt(a, i)) i++;
    while (j < b.length && isDigitAt(b, j)) j++;
    const order = compareDigits(a.slice(startA, i), b.slice(startB, j));
    if (order !== 0) return order;
  }
  return 0;
}

/** Tilde, then the end and digits, then letters, then all others. */
function weight(text: string, at: number): number {
  if (at >= text.length || isDigitAt(text, at)) return 0;
  if (text[at] === '~') return -1;
  return isLetterAt(text, at) ? text.charCodeAt(at) : text.charCodeAt(at) + 256;
}
