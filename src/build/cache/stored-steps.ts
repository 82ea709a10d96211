// All records with what they say, for a cache that travels as a whole.

import type { Digest } from '../../core/index.ts';
import type { SqlDatabase } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';
import type { CachedResult, StepPlaceInBuild } from './record.ts';
import { unpackInputs } from './stored-inputs.ts';

/** A record with its inputs. */
export interface StoredStep extends StepPlaceInBuild {
  readonly key: Digest;
  readonly result: CachedResult;
  /** As the store keeps them; none where they were dropped. */
  readonly inputs: readonly NamedInput[];
  readonly seconds: number;
  /** When it was executed, milliseconds since the epoch. */
  readonly made: number;
}

interface Row extends StepPlaceInBuild {
  readonly key: Digest;
  readonly result: string;
  readonly inputs: Uint8Array | null;
  readonly seconds: number;
  readonly made: number;
}

/** The records whose layer is there, the one used last first, read one by one. */
export function* storedSteps(
  db: SqlDatabase,
  hasLayer: (diffId: Digest) => boolean,
): Generator<StoredStep, void, void> {
  const ids = db.all<{ id: number; diff_id: Digest | null }>(
    'SELECT id, diff_id FROM cache_records ORDER BY last_used DESC, id DESC',
  );
  for (const { id, diff_id } of ids) {
    if (diff_id !== null && !hasLayer(diff_id)) continue;
    const row = db.get<Row>(
      'SELECT key, scope, stage, position, instruction, result, inputs, seconds, created AS made FROM cache_records WHERE id = ?',
      id,
    );
    if (!row) continue;
    const { result, inputs, ...rest } = row;
    yield {
      ...rest,
      result: JSON.parse(result) as CachedResult,
      inputs: (inputs && unpackInputs(inputs)) ?? [],
    };
  }
}
