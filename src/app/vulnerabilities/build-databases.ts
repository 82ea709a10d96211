// Records, laid down as databases: read once, each ecosystem into one of its own, and put in place when all was read.

import type { Advisory } from '../../insight/vulnerabilities/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, renameAt } from '../../sys/index.ts';
import { advisoriesBy } from './advisories-by.ts';
import { databaseFile, type HeldData } from './advisory-data.ts';
import { createDatabase, type DatabaseFacts, type DatabaseWriter, openAdvisoryDatabase } from './database.ts';
import { newTally, type RecordTally, readRecords } from './read-records.ts';
import type { UpdateEvent } from './types.ts';

/** For whom they are built. */
export interface Building {
  readonly store: Store;
  readonly events: (event: UpdateEvent) => void;
  readonly signal: AbortSignal | undefined;
}

/** Where records are, and which of them are wanted. */
export interface RecordSource {
  readonly paths: readonly string[];
  /** Ecosystems that are wanted of it, all of them if none is named. */
  readonly only: readonly string[];
  readonly facts: Pick<DatabaseFacts, 'from' | 'asOf' | 'etag'>;
}

interface Growing {
  readonly writer: DatabaseWriter;
  readonly path: string;
  records: number;
  newest: string;
}

/** Reads records once, into a database for each ecosystem, and puts those in place when all was read. */
export async function buildDatabases(
  update: Building,
  { paths, only, facts }: RecordSource,
): Promise<readonly HeldData[]> {
  const { store, signal, events } = update;
  const temporary = store.makeTemporary('vulnerabilities');
  const buildings = new Map<string, Growing>();
  const databaseOf = (ecosystem: string): Growing => {
    const known = buildings.get(ecosystem);
    if (known) return known;
    const path = `${temporary.path}/${buildings.size}.db`;
    const made: Growing = { writer: createDatabase(path), path, records: 0, newest: '' };
    buildings.set(ecosystem, made);
    return made;
  };
  try {
    const tally = newTally();
    for (const path of paths) {
      await readRecords(path, {
        ...{ tally, signal },
        handle({ advisories, modified = '' }) {
          for (const [name, some] of namesOf(advisories, only)) {
            const database = databaseOf(name);
            database.writer.add(some);
            database.records++;
            if (modified > database.newest) database.newest = modified;
          }
        },
        other: (path) => path.endsWith('.db'),
      });
    }
    const held: HeldData[] = [];
    for (const [ecosystem, { writer, path, records, newest }] of buildings) {
      const asOf = facts.asOf ?? (newest || undefined);
      writer.finish({ ...facts, ecosystem, records, ...(asOf === undefined ? {} : { asOf }) });
      writer.close();
      renameAt({ dirFd: CWD, name: path }, { dirFd: CWD, name: databaseFile(store.root, ecosystem) });
      const one = heldOf(factsOf(databaseFile(store.root, ecosystem)));
      held.push(one);
      events({ kind: 'updated', ecosystem, held: one, notes: notesOf(tally) });
    }
    return held;
  } finally {
    for (const { writer } of buildings.values()) writer.close();
    temporary.remove();
  }
}

/** The advisories of a record by the databases that they belong to. */
function namesOf(
  advisories: readonly Advisory[],
  only: readonly string[],
): ReadonlyMap<string, readonly Advisory[]> {
  if (only.length === 0) return advisoriesBy(advisories, 'ecosystem');
  const belongs = (name: string, { ecosystem, release }: Advisory) =>
    name === ecosystem || name === `${ecosystem}:${release}`;
  return new Map(
    only.flatMap((name) => {
      const own = advisories.filter((one) => belongs(name, one));
      return own.length === 0 ? [] : [[name, own] as const];
    }),
  );
}

function notesOf({ broken, brokenNames }: RecordTally): readonly string[] {
  if (broken === 0) return [];
  return [
    `${broken} ${broken === 1 ? 'file is no record' : 'files are no records'}: ${brokenNames.join(', ')}`,
  ];
}

/** What is known of a database. */
export function factsOf(file: string): DatabaseFacts {
  const database = openAdvisoryDatabase(file);
  database.close();
  return database.facts;
}

/** The same for whoever asks what is held. */
export function heldOf({ ecosystem, records, releases, asOf }: DatabaseFacts): HeldData {
  return { ecosystem, records, releases, ...(asOf === undefined ? {} : { asOf }) };
}
