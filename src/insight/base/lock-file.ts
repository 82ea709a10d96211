// The lock file of a base image: which packages, in which versions, with which content. JSON, in an order that does not
// change, so that what differs between two locks is what changed. Pure.

import { MilleError } from '../../core/index.ts';
import type { Reason } from './archive/reasons.ts';
import type { Distribution } from './choose-sources.ts';
import type { Profile } from './request.ts';

/** An archive that packages came from. */
export interface LockedSource {
  /** Without user and password. */
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

/** A package. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** From the root of its archive. */
  readonly file: string;
  /** Which of the sources: its place in the list. */
  readonly source: number;
  readonly size: number;
  readonly installedSize: number;
  readonly sha256: string;
  readonly reason: Reason;
}

/** A lock. */
export interface BaseLock {
  readonly distribution: Distribution;
  readonly suite: string;
  readonly architecture: string;
  readonly profile: Profile;
  readonly variant?: string;
  readonly include: readonly string[];
  readonly sources: readonly LockedSource[];
  readonly packages: readonly LockedPackage[];
}

const VERSION = 1;
const MOST_PACKAGES = 20_000;

/** Prints a lock; the same for the same packages. */
export function formatLock(lock: BaseLock): string {
  const { distribution, suite, architecture, profile, variant, include, sources, packages } = lock;
  const head = {
    'mille-base-lock': VERSION,
    ...{ distribution, suite, architecture, profile },
    ...(variant === undefined ? {} : { variant }),
    include,
    sources,
  };
  // One package a line: what a version changes is one line of a difference.
  const lines = packages.map((one) => `    ${JSON.stringify(orderedPackage(one))}`).join(',\n');
  const text = JSON.stringify(head, undefined, 2).replace(/\n\}$/, '');
  return `${text},\n  "packages": [\n${lines}\n  ]\n}\n`;
}

function orderedPackage(one: LockedPackage): LockedPackage {
  const { name, version, architecture, file, source, size, installedSize, sha256, reason } = one;
  const { kind, chain, text } = reason;
  return {
    ...{ name, version, architecture, file, source, size, installedSize, sha256 },
    reason: { kind, chain, ...(text === undefined ? {} : { text }) },
  };
}

/** Reads a lock. @throws MilleError `usage` naming the file and what is wrong with it */
export function parseLock(text: string, path: string): BaseLock {
  const fields = fieldReader(path);
  const { word, words, records } = fields;
  const top = readTop(text, fields);
  const sources = records(top, 'sources').map((one) => ({
    uri: word(one, 'uri', /^[a-z0-9+]+:\S+$/i),
    suites: words(one, 'suites'),
    components: words(one, 'components'),
  }));
  const packages = records(top, 'packages').map((one) => readPackage(one, sources, fields));
  return {
    distribution: word(top, 'distribution', /^(debian|ubuntu)$/) as Distribution,
    suite: word(top, 'suite', /^[a-z][a-z0-9.-]*$/),
    architecture: word(top, 'architecture', /^[a-z0-9-]+$/),
    profile: word(top, 'profile', /^(standard|distroless)$/) as Profile,
    ...(top.variant === undefined ? {} : { variant: word(top, 'variant', /^[a-z]+$/) }),
    include: words(top, 'include'),
    ...{ sources, packages },
  };
}

function readTop(text: string, { wrong }: FieldReader): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong('it is not JSON');
  }
  const top = asRecord(value) ?? wrong('it is no object');
  const version = top['mille-base-lock'];
  if (version === undefined) wrong("it has no 'mille-base-lock'");
  if (version !== VERSION) wrong(`its version ${String(version)} is not known`);
  return top;
}

function readPackage(
  one: JsonRecord,
  sources: readonly LockedSource[],
  { wrong, word, words, count }: FieldReader,
): LockedPackage {
  const reason = asRecord(one.reason) ?? wrong("'reason' is odd");
  const source = count(one, 'source');
  if (source >= sources.length) wrong("'source' is none of the sources");
  return {
    name: word(one, 'name', /^[a-z0-9][a-z0-9+.-]*$/),
    version: word(one, 'version', /^[A-Za-z0-9.+~:_-]+$/),
    architecture: word(one, 'architecture', /^[a-z0-9-]+$/),
    // It becomes part of an address, and never a path here.
    file: word(one, 'file', /^(?!.*(^|\/)\.\.(\/|$))[A-Za-z0-9.][\w.+~%/@=-]*\.deb$/),
    ...{ source, size: count(one, 'size'), installedSize: count(one, 'installedSize') },
    sha256: word(one, 'sha256', /^[0-9a-f]{64}$/),
    reason: {
      kind: word(reason, 'kind', /^(asked|essential|profile|needed)$/) as Reason['kind'],
      chain: words(reason, 'chain'),
      ...(typeof reason.text === 'string' ? { text: reason.text } : {}),
    },
  };
}

type JsonRecord = Record<string, unknown>;

/** Reads fields as they must be; where one is not, the error says which. */
interface FieldReader {
  wrong(what: string): never;
  word(record: JsonRecord, name: string, pattern: RegExp): string;
  words(record: JsonRecord, name: string): string[];
  count(record: JsonRecord, name: string): number;
  records(record: JsonRecord, name: string): JsonRecord[];
}

function fieldReader(path: string): FieldReader {
  const wrong = (what: string): never => {
    throw new MilleError('usage', `${path} is no lock of a base image: ${what}`, {
      hint: 'make it anew with --update-lock',
    });
  };
  const list = (record: JsonRecord, name: string): readonly unknown[] => {
    const given = record[name];
    return Array.isArray(given) && given.length <= MOST_PACKAGES ? given : wrong(`'${name}' is no list`);
  };
  return {
    wrong,
    word: (record, name, pattern) => {
      const given = record[name];
      return typeof given === 'string' && pattern.test(given)
        ? given
        : wrong(`'${name}' is not as it should be`);
    },
    words: (record, name) =>
      list(record, name).map((one) =>
        typeof one === 'string' ? one : wrong(`'${name}' holds what is no text`),
      ),
    count: (record, name) => {
      const given = record[name];
      return Number.isSafeInteger(given) && (given as number) >= 0
        ? (given as number)
        : wrong(`'${name}' is no number`);
    },
    records: (record, name) => list(record, name).map((one) => asRecord(one) ?? wrong(`'${name}' is odd`)),
  };
}

/**
 * Holds a lock against what is asked for now.
 * @throws MilleError `usage` naming the first thing in which they differ
 */
export function checkLock(
  lock: BaseLock,
  wanted: Omit<BaseLock, 'sources' | 'packages'>,
  path: string,
): void {
  const aspects = (one: Omit<BaseLock, 'sources' | 'packages'>): [string, string][] => [
    ['suite', `${one.distribution}:${one.suite}`],
    ['architecture', one.architecture],
    ['profile', one.profile],
    ['variant', one.variant ?? 'minbase'],
    ['list of packages', [...one.include].sort().join(', ') || 'none'],
  ];
  const now = aspects(wanted);
  aspects(lock).forEach(([name, then], at) => {
    const asked = now[at]![1];
    if (then !== asked)
      throw new MilleError(
        'usage',
        `${path} was made with another ${name}: ${then}, and now it is ${asked}`,
        {
          hint: 'make it anew with --update-lock, or name another file',
        },
      );
  });
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
