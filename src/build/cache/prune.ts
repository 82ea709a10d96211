// The cache stays bounded: records that were not used for longest go first, and before them the inputs of old
// records, which are large and serve explanations only.

import type { SqlDatabase } from '../../sys/index.ts';

/** Removes what is over the limits. Cheap when nothing is: two counts over an index. */
export function prune(
  db: SqlDatabase,
  limits: { readonly records: number; readonly inputBytes: number },
): void {
  const totals = db.get<{ records: number; bytes: number | null }>(
    'SELECT COUNT(*) AS records, SUM(inputs_size) AS bytes FROM cache_records',
  );
  if (!totals) return;
  if (totals.records > limits.records) {
    db.run(
      'DELETE FROM cache_records WHERE id IN (SELECT id FROM cache_records ORDER BY last_used, id LIMIT ?)',
      totals.records - limits.records,
    );
  }
  if ((totals.bytes ?? 0) > limits.inputBytes) dropInputs(db, (totals.bytes ?? 0) - limits.inputBytes);
}

/** Drops inputs of the records used longest ago until `excess` bytes are gone. */
function dropInputs(db: SqlDatabase, excess: number): void {
  const rows = db.all<{ id: number; inputs_size: number }>(
    'SELECT id, inputs_size FROM cache_records WHERE inputs_size > 0 ORDER BY last_used, id',
  );
  let left = excess;
  for (const { id, inputs_size } of rows) {
    if (left <= 0) return;
    db.run('UPDATE cache_records SET inputs = NULL, inputs_size = 0 WHERE id = ?', id);
    left -= inputs_size;
  }
}
