// The key of a step: the SHA-256 of its named inputs, sorted, in an encoding from which the list could be read back,
// so that two lists have one key only if they are equal.

import type { Digest } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';

/** Raised when what a step does with the same inputs changes: every key changes with it. */
const KEY_VERSION = 1;

/** The key of a list of inputs, whatever its order. */
export function keyOf(inputs: readonly NamedInput[]): Digest {
  const parts = sortInputs(inputs).map(({ kind, name, value }) => {
    const cleanName = encodable(name);
    const cleanValue = encodable(value);
    // Lengths in front make the text unambiguous; the marks tell apart what had to be escaped.
    const marks = `${cleanName === name ? '' : 'n'}${cleanValue === value ? '' : 'v'}`;
    return `${kind} ${marks} ${cleanName.length} ${cleanValue.length}\n${cleanName}${cleanValue}\n`;
  });
  return sha256(`millefeuille step ${KEY_VERSION}\n${parts.join('')}`);
}

/** Inputs by kind, name and value. What comes sorted, as files do, is not sorted again. */
export function sortInputs(inputs: readonly NamedInput[]): readonly NamedInput[] {
  for (let i = 1; i < inputs.length; i++) {
    if (compareInputs(inputs[i - 1] as NamedInput, inputs[i] as NamedInput) > 0) {
      return [...inputs].sort(compareInputs);
    }
  }
  return inputs;
}

function compareInputs(a: NamedInput, b: NamedInput): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.value === b.value ? 0 : a.value < b.value ? -1 : 1;
}

const SURROGATE = /\p{Surrogate}/u;

/** Hashing encodes as UTF-8, in which lone surrogates (bytes of odd file names) would all look alike. */
function encodable(text: string): string {
  return SURROGATE.test(text) ? JSON.stringify(text) : text;
}
