// Whether a step whose inputs are not all known yet can be found in the cache at all: not if no record has those that
// are known.

import type { SqlDatabase } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';
import { keyword } from './explain.ts';
import type { StepPlaceInBuild } from './record.ts';
import { storedInput, unpackInputs } from './stored-inputs.ts';

/** A step of which not everything is known. */
export interface PartialStep extends StepPlaceInBuild {
  /** Those that are known. */
  readonly inputs: readonly NamedInput[];
  /** Kinds of inputs that are not known, or not all of them. */
  readonly unknown: ReadonlySet<NamedInput['kind']>;
}

/** Records that are looked at, and their packed bytes: what is beyond is taken for alike. */
const MOST_RECORDS = 500;
const MOST_BYTES = 8 * 1024 * 1024;

interface Candidate {
  readonly id: number;
  readonly instruction: string;
  readonly inputs_size: number;
}

/**
 * Whether a record has the inputs that are known, and any of the unknown kinds. Records are sought in the stage of the
 * step, and wherever its instruction is written the same. True where that could not be found out.
 */
export function hasAlike(db: SqlDatabase, step: PartialStep, salt: string): boolean {
  const candidates = db
    .all<Candidate>(
      `SELECT id, instruction, inputs_size FROM cache_records
       WHERE (scope = ? AND stage = ?) OR instruction = ? ORDER BY created DESC, id DESC LIMIT ?`,
      step.scope,
      step.stage,
      step.instruction,
      MOST_RECORDS + 1,
    )
    // What stands in the place of a FROM has no keyword of its own.
    .filter(({ instruction }) => keyword(instruction) === keyword(step.instruction));
  if (candidates.length > MOST_RECORDS) return true;
  const wanted = sortedTexts(
    step,
    step.inputs.map((input) => storedInput(input, salt)),
  );
  let read = 0;
  for (const { id, inputs_size } of candidates) {
    read += inputs_size;
    if (read > MOST_BYTES) return true;
    const row = db.get<{ inputs: Uint8Array | null }>('SELECT inputs FROM cache_records WHERE id = ?', id);
    const inputs = row?.inputs ? unpackInputs(row.inputs) : undefined;
    // Inputs are dropped when they take too much: then nothing is known of the record but that it is there.
    if (!inputs) return true;
    const found = sortedTexts(step, inputs);
    if (found.length === wanted.length && found.every((text, i) => text === wanted[i])) return true;
  }
  return false;
}

function sortedTexts({ unknown }: PartialStep, inputs: readonly NamedInput[]): string[] {
  return inputs
    .filter(({ kind }) => !unknown.has(kind))
    .map(({ kind, name, value }) => JSON.stringify([kind, name, value]))
    .sort();
}
