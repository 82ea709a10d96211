// The cache of one store. Records are written in transactions of their own, so that any number of builds can share
// it, and a build that is killed leaves whole records or none.

import type { Digest, MissReason } from '../../core/index.ts';
import { type SqlDatabase, sha256 } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';
import { hasAlike, type PartialStep } from './alike.ts';
import type { BuildRecord } from './build-record.ts';
import type { Difference } from './compare.ts';
import { type ExplainRequest, explainMiss } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { keepDifferences, prepareDifferences, readDifferences } from './kept-differences.ts';
import { keepSelection, prepareSelections, readSelection } from './kept-selections.ts';
import type { Kin } from './kin.ts';
import { findLatest, type RunOf } from './latest.ts';
import { forgetRecords, listRecords, type RecordInfo } from './listing.ts';
import { prune } from './prune.ts';
import type { CachedResult, NewRecord, StepPlaceInBuild, StepRecord } from './record.ts';
import { prepareSchema } from './schema.ts';
import { packInputs } from './stored-inputs.ts';

/** What the cache is opened with. */
export interface CacheOptions {
  /** Whether a layer is in the store: a record whose layer is not there is no hit. */
  readonly hasLayer: (diffId: Digest) => boolean;
  /** Milliseconds since the epoch; the clock of the machine by default. */
  readonly now?: () => number;
  /** Records that are kept, newest use first; 5,000 by default. */
  readonly maxRecords?: number;
  /** Packed bytes of inputs that are kept for explanations; 256 MiB by default. */
  readonly maxInputBytes?: number;
}

export interface Cache {
  /** The record of a key, if its layer is there. */
  lookup(key: Digest): StepRecord | undefined;
  /** Says that records were used, so that they are kept longest. */
  touch(keys: readonly Digest[]): void;
  /** Records what a step did, in place of an earlier record of the same key. */
  record(record: NewRecord): void;
  /**
   * Early cutoff: the latest record of the same instruction in the same stage of the same project that has this
   * content (and this diffID, if one is given) and whose layer is there. Its layer is to be kept in place of the new one.
   */
  sameContent(place: StepPlaceInBuild, contentId: Digest, diffId?: Digest): StepRecord | undefined;
  /** Whether an instruction has ever been executed in this store, with whatever inputs. */
  hasRun(instruction: string): boolean;
  /** The last run of an instruction, whatever its inputs were and whether its layer is still there. */
  latest(place: StepPlaceInBuild): LatestRun | undefined;
  /** Whether a record could be that of a step of which not everything is known: see `PartialStep`. */
  hasAlike(step: PartialStep): boolean;
  /** Whether any step of any project ever made this content, as far as records go back. */
  knowsContent(contentId: Digest): boolean;
  /** Why a step with these inputs was not found: at least one reason. */
  explain(request: ExplainRequest): readonly MissReason[];
  /** The same with the record that it was compared with, and everything that differs from it. */
  compare(request: ExplainRequest): Explanation;
  /** The layers that records lead to: they are to survive a collection. */
  roots(): ReadonlySet<Digest>;
  /** Forgets records whose layer is gone; how many. */
  forgetMissing(): number;
  /** Forgets every record; how many. */
  forgetAll(): number;
  /** Forgets the builds of a project, and the records of their steps; how many records. Layers stay until a collection. */
  forgetScope(scope: string): number;
  /** All records, the one used longest ago first. */
  records(): readonly RecordInfo[];
  /** Forgets records that nobody used since they were listed; `take` as in `Claims`. @returns those that are gone */
  forget(records: readonly RecordInfo[], take: (diffId: Digest) => boolean): readonly RecordInfo[];
  /** Keeps what a build did, in place of an earlier record of the same id; with what differed, by the steps' ids. */
  recordBuild(build: BuildRecord, differences?: ReadonlyMap<string, readonly Difference[]>): void;
  /** What differed for the steps of a build, by their ids, as far as it is still kept. */
  buildDifferences(buildId: string): ReadonlyMap<string, readonly Difference[]>;
  /** The files that a COPY out of layers depends on, by a digest of the layers and of all that was asked of them. */
  selection(key: Digest): readonly NamedInput[] | undefined;
  keepSelection(key: Digest, inputs: readonly NamedInput[]): void;
  /** Earlier builds, the latest first. */
  builds(limit?: number): readonly BuildRecord[];
}

