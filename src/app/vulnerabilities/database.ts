// An ecosystem's advisories as a file: one SQLite database for each, made aside and renamed into place, so that it is
// there whole or not at all; read-only ever after. A row holds what a record says of a package, of all its releases, and
// is found by the package's name.

import { MilleError } from '../../core/index.ts';
import { type Advisory, withoutListed } from '../../insight/vulnerabilities/index.ts';
import { openDatabase, type SqlDatabase } from '../../sys/index.ts';
import { advisoriesBy } from './advisories-by.ts';

/** What is known of a database as a whole. */
export interface DatabaseFacts {
  /** `Debian`, or of one release `Debian:12`. */
  readonly ecosystem: string;
  readonly records: number;
  readonly advisories: number;
  /** The releases of a distribution that it speaks of. */
  readonly releases: readonly string[];
  /** RFC 3339: until when what it says is known to have been all there was to say. */
  readonly asOf?: string;
  /** Where it came from. */
  readonly from: string;
  /** What the server called that version of it. */
  readonly etag?: string;
}

/** Version of the tables; others are not read. */
const VERSION = 2;

const TABLES = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  PRAGMA user_version = ${VERSION};
  CREATE TABLE facts (value TEXT NOT NULL);
  CREATE TABLE advisory (name TEXT NOT NULL, value TEXT NOT NULL);
`;

/** Writes a database. */
export interface DatabaseWriter {
  readonly advisories: number;
  /** @param advisories those of one record */
  add(advisories: readonly Advisory[]): void;
  /** Completes the file. */
  finish(facts: Omit<DatabaseFacts, 'advisories' | 'releases'>): void;
  close(): void;
}

/** Rows that are written at once. */
const ROWS = 5000;

/** Begins a new database. @throws MilleError `disk-full`, `io` */
export function createDatabase(path: string): DatabaseWriter {
  const database = openDatabase(path);
  database.script(TABLES);
  let advisories = 0;
  const releases = new Set<string>();
  let waiting: [string, string][] = [];
  const write = () => {
    database.transaction(() => {
      for (const [name, value] of waiting) database.run('INSERT INTO advisory VALUES (?, ?)', name, value);
    });
    waiting = [];
  };
  return {
    get advisories() {
      return advisories;
    },
    add(some) {
      for (const [name, own] of advisoriesBy(some, 'name')) {
        advisories += own.length;
        for (const { release } of own) if (release !== undefined) releases.add(release);
        waiting.push([name, encode(own.map(withoutListed))]);
      }
      if (waiting.length >= ROWS) write();
    },
    finish(facts) {
      write();
      database.script('CREATE INDEX advisory_name ON advisory (name)');
      const all: DatabaseFacts = { ...facts, advisories, releases: [...releases].sort() };
      database.run('INSERT INTO facts VALUES (?)', JSON.stringify(all));
    },
    close: () => database.close(),
  };
}

/** Says anew until when a database holds, which a server has just confirmed. */
export function confirmDatabase(path: string, asOf: string): void {
  const database = openDatabase(path);
  try {
    database.run('UPDATE facts SET value = ?', JSON.stringify({ ...readFacts(database, path), asOf }));
  } finally {
    database.close();
  }
}

/** A database that is read. */
export interface Database {
  readonly facts: DatabaseFacts;
  /** All advisories about a package. */
  advisoriesOf(name: string): readonly Advisory[];
  close(): void;
}

/** Opens a database. @throws MilleError `file-format` where it is of another version, or none of mille's */
export function openAdvisoryDatabase(path: string): Database {
  const database = openDatabase(path, { readOnly: true });
  try {
    const facts = readFacts(database, path);
    const ecosystem = facts.ecosystem.split(':')[0]!;
    return {
      facts,
      advisoriesOf: (name) =>
        database
          .all<{ value: string }>('SELECT value FROM advisory WHERE name = ?', name)
          .flatMap(({ value }) => decode(value, { ecosystem, name })),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function readFacts(database: SqlDatabase, path: string): DatabaseFacts {
  const version = database.get<{ user_version: number }>('PRAGMA user_version')?.user_version;
  const tables = database.get<{ count: number }>(
    "SELECT count(*) AS count FROM sqlite_master WHERE type = 'table' AND name IN ('facts', 'advisory')",
  );
  const value =
    version === VERSION && tables?.count === 2
      ? database.get<{ value: string }>('SELECT value FROM facts')?.value
      : undefined;
  if (value !== undefined) return JSON.parse(value) as DatabaseFacts;
  throw new MilleError('file-format', `'${path}' is no database of vulnerabilities that this mille reads`, {
    hint: 'mille vuln update makes it anew',
  });
}

type Row = readonly [
  id: string,
  aliases: readonly string[],
  upstream: readonly string[],
  summary: string | null,
  affected: readonly Affected[],
];

type Affected = readonly [
  release: string | null,
  word: string | null,
  scores: Advisory['scores'],
  ranges: Advisory['ranges'],
  versions: readonly string[],
];

/** What a record says of one package. */
function encode(advisories: readonly Advisory[]): string {
  const { id, aliases, upstream, summary } = advisories[0]!;
  const affected = advisories.map(
    ({ release, word, scores, ranges, versions }): Affected => [
      ...([release ?? null, word ?? null, scores, ranges, versions] as const),
    ],
  );
  const row: Row = [id, aliases, upstream, summary ?? null, affected];
  return JSON.stringify(row);
}

function decode(text: string, place: Pick<Advisory, 'ecosystem' | 'name'>): readonly Advisory[] {
  const [id, aliases, upstream, summary, affected] = JSON.parse(text) as Row;
  return affected.map(([release, word, scores, ranges, versions]) => ({
    ...place,
    ...{ id, aliases, upstream, scores, ranges, versions },
    ...(release === null ? {} : { release }),
    ...(word === null ? {} : { word }),
    ...(summary === null ? {} : { summary }),
  }));
}
