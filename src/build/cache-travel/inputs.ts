// Named inputs on the way: what an explanation needs, and nothing that looks secret. A value that the store keeps as a
// salted digest does not travel at all, only the fact that there is one: its salt stays where it is, and a digest
// without a salt could be guessed.

import { concealed } from '../cache/index.ts';
import type { InputKind, NamedInput } from '../graph/index.ts';
import { damaged, TRAVEL_LIMITS } from './document.ts';
import { packText, unpackText } from './packed-text.ts';

/** The inputs of several records. */
export type InputLists = readonly (readonly NamedInput[])[];

/** Characters that all inputs have together, roughly. */
function weightOf(inputs: readonly NamedInput[]): number {
  return inputs.reduce((sum, { kind, name, value }) => sum + kind.length + name.length + value.length + 9, 2);
}

/**
 * Packs inputs as the store keeps them. Lists that would be too much together are left out, empty ones in their place.
 */
export async function packInputLists(lists: InputLists): Promise<Uint8Array> {
  let weight = 0;
  const flat = lists.map((inputs) => {
    const own = weightOf(inputs);
    if (weight + own > TRAVEL_LIMITS.inputs / 4) return [];
    weight += own;
    return inputs.map(concealed).flatMap(({ kind, name, value }) => [kind, name, value]);
  });
  return await packText(JSON.stringify(flat));
}

/** Undoes `packInputLists`. @throws MilleError `image-invalid` */
export async function unpackInputLists(bytes: Uint8Array): Promise<InputLists> {
  const value = await unpackText(bytes, TRAVEL_LIMITS.inputs, 'the list of inputs');
  if (!Array.isArray(value)) throw damaged('the list of inputs');
  return value.map((flat: unknown) => {
    if (!Array.isArray(flat) || flat.length % 3 !== 0 || !flat.every((text) => typeof text === 'string'))
      throw damaged('the inputs of a record');
    const inputs: NamedInput[] = [];
    for (let i = 0; i < flat.length; i += 3)
      inputs.push({ kind: flat[i] as InputKind, name: flat[i + 1] as string, value: flat[i + 2] as string });
    return inputs;
  });
}