/** A run as it was recorded. */
export interface LatestRun {
  readonly of: RunOf;
  readonly record: StepRecord;
}

/** A row without its inputs. */
interface Row {
  readonly id: number;
  readonly key: Digest;
  readonly scope: string;
  readonly stage: string;
  readonly position: number;
  readonly instruction: string;
  readonly diff_id: Digest | null;
  readonly result: string;
  readonly build: string;
  readonly seconds: number;
  readonly created: number;
  readonly last_used: number;
}

const COLUMNS =
  'id, key, scope, stage, position, instruction, diff_id, result, build, seconds, created, last_used';

/** Within this time a further use of a record is not written down. */
const TOUCH_INTERVAL = 3_600_000;

/** Opens the cache in a store's database, making its tables where they are missing. */
export function openCache(db: SqlDatabase, options: CacheOptions): Cache {
  const { hasLayer, now = Date.now } = options;
  const limits = {
    records: options.maxRecords ?? 5000,
    inputBytes: options.maxInputBytes ?? 256 * 1024 * 1024,
  };
  prepareSchema(db);
  prepareDifferences(db);
  prepareSelections(db);
  const kin: Kin = new Map();
  const usable = (row: Row | undefined): row is Row =>
    row !== undefined && (row.diff_id === null || hasLayer(row.diff_id));

  return {
    lookup: (key) => {
      const row = db.get<Row>(`SELECT ${COLUMNS} FROM cache_records WHERE key = ?`, key);
      return usable(row) ? readRow(row) : undefined;
    },
    touch: (keys) => {
      const time = now();
      const stale = keys.filter((key) =>
        db.get('SELECT 1 FROM cache_records WHERE key = ? AND last_used < ?', key, time - TOUCH_INTERVAL),
      );
      if (stale.length === 0) return;
      db.transaction(() => {
        for (const key of stale) db.run('UPDATE cache_records SET last_used = ? WHERE key = ?', time, key);
      });
    },
    record: (record) => {
      // Packed before the transaction, so that other builds do not wait for it.
      const inputs = packInputs(record.inputs, saltOf(db));
      db.transaction(() => {
        insert(db, record, { inputs, time: now() });
        prune(db, limits);
      });
    },
    sameContent: (place, contentId, diffId) =>
      db
        .all<Row>(
          `SELECT ${COLUMNS} FROM cache_records WHERE scope = ? AND stage = ? AND content_id = ?
           AND (instruction = ? OR position = ?) ORDER BY created DESC, id DESC`,
          place.scope,
          place.stage,
          contentId,
          place.instruction,
          place.position,
        )
        .filter((row) => usable(row) && (diffId === undefined || row.diff_id === diffId))
        .map(readRow)[0],
    hasRun: (instruction) =>
      db.get('SELECT 1 FROM cache_records WHERE instruction = ? LIMIT 1', instruction) !== undefined,
    latest: (place) => {
      const found = findLatest(db, place);
      const row = found && db.get<Row>(`SELECT ${COLUMNS} FROM cache_records WHERE id = ?`, found.id);
      return found && row && { of: found.of, record: readRow(row) };
    },
    knowsContent: (contentId) =>
      db.get('SELECT 1 FROM cache_records WHERE content_id = ? LIMIT 1', contentId) !== undefined,
    hasAlike: (step) => hasAlike(db, step, saltOf(db)),
    explain: (request) => explainMiss(db, request, saltOf(db), kin).reasons,
    compare: (request) => explainMiss(db, request, saltOf(db), kin),
    roots: () => {
      const rows = db.all<{ diff_id: Digest }>(
        'SELECT DISTINCT diff_id FROM cache_records WHERE diff_id IS NOT NULL',
      );
      return new Set(rows.map((row) => row.diff_id));
    },
    forgetMissing: () => forgetMissing(db, hasLayer),
    forgetAll: () => {
      db.run('DELETE FROM cache_selections');
      return db.run('DELETE FROM cache_records');
    },
    forgetScope: (scope) =>
      db.transaction(() => {
        db.run("DELETE FROM cache_builds WHERE json_extract(record, '$.scope') = ?", scope);
        return db.run('DELETE FROM cache_records WHERE scope = ?', scope);
      }),
    records: () => listRecords(db),
    forget: (records, take) => forgetRecords(db, records, take),
    recordBuild: (build, differences = new Map()) => {
      db.transaction(() => {
        const { id, started } = build;
        db.run('INSERT OR REPLACE INTO cache_builds VALUES (?, ?, ?)', id, started, JSON.stringify(build));
        db.run(
          'DELETE FROM cache_builds WHERE id NOT IN (SELECT id FROM cache_builds ORDER BY started DESC LIMIT 500)',
        );
        keepDifferences(db, id, differences);
      });
    },
    selection: (key) => readSelection(db, key),
    keepSelection: (key, inputs) => keepSelection(db, key, inputs),
    buildDifferences: (buildId) => readDifferences(db, buildId),
    builds: (limit = 500) =>
      db
        .all<{ record: string }>('SELECT record FROM cache_builds ORDER BY started DESC LIMIT ?', limit)
        .map((row) => JSON.parse(row.record) as BuildRecord),
  };
}

