// A record of the OSV schema (ossf.github.io/osv-schema, 1.7), cut down to what matching needs: one advisory for each
// package that the record says is affected. What is read is anybody's: nothing is believed about its shape, and all of
// it is bounded.

import { type Ecosystem, parseEcosystem } from './ecosystems.ts';

/** What an event of a range says of its version. */
export type EventKind = 'introduced' | 'fixed' | 'last_affected' | 'limit';

/** A range of versions, as events. */
export interface VersionRange {
  /** Versions are semantic ones, whatever the ecosystem's own are. */
  readonly semantic?: true;
  readonly events: readonly (readonly [EventKind, string])[];
}

/** A package that a record says is affected. */
export interface Advisory {
  readonly id: string;
  /** Other names of the same vulnerability. */
  readonly aliases: readonly string[];
  /** What the record is made of: of a distribution's advisory, the vulnerabilities that it is about. */
  readonly upstream: readonly string[];
  readonly summary?: string;
  /** As scores of the schema: kind and vector, or Ubuntu's word. */
  readonly scores: readonly (readonly [string, string])[];
  /** The database's own word: a distribution's urgency, GitHub's severity. */
  readonly word?: string;
  /** Name of an ecosystem, without its release. */
  readonly ecosystem: string;
  readonly release?: string;
  /** As the ecosystem normalises it. */
  readonly name: string;
  readonly ranges: readonly VersionRange[];
  readonly versions: readonly string[];
}

/** What a record came to. */
export interface ReadRecord {
  readonly advisories: readonly Advisory[];
  /** RFC 3339, when it was last changed. */
  readonly modified?: string;
  readonly withdrawn: boolean;
}

const MOST_AFFECTED = 20_000;
const MOST_NAMES = 1000;
const MOST_VERSIONS = 100_000;
const MOST_EVENTS = 20_000;
const LONGEST_WORD = 512;
const LONGEST_SUMMARY = 200;
const EVENTS: readonly EventKind[] = ['introduced', 'fixed', 'last_affected', 'limit'];

/** Advisories of several vulnerabilities, which older records name as related ones. */
const COLLECTIVE = /^(?:ALSA|ALBA|ALEA|RLSA|RXSA|RHSA|RHBA|RHEA|DSA|DLA|DTSA|USN|LSN|SUSE-|openSUSE-|ELSA)/;

/** Reads a record; undefined for what is none. Packages of ecosystems that nothing is known of are left out. */
export function readRecord(value: unknown): ReadRecord | undefined {
  const record = objectOf(value);
  const id = wordOf(record?.id);
  if (!record || id === undefined) return undefined;
  const modified = wordOf(record.modified);
  const withdrawn = typeof record.withdrawn === 'string' && record.withdrawn !== '';
  const related = COLLECTIVE.test(id) ? wordsOf(record.related) : [];
  const shared = {
    id,
    aliases: wordsOf(record.aliases),
    upstream: [...new Set([...wordsOf(record.upstream), ...related])],
    ...summaryOf(record),
  };
  const advisories: Advisory[] = [];
  const affected = withdrawn ? [] : listOf(record.affected, MOST_AFFECTED);
  for (const item of affected) {
    const one = readAffected(objectOf(item), record);
    if (one) advisories.push({ ...shared, ...one });
  }
  return { advisories, withdrawn, ...(modified === undefined ? {} : { modified }) };
}

type Fields = Readonly<Record<string, unknown>>;

function readAffected(
  affected: Fields | undefined,
  record: Fields,
): Omit<Advisory, 'id' | 'aliases' | 'upstream' | 'summary'> | undefined {
  const named = objectOf(affected?.package);
  const name = wordOf(named?.name);
  const place = parseEcosystem(wordOf(named?.ecosystem) ?? '');
  if (!affected || name === undefined || !place) return undefined;
  const ranges = listOf(affected.ranges, MOST_EVENTS).flatMap((range) => readRange(objectOf(range)));
  const versions = wordsOf(affected.versions, MOST_VERSIONS);
  // Commits alone say nothing of packages.
  if (ranges.length === 0 && versions.length === 0) return undefined;
  const scores = scoresOf(affected.severity);
  const word = wordOfDatabase(affected, record);
  return {
    ecosystem: place.ecosystem.name,
    ...(place.release === undefined ? {} : { release: place.release }),
    name: normalName(place.ecosystem, name),
    scores: scores.length > 0 ? scores : scoresOf(record.severity),
    ...(word === undefined ? {} : { word }),
    ranges,
    versions,
  };
}

function normalName({ normalise }: Ecosystem, name: string): string {
  return normalise ? normalise(name) : name;
}

function readRange(range: Fields | undefined): VersionRange[] {
  const type = range?.type;
  if (type !== 'SEMVER' && type !== 'ECOSYSTEM') return [];
  const events: [EventKind, string][] = [];
  for (const item of listOf(range!.events, MOST_EVENTS)) {
    const event = objectOf(item);
    for (const kind of EVENTS) {
      const version = wordOf(event?.[kind]);
      if (version !== undefined) events.push([kind, version]);
    }
  }
  return events.length === 0 ? [] : [{ ...(type === 'SEMVER' ? { semantic: true } : {}), events }];
}

/** The word of the affected package comes before that of the whole record. */
function wordOfDatabase(affected: Fields, record: Fields): string | undefined {
  for (const from of [affected, record]) {
    const [own, database] = [objectOf(from.ecosystem_specific), objectOf(from.database_specific)];
    for (const value of [own?.urgency, own?.ubuntu_priority, own?.severity, database?.severity]) {
      const word = wordOf(value);
      if (word !== undefined) return word;
    }
  }
  // "Important: openssl security update", as advisories of Red Hat's family are called.
  return /^(Critical|Important|Moderate|Low): /.exec(String(record.summary ?? ''))?.[1];
}

function scoresOf(value: unknown): readonly (readonly [string, string])[] {
  return listOf(value, 20).flatMap((item) => {
    const score = objectOf(item);
    const [type, text] = [wordOf(score?.type), wordOf(score?.score)];
    return type !== undefined && text !== undefined ? [[type, text] as const] : [];
  });
}

/** What it is about, in a line: many distributions' records have a description alone. */
function summaryOf({ summary, details }: Fields): { readonly summary?: string } {
  const text = [summary, details].find((one) => typeof one === 'string' && one.trim() !== '') as
    | string
    | undefined;
  if (text === undefined) return {};
  const line = text
    .slice(0, 3 * LONGEST_SUMMARY)
    .replace(/[\s\x00-\x1f\x7f]+/g, ' ')
    .trim();
  if (line === '') return {};
  if (line.length <= LONGEST_SUMMARY) return { summary: line };
  return { summary: `${line.slice(0, LONGEST_SUMMARY - 1).replace(/[\ud800-\udbff]$/, '')}…` };
}

function objectOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function listOf(value: unknown, most: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : [];
}

const PLAIN = /^[\x21-\x7e]+$/;

function wordOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST_WORD) return undefined;
  // Nearly all of them, and there are millions.
  if (PLAIN.test(value)) return value;
  const word = value.trim();
  return word === '' || /[\x00-\x1f\x7f]/.test(word) ? undefined : word;
}

function wordsOf(value: unknown, most = MOST_NAMES): readonly string[] {
  return listOf(value, most)
    .map(wordOf)
    .filter((word) => word !== undefined);
}
