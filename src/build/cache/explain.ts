// Why a step could not be reused: the closest earlier record of the project, here or at another place, is found and
// compared.

import type { Digest, MissReason } from '../../core/index.ts';
import type { SqlDatabase } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';
import { type Difference, differences, type ParentName, wordReasons } from './compare.ts';
import { CONCEALED } from './concealed.ts';
import type { Comparison, Explanation } from './explanation.ts';
import { type Kin, kinOf } from './kin.ts';
import type { StepPlaceInBuild } from './record.ts';
import { storedInput, unpackInputs } from './stored-inputs.ts';

/** A step that has no usable record. */
export interface ExplainRequest extends StepPlaceInBuild {
  readonly inputs: readonly NamedInput[];
  /** What the step stands on. */
  readonly parent?: ParentName;
  /** The build that asks: its own records are no earlier ones. */
  readonly buildId?: string;
}

/** Records that are compared at most, and the packed bytes of inputs that may be read for it. */
const MOST_RECORDS = 20;
const MOST_BYTES = 2 * 1024 * 1024;

/** Packed bytes beyond which reading on is felt. */
const LARGE = 64 * 1024;

/** So few differences are shown one by one: no need to look for a closer record. */
const CLOSE_ENOUGH = 2;

interface Candidate {
  readonly id: number;
  readonly position: number;
  readonly instruction: string;
  readonly inputs_size: number;
  readonly build: string;
  readonly created: number;
  readonly seconds: number;
  readonly diff_id: Digest | null;
  readonly on_step: number | null;
}

/** The record that a step is compared with. */
interface Closest {
  readonly comparison: Comparison;
  /** Inputs that differ for all that is known. */
  readonly concealed: readonly string[];
  readonly stoodOnStep: boolean;
}

/** The reasons, at least one, and what they were found by. */
export function explainMiss(db: SqlDatabase, request: ExplainRequest, salt: string, kin: Kin): Explanation {
  const own = candidatesIn(db, request);
  const sameText = ({ instruction }: Candidate): boolean => instruction === request.instruction;
  // Of a first build there is nothing to compare with, and it may have very many.
  let stored: readonly NamedInput[] | undefined;
  const after = () => {
    stored ??= request.inputs.map((input) => storedInput(input, salt));
    return stored;
  };
  const elsewhere = own.some(sameText) ? undefined : kinOf(db, request, after, kin);
  const there =
    elsewhere === undefined ? [] : candidatesIn(db, { ...request, scope: elsewhere }).filter(sameText);
  const candidates = there.length > 0 ? there : own;
  const closest = closestOf(db, request, { candidates, after });
  if (!closest) {
    if (candidates.some(sameText)) return { reasons: [FORGOTTEN] };
    const known = candidates.length > 0 || knownScope(db, request);
    return { reasons: [known ? NEW_INSTRUCTION : FIRST_BUILD] };
  }
  const { comparison, concealed, stoodOnStep } = closest;
  const parent = request.parent && { ...request.parent, wasStep: stoodOnStep };
  const sameLine = comparison.record.instruction === request.instruction;
  const reasons = wordReasons(comparison.differences, parent, sameLine);
  return { reasons: reasons.length > 0 ? reasons : [untold(concealed) ?? LAYER_GONE], comparison };
}

function candidatesIn(db: SqlDatabase, { scope, stage, buildId = '' }: ExplainRequest): Candidate[] {
  return db.all<Candidate>(
    `SELECT id, position, instruction, inputs_size, build, created, seconds, diff_id,
       json_extract(result, '$.onStep') AS on_step FROM cache_records
     WHERE scope = ? AND stage = ? AND build <> ? ORDER BY created DESC, id DESC LIMIT 500`,
    scope,
    stage,
    buildId,
  );
}

/** All that is known is equal: what did not travel with the record must differ. */
function untold(names: readonly string[]): MissReason | undefined {
  const [only] = names;
  if (only === undefined) return undefined;
  const text = names.length === 1 ? `${only} changed` : `one of ${names.join(', ')} changed`;
  return { kind: 'other', subject: only, text };
}

