// The last time that an instruction ran: what to expect of the next time.

import type { SqlDatabase } from '../../sys/index.ts';
import { keyword } from './explain.ts';
import type { StepPlaceInBuild } from './record.ts';

/**
 * Whose run it was. `step`: of this instruction in this stage of the project; `edited`: of the one that stood in its
 * place, with the same keyword; `elsewhere`: of this instruction in another stage or project of the store.
 */
export type RunOf = 'step' | 'edited' | 'elsewhere';

interface Found {
  readonly id: number;
  readonly scope: string;
  readonly stage: string;
  readonly instruction: string;
}

/** The record of the last run, if there is one; newest first among the nearest. */
export function findLatest(
  db: SqlDatabase,
  place: StepPlaceInBuild,
): { readonly id: number; readonly of: RunOf } | undefined {
  const { scope, stage, position, instruction } = place;
  const own = db.all<Found>(
    `SELECT id, scope, stage, instruction FROM cache_records
     WHERE scope = ? AND stage = ? AND (instruction = ? OR position = ?)
     ORDER BY instruction = ? DESC, position = ? DESC, created DESC, id DESC LIMIT 20`,
    scope,
    stage,
    instruction,
    position,
    instruction,
    position,
  );
  const [first] = own;
  if (first?.instruction === instruction) return { id: first.id, of: 'step' };
  const elsewhere = db.get<Found>(
    'SELECT id FROM cache_records WHERE instruction = ? ORDER BY created DESC, id DESC LIMIT 1',
    instruction,
  );
  if (elsewhere) return { id: elsewhere.id, of: 'elsewhere' };
  const before = own.find((one) => keyword(one.instruction) === keyword(instruction));
  return before && { id: before.id, of: 'edited' };
}
