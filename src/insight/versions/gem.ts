// Versions of Ruby's gems: the documentation of Gem::Version. Numbers and words; a word makes a pre-release of it.

import { compareDigits, compareLists, compareText, scheme } from './scheme.ts';

const FORM = /^[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

export const gem = scheme<readonly string[]>({
  parse(text) {
    const trimmed = text.trim();
    if (!FORM.test(trimmed)) return undefined;
    const segments = trimmed.replaceAll('-', '.pre.').match(/[0-9]+|[A-Za-z]+/g) ?? [];
    const word = segments.findIndex((one) => !isNumber(one));
    if (word < 0) return withoutZeros(segments);
    return [...withoutZeros(segments.slice(0, word)), ...withoutZeros(segments.slice(word))];
  },
  compare: (a, b) => compareLists(a, b, compareSegments, '0'),
});

function isNumber(segment: string): boolean {
  return /^[0-9]/.test(segment);
}

/** 1.0.0 is 1. */
function withoutZeros(segments: readonly string[]): readonly string[] {
  return segments.slice(0, segments.findLastIndex((one) => !/^0+$/.test(one)) + 1);
}

function compareSegments(a: string, b: string): number {
  const [numberA, numberB] = [isNumber(a), isNumber(b)];
  if (numberA !== numberB) return numberA ? 1 : -1;
  return numberA ? compareDigits(a, b) : compareText(a, b);
}