const FIRST_BUILD: MissReason = { kind: 'first-build', subject: '', text: 'first build' };
const NEW_INSTRUCTION: MissReason = { kind: 'instruction', subject: 'instruction', text: 'new instruction' };
/** There are records of it, but their inputs were dropped to keep the cache small. */
const FORGOTTEN: MissReason = {
  kind: 'other',
  subject: 'inputs',
  text: 'something that it depends on changed; what it depended on is kept no longer',
};
/** The inputs are those of a record: it was no hit because what it led to is not there. */
const LAYER_GONE: MissReason = {
  kind: 'other',
  subject: 'layer',
  text: 'its layer is no longer in the store',
};

function knownScope(db: SqlDatabase, { scope, buildId = '' }: ExplainRequest): boolean {
  const sql = 'SELECT 1 FROM cache_records WHERE scope = ? AND build <> ? LIMIT 1';
  return db.get(sql, scope, buildId) !== undefined;
}

/**
 * The closest record, compared: of the same line if there is one, else of the same instruction elsewhere,
 * else of the same place; among these the one that differs least, the newer first.
 */
function closestOf(
  db: SqlDatabase,
  request: ExplainRequest,
  {
    candidates,
    after,
  }: { readonly candidates: readonly Candidate[]; readonly after: () => readonly NamedInput[] },
): Closest | undefined {
  const samePlace = ({ position }: Candidate): boolean => position === request.position;
  const sameText = ({ instruction }: Candidate): boolean => instruction === request.instruction;
  const sameKeyword = ({ instruction }: Candidate): boolean =>
    keyword(instruction) === keyword(request.instruction);
  const tiers = [
    candidates.filter((one) => samePlace(one) && sameText(one)),
    candidates.filter(sameText),
    candidates.filter((one) => samePlace(one) && sameKeyword(one)),
  ];
  for (const tier of tiers) {
    const found = leastDifferent(db, tier.slice(0, MOST_RECORDS), after);
    if (!found) continue;
    const { concealed, candidate } = found;
    return { comparison: comparisonOf(found, request), concealed, stoodOnStep: candidate.on_step === 1 };
  }
  return undefined;
}

function comparisonOf({ candidate, differences }: Compared, { inputs }: ExplainRequest): Comparison {
  const { build, created, seconds, instruction, diff_id } = candidate;
  return {
    record: {
      buildId: build,
      ...{ created, seconds, instruction },
      ...(diff_id === null ? {} : { layer: diff_id }),
    },
    differences,
    files: inputs.reduce((count, { kind }) => (kind === 'file' ? count + 1 : count), 0),
  };
}

/** The first word of an instruction, `COPY`. */
export function keyword(instruction: string): string {
  return (/^\S*/.exec(instruction)?.[0] ?? '').toUpperCase();
}

/** A candidate that was looked at. */
interface Compared {
  readonly candidate: Candidate;
  readonly differences: readonly Difference[];
  /** Names of inputs that it does not tell. */
  readonly concealed: readonly string[];
}

function leastDifferent(
  db: SqlDatabase,
  candidates: readonly Candidate[],
  after: () => readonly NamedInput[],
): Compared | undefined {
  let best: Compared | undefined;
  let read = 0;
  for (const candidate of candidates) {
    if (best && read + candidate.inputs_size > MOST_BYTES) break;
    const row = db.get<{ inputs: Uint8Array | null }>(
      'SELECT inputs FROM cache_records WHERE id = ?',
      candidate.id,
    );
    const before = row?.inputs ? unpackInputs(row.inputs) : undefined;
    if (!before) continue;
    read += candidate.inputs_size;
    const found = differences(before, after());
    if (!best || found.length < best.differences.length) {
      const concealed = before.filter(({ value }) => value === CONCEALED).map(({ name }) => name);
      best = { candidate, differences: found, concealed };
    }
    if (best.differences.length <= (read > LARGE ? CLOSE_ENOUGH : 1)) break;
  }
  return best;
}
