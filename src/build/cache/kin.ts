// A project seen at another place: a second checkout, a worktree, a directory that was moved. Its steps hit records of
// the first place, and when one does not, those are what it is to be compared with.

import type { SqlDatabase } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';
import type { BuildRecord } from './build-record.ts';
import type { StepPlaceInBuild } from './record.ts';
import { unpackInputs } from './stored-inputs.ts';

/**
 * By scope, that of the same project at another place; undefined where no earlier build tells of one. One for each cache
 * that is open: a first build asks for every step, and what earlier builds tell is read once.
 */
export type Kin = Map<string, string | undefined>;

/** Builds of the project whose hits are looked at, and records whose files are. */
const MOST_BUILDS = 20;
const MOST_RECORDS = 20;
const MOST_BYTES = 2 * 1024 * 1024;

/** The scope of the same project at another place, as far as it can be told; undefined where there is none. */
export function kinOf(
  db: SqlDatabase,
  place: StepPlaceInBuild,
  inputs: () => readonly NamedInput[],
  known: Kin,
): string | undefined {
  const { scope } = place;
  if (!known.has(scope)) known.set(scope, scopeOfHits(db, scope));
  const found = known.get(scope) ?? scopeWithFiles(db, place, inputs);
  known.set(scope, found);
  return found;
}

/** What earlier builds here found, somebody made elsewhere. */
function scopeOfHits(db: SqlDatabase, scope: string): string | undefined {
  const builds = db.all<{ record: string }>(
    `SELECT record FROM cache_builds WHERE json_extract(record, '$.scope') = ? ORDER BY started DESC LIMIT ?`,
    scope,
    MOST_BUILDS,
  );
  for (const { record } of builds) {
    for (const { key } of (JSON.parse(record) as BuildRecord).steps) {
      const row = db.get<{ scope: string }>(
        'SELECT scope FROM cache_records WHERE key = ? AND scope <> ?',
        key ?? '',
        scope,
      );
      if (row) return row.scope;
    }
  }
  return undefined;
}

/** The same line with the same files, most of them: two projects have many a line in common, but not their files. */
function scopeWithFiles(
  db: SqlDatabase,
  { scope, stage, instruction }: StepPlaceInBuild,
  inputs: () => readonly NamedInput[],
): string | undefined {
  const rows = db.all<{ scope: string; inputs: Uint8Array | null }>(
    `SELECT scope, inputs FROM cache_records
     WHERE instruction = ? AND stage = ? AND scope <> ? AND inputs_size < ? ORDER BY created DESC, id DESC LIMIT ?`,
    instruction,
    stage,
    scope,
    MOST_BYTES,
    MOST_RECORDS,
  );
  if (rows.length === 0) return undefined;
  const files = new Set(inputs().filter(isFile).map(textOf));
  if (files.size === 0) return undefined;
  for (const row of rows) {
    const same = (row.inputs ? (unpackInputs(row.inputs) ?? []) : []).filter(
      (input) => isFile(input) && files.has(textOf(input)),
    );
    if (same.length * 2 >= files.size) return row.scope;
  }
  return undefined;
}

function isFile({ kind }: NamedInput): boolean {
  return kind === 'file';
}

function textOf({ name, value }: NamedInput): string {
  return `${name}\0${value}`;
}
