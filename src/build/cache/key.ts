// The key of a step: the SHA-256 of its named inputs, sorted, in an encoding from which the list could be read back,
// so that two lists have one key only if they are equal.

import type { Digest } from '../../core/index.ts';
import { createHasher } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';

/** Raised when what a step does with the same inputs changes: every key changes with it. */
const KEY_VERSION = 1;

/** Texts are hashed in pieces of about this length: those of fifty thousand files are never there as one. */
const PIECE = 1 << 16;

/** The key of a list of inputs, whatever its order. Quickest when they come sorted, as files do. */
export function keyOf(inputs: readonly NamedInput[]): Digest {
  const hasher = createHasher();
  let text = `millefeuille step ${KEY_VERSION}\n`;
  let piece: NamedInput[] = [];
  const pass = () => {
    const plain = piece.reduce((all, input) => all + encode(input, ''), text);
    // Hashing encodes as UTF-8, in which lone surrogates (bytes of odd file names) would all look alike.
    hasher.update(
      isWellFormed(plain) ? plain : piece.reduce((all, input) => all + encodeCarefully(input), text),
    );
    text = '';
    piece = [];
  };
  let length = 0;
  for (const input of inSortedOrder(inputs)) {
    piece.push(input);
    length += input.name.length + input.value.length;
    if (length < PIECE) continue;
    pass();
    length = 0;
  }
  pass();
  return hasher.digest();
}

function inSortedOrder(inputs: readonly NamedInput[]): readonly NamedInput[] {
  const isSorted = inputs.every((input, i) => i === 0 || compareInputs(inputs[i - 1]!, input) <= 0);
  return isSorted ? inputs : [...inputs].sort(compareInputs);
}

function compareInputs(a: NamedInput, b: NamedInput): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.value === b.value ? 0 : a.value < b.value ? -1 : 1;
}

/** Lengths in front make the text unambiguous; `escaped` tells apart what had to be escaped. */
function encode({ kind, name, value }: NamedInput, escaped: string): string {
  return `${kind} ${escaped} ${name.length} ${value.length}\n${name}${value}\n`;
}

function encodeCarefully(input: NamedInput): string {
  const name = isWellFormed(input.name) ? input.name : JSON.stringify(input.name);
  const value = isWellFormed(input.value) ? input.value : JSON.stringify(input.value);
  const escaped = `${name === input.name ? '' : 'n'}${value === input.value ? '' : 'v'}`;
  return encode({ kind: input.kind, name, value }, escaped);
}

/** ECMAScript 2024; fifty times as fast as a pattern. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
