// The inputs of a record as the database keeps them: enough to say what differs, small, and without secrets.

import { looksSecret, redactUrls } from '../../core/index.ts';
import { jsonArray, packBytes, sha256, unpackBytes } from '../../sys/index.ts';
import type { InputKind, NamedInput } from '../graph/index.ts';
import { CONCEALED } from './concealed.ts';

/** Longer values are kept as a digest only: no message would show them. */
const LONGEST_VALUE = 2000;

/** An input whose value is fit to be kept. Two values that differ still differ. */
export function storedInput(input: NamedInput, salt: string): NamedInput {
  const { kind, name, value } = input;
  if (value === CONCEALED) return input;
  if (kind === 'file' && !name.startsWith('<<')) {
    // Eight bytes of a content digest are plenty to see that a file changed.
    const digest = value.startsWith('file ') ? value.indexOf(' sha256:') + 1 : 0;
    if (digest === 0) return input;
    const short = value.slice(0, digest) + value.slice(digest + 7, digest + 23);
    const more = digest + 71;
    return { kind, name, value: value.length === more ? short : short + value.slice(more) };
  }
  const named = (kind === 'argument' || kind === 'environment') && looksSecret(name);
  const hidden = named || redactUrls(value) !== value;
  if (!hidden && kind !== 'file' && value.length <= LONGEST_VALUE) return input;
  return { kind, name, value: `#${sha256(`${salt}\n${value}`).slice(7, 23)}` };
}

/** Packs inputs as `storedInput` leaves them. */
export function packInputs(inputs: readonly NamedInput[], salt: string): Uint8Array {
  const values = (input: NamedInput) => {
    const { kind, name, value } = storedInput(input, salt);
    return [kind, name, value];
  };
  return packBytes(jsonArray([], inputs, values));
}

/** Undoes `packInputs`; undefined where the bytes are damaged. */
export function unpackInputs(bytes: Uint8Array): readonly NamedInput[] | undefined {
  try {
    const flat = JSON.parse(new TextDecoder().decode(unpackBytes(bytes))) as readonly string[];
    const inputs: NamedInput[] = [];
    for (let i = 0; i + 2 < flat.length; i += 3) {
      inputs.push({ kind: flat[i] as InputKind, name: flat[i + 1] as string, value: flat[i + 2] as string });
    }
    return inputs;
  } catch {
    return undefined;
  }
}
