// What is held of advisories: databases that were made by `mille vuln update`, or a place that somebody names, which may
// hold such databases or plain records. Plain records are read through once for all names that are wanted, and nothing
// of them is kept on disk.

import { displayPath, MilleError } from '../../core/index.ts';
import {
  type Advisory,
  parseEcosystem,
  type ReadRecord,
  type Subject,
} from '../../insight/vulnerabilities/index.ts';
import { CWD, closeFd, namesIn, O, openAt, readIntoAt, statAt } from '../../sys/index.ts';
import { type Database, openAdvisoryDatabase } from './database.ts';
import { newTally, readRecords } from './read-records.ts';

/** Data about an ecosystem that is held. */
export interface HeldData {
  /** `Debian`, or of one release `Debian:12`. */
  readonly ecosystem: string;
  readonly records: number;
  /** The releases of a distribution that it speaks of. */
  readonly releases: readonly string[];
  /** RFC 3339: until when it is known to have been complete. */
  readonly asOf?: string;
}

/** Advisories of some packages, and what was looked into for them. */
export interface Found {
  readonly held: readonly HeldData[];
  /** Whether data of an ecosystem, and of a release of it, is held. */
  covers(subject: Subject): boolean;
  advisoriesOf(ecosystem: string, name: string): readonly Advisory[];
  /** What could not be read. */
  readonly notes: readonly string[];
}

/** Where the databases of a store are. */
export function databaseDirectory(root: string): string {
  return `${root}/vulnerabilities`;
}

const SUFFIX = '.db';

/**
 * Looks for advisories about some subjects.
 * @param path a directory, an archive, a file of JSON, or a database
 * @throws MilleError `io`, `file-format`, `archive-broken`, `interrupted`
 */
export async function findAdvisories(
  path: string,
  subjects: readonly Subject[],
  signal?: AbortSignal,
): Promise<Found> {
  const databases: string[] = [];
  const found = newCollection(subjects);
  if (isDatabase(path)) databases.push(path);
  else {
    const tally = newTally();
    await readRecords(path, {
      tally,
      signal,
      handle: found.take,
      other: (file) => isDatabaseName(file) && databases.push(file) > 0,
    });
    found.finish();
    if (tally.broken > 0)
      found.notes.push(
        `${tally.broken} ${tally.broken === 1 ? 'file is no record' : 'files are no records'} of vulnerabilities: ${tally.brokenNames.join(', ')}${tally.broken > tally.brokenNames.length ? ', …' : ''}`,
      );
  }
  for (const file of databases) withDatabase(file, found.takeDatabase);
  return found;
}

/** Looks for them in what a store holds. */
export function findInStore(root: string, subjects: readonly Subject[]): Found {
  const found = newCollection(subjects);
  for (const file of databaseFiles(root)) withDatabase(file, found.takeDatabase);
  return found;
}

/** The databases of a store. */
export function databaseFiles(root: string): readonly string[] {
  const directory = databaseDirectory(root);
  return namesIn(directory).flatMap((name) => (isDatabaseName(name) ? [`${directory}/${name}`] : []));
}

function isDatabaseName(path: string): boolean {
  return path.endsWith(SUFFIX);
}

/** The file of an ecosystem's database. */
export function databaseFile(root: string, ecosystem: string): string {
  return `${databaseDirectory(root)}/${ecosystem}${SUFFIX}`;
}

function withDatabase(file: string, work: (database: Database) => void): void {
  const database = openAdvisoryDatabase(file);
  try {
    work(database);
  } finally {
    database.close();
  }
}

const MAGIC = 'SQLite format 3\0';

function isDatabase(path: string): boolean {
  const stat = statAt(CWD, path);
  if (!stat) {
    throw new MilleError('io', `there is no '${displayPath(path)}'`, {
      hint: '--vuln-db takes a directory or an archive of records in OSV format, or a database that mille made of them',
    });
  }
  if (stat.type !== 'file') return false;
  const fd = openAt(CWD, path, { flags: O.RDONLY });
  try {
    const start = new Uint8Array(MAGIC.length);
    return readIntoAt(fd, start, 0) === start.length && Buffer.from(start).toString('latin1') === MAGIC;
  } finally {
    closeFd(fd);
  }
}

/** Gathers what is wanted. */
function newCollection(subjects: readonly Subject[]) {
  const wanted = new Set(
    subjects.flatMap(({ ecosystem, names }) => names.map(({ name }) => keyOf(ecosystem, name))),
  );
  const advisories = new Map<string, Advisory[]>();
  const plain = new Map<string, { records: number; releases: Set<string>; newest: string }>();
  const held: HeldData[] = [];
  const notes: string[] = [];
  const put = (advisory: Advisory) => {
    const key = keyOf(advisory.ecosystem, advisory.name);
    if (!wanted.has(key)) return;
    const known = advisories.get(key);
    if (known) known.push(advisory);
    else advisories.set(key, [advisory]);
  };
  return {
    held,
    notes,
    advisoriesOf: (ecosystem: string, name: string) => advisories.get(keyOf(ecosystem, name)) ?? [],
    covers: (subject: Subject) => held.some((one) => covers(one, subject)),
    take({ advisories: some, modified = '' }: ReadRecord) {
      const ecosystems = new Set<string>();
      for (const one of some) {
        const known = plain.get(one.ecosystem) ?? { records: 0, releases: new Set(), newest: '' };
        if (modified > known.newest) known.newest = modified;
        if (!ecosystems.has(one.ecosystem)) known.records++;
        if (one.release !== undefined) known.releases.add(one.release);
        plain.set(one.ecosystem, known);
        ecosystems.add(one.ecosystem);
        put(one);
      }
    },
    /** Plain records say by themselves how new they are. */
    finish() {
      for (const [ecosystem, { records, releases, newest }] of plain) {
        const asOf = newest === '' ? {} : { asOf: newest };
        held.push({ ecosystem, records, releases: [...releases], ...asOf });
      }
    },
    takeDatabase({ facts, advisoriesOf }: Database) {
      const { ecosystem, records, releases, asOf } = facts;
      held.push({ ecosystem, records, releases, ...(asOf === undefined ? {} : { asOf }) });
      const base = ecosystem.split(':')[0]!;
      const names = subjects.flatMap((one) =>
        one.ecosystem === base ? one.names.map(({ name }) => name) : [],
      );
      for (const name of new Set(names)) for (const one of advisoriesOf(name)) put(one);
    },
  };
}

function keyOf(ecosystem: string, name: string): string {
  return `${ecosystem}\0${name}`;
}

/** Data that says nothing of a release is no data about it. */
function covers({ ecosystem: name, releases }: HeldData, subject: Subject): boolean {
  const ecosystem = parseEcosystem(name)?.ecosystem;
  if (ecosystem?.name !== subject.ecosystem) return false;
  const { accepts } = ecosystem;
  return !accepts || releases.some((release) => accepts(release, subject.system ?? ''));
}
