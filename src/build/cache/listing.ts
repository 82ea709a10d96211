// The records there are, for whoever looks after the disk.

import type { Digest } from '../../core/index.ts';
import type { SqlDatabase } from '../../sys/index.ts';

/** A record without what it says. */
export interface RecordInfo {
  readonly id: number;
  readonly key: Digest;
  readonly scope: string;
  readonly stage: string;
  readonly instruction: string;
  /** The layer that it leads to; absent for a step that made none. */
  readonly diffId?: Digest;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly lastUsed: number;
  readonly seconds: number;
  /** What its inputs take in the database. */
  readonly inputsSize: number;
}

interface Row {
  readonly id: number;
  readonly key: Digest;
  readonly scope: string;
  readonly stage: string;
  readonly instruction: string;
  readonly diff_id: Digest | null;
  readonly created: number;
  readonly last_used: number;
  readonly seconds: number;
  readonly inputs_size: number;
}

/** All records, the one used longest ago first. */
export function listRecords(db: SqlDatabase): RecordInfo[] {
  const rows = db.all<Row>(
    `SELECT id, key, scope, stage, instruction, diff_id, created, last_used, seconds, inputs_size
     FROM cache_records ORDER BY last_used, id DESC`,
  );
  return rows.map(({ diff_id, last_used, inputs_size, ...row }) => ({
    ...row,
    ...(diff_id === null ? {} : { diffId: diff_id }),
    lastUsed: last_used,
    inputsSize: inputs_size,
  }));
}

/**
 * Forgets records. `take` is asked for the layer of each, and is false for one that somebody relies on, whose record
 * stays; so does one that was used since it was listed. @returns those that are gone
 */
export function forgetRecords(
  db: SqlDatabase,
  records: readonly RecordInfo[],
  take: (diffId: Digest) => boolean,
): RecordInfo[] {
  return db.transaction(() =>
    records.filter(({ id, diffId, lastUsed }) => {
      const row = db.get<{ last_used: number }>('SELECT last_used FROM cache_records WHERE id = ?', id);
      if (row?.last_used !== lastUsed || (diffId !== undefined && !take(diffId))) return false;
      return db.run('DELETE FROM cache_records WHERE id = ?', id) > 0;
    }),
  );
}
