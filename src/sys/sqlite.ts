// SQLite as Bun brings it: synchronous, statements prepared once and kept. Errors of the engine become the errors
// that a user can act on; a caller needs nothing of SQLite's own API.

import { Database } from 'bun:sqlite';
import { MilleError } from '../core/index.ts';
import { CWD } from './calls.ts';
import { leaveToEnd } from './end-process.ts';
import { statAt } from './stat.ts';

/** What can be bound to a `?` and what comes back in a row. Bytes come back as `Uint8Array`. */
export type SqlValue = string | number | bigint | boolean | Uint8Array | null;

/** An open database. Every method throws MilleError `disk-full`, `store-invalid` (damaged) or `io`. */
export interface SqlDatabase {
  /** All rows of a query. */
  all<Row>(sql: string, ...values: SqlValue[]): Row[];
  /** The first row of a query. */
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined;
  /** Runs one statement; the number of rows it changed. */
  run(sql: string, ...values: SqlValue[]): number;
  /** Runs a script of several statements without values. */
  script(sql: string): void;
  /**
   * Runs `work` in one immediate transaction (it waits for other writers first); rolled back when it throws. Inside
   * another transaction of this handle it simply joins it. `work` must not be async.
   */
  transaction<T>(work: () => T): T;
  readonly inTransaction: boolean;
  close(): void;
}

/** How to open a database. */
export interface SqlOptions {
  /** Fails where there is no file yet, and for every statement that writes. */
  readonly readOnly?: boolean;
  /** Milliseconds to wait for other processes' transactions; 30,000 by default. */
  readonly busyTimeout?: number;
}

/** Above this the write-ahead log is written into the database before a process ends. */
const LARGE_LOG = 1 << 20;

/** Opens or creates a database file (`:memory:` for none). */
export function openDatabase(path: string, options: SqlOptions = {}): SqlDatabase {
  const { readOnly = false, busyTimeout = 30_000 } = options;
  const db = mapErrors(path, () => {
    const opened = new Database(path, readOnly ? { readonly: true } : { create: true, readwrite: true });
    opened.run(`PRAGMA busy_timeout=${busyTimeout}`);
    opened.run('PRAGMA synchronous=NORMAL');
    return opened;
  });
  let depth = 0;
  const run = (sql: string, ...values: SqlValue[]) =>
    mapErrors(path, () => db.query(sql).run(...values).changes);
  return {
    all: <Row>(sql: string, ...values: SqlValue[]) =>
      mapErrors(path, () => db.query(sql).all(...values) as Row[]),
    get: <Row>(sql: string, ...values: SqlValue[]) =>
      mapErrors(path, () => (db.query(sql).get(...values) as Row | null) ?? undefined),
    run,
    get inTransaction() {
      return depth > 0;
    },
    script: (sql) => {
      mapErrors(path, () => db.run(sql));
    },
    transaction: (work) => {
      if (depth > 0) return work();
      run('BEGIN IMMEDIATE');
      depth = 1;
      try {
        const result = work();
        run('COMMIT');
        return result;
      } catch (error) {
        // A full disk may have rolled back already.
        if (db.inTransaction) run('ROLLBACK');
        throw error;
      } finally {
        depth = 0;
      }
    },
    close: () => {
      if (sizeOfLog(path) > LARGE_LOG || !leaveToEnd(db)) db.close();
    },
  };
}

/** Bytes of the write-ahead log; no end of them where there is none to be left. */
function sizeOfLog(path: string): number {
  return statAt(CWD, `${path}-wal`)?.size ?? Number.POSITIVE_INFINITY;
}

function mapErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: string };
    if (typeof code !== 'string' || !code.startsWith('SQLITE_')) throw error;
    if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE' || code === 'SQLITE_IOERR_WRITE') {
      throw new MilleError('disk-full', `no space left on device: write '${path}'`, {
        hint: 'free some space, or point MILLE_ROOT to a larger file system; nothing was lost',
        cause: error,
      });
    }
    if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
      throw new MilleError('store-invalid', `'${path}' is not a sound database: ${message}`, {
        hint: 'move the store directory away, or point MILLE_ROOT elsewhere',
        cause: error,
      });
    }
    if (/^SQLITE_(BUSY|CANTOPEN|READONLY|PERM|IOERR|AUTH|NOMEM|NOLFS)/.test(code)) {
      throw new MilleError('io', `cannot use the database '${path}': ${message}`, { cause: error });
    }
    // A malformed statement or a broken constraint: a bug of ours.
    throw error;
  }
}