function readRow(row: Row): StepRecord {
  const { id, key, scope, stage, position, instruction, seconds, created } = row;
  return {
    id,
    key,
    scope,
    stage,
    position,
    instruction,
    result: JSON.parse(row.result) as CachedResult,
    buildId: row.build,
    seconds,
    created,
    lastUsed: row.last_used,
  };
}

function insert(
  db: SqlDatabase,
  record: NewRecord,
  { inputs, time }: { readonly inputs: Uint8Array; readonly time: number },
): void {
  const { layer } = record.result;
  db.run(
    `INSERT OR REPLACE INTO cache_records (key, scope, stage, position, instruction, diff_id, content_id, result,
       build, seconds, bytes, created, last_used, inputs_size, inputs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    record.key,
    record.scope,
    record.stage,
    record.position,
    record.instruction,
    layer?.diffId ?? null,
    layer?.contentId ?? null,
    JSON.stringify(record.result),
    record.buildId,
    record.seconds,
    layer?.size ?? 0,
    record.made ?? time,
    time,
    inputs.length,
    inputs,
  );
}

function forgetMissing(db: SqlDatabase, hasLayer: CacheOptions['hasLayer']): number {
  return db.transaction(() => {
    const rows = db.all<{ id: number; diff_id: Digest }>(
      'SELECT id, diff_id FROM cache_records WHERE diff_id IS NOT NULL',
    );
    const gone = rows.filter((row) => !hasLayer(row.diff_id));
    for (const { id } of gone) db.run('DELETE FROM cache_records WHERE id = ?', id);
    return gone.length;
  });
}

/** A random text of this store, so that digests of values that are not kept mean nothing elsewhere. */
function saltOf(db: SqlDatabase): string {
  const read = (): string | undefined =>
    db.get<{ value: string }>("SELECT value FROM kv WHERE key = 'cache-salt'")?.value;
  const known = read();
  if (known !== undefined) return known;
  const fresh = sha256(crypto.getRandomValues(new Uint8Array(32))).slice(7);
  db.run("INSERT OR IGNORE INTO kv VALUES ('cache-salt', ?)", fresh);
  return read() ?? fresh;
}
