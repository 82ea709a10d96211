// The text of a lock file and what it says. It is JSON, sorted, an entry a line, so that a difference of two of them
// reads well; nothing of the time or the machine is in it, so the same meanings give the same bytes.

import {
  type Digest,
  isDigest,
  MilleError,
  redactUrls,
  type SourceText,
  type Span,
  suggest,
} from '../../core/index.ts';
import { describeGit, type GitAddress, isCommitId, isRefName } from '../../lang/address/index.ts';
import { canonicalName, parseReference } from '../../oci/image/index.ts';
import { type JsonMember, type JsonValue, parseLocatedJson } from '../language/located-json.ts';

/** What the name of a git repository's commit meant. */
export interface LockedCommit {
  /** The full name of what it was found under: `refs/heads/main`. */
  readonly ref: string;
  readonly commit: string;
  /** The annotated tag that points to the commit, where there is one. */
  readonly tag?: string;
}

/** What names meant when the file was written; the keys are those of `imageKey`, `fileKey` and `gitKey`. */
export interface LockFile {
  /** Of an image of several platforms the digest is that of its index. */
  readonly images: ReadonlyMap<string, Digest>;
  readonly files: ReadonlyMap<string, Digest>;
  readonly git: ReadonlyMap<string, LockedCommit>;
}

export const EMPTY_LOCK: LockFile = { images: new Map(), files: new Map(), git: new Map() };

/** The one spelling of an image's name; undefined for what says itself which image it is, by digest or id. */
export function imageKey(reference: string): string | undefined {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(reference)) return undefined;
  const parsed = parseReference(reference);
  return parsed.digest === undefined ? canonicalName(parsed) : undefined;
}

/** The digest that a lock file, if there is one, says for an image. */
export function lockedImage(lock: LockFile | undefined, reference: string): Digest | undefined {
  const key = imageKey(reference);
  return key === undefined ? undefined : lock?.images.get(key);
}

/** A file by HTTP; passwords in its address are no part of its name. */
export function fileKey(url: string): string {
  return redactUrls(url);
}

/** A branch or tag of a repository; undefined where the address names the commit itself. */
export function gitKey({ remote, ref, checksum }: GitAddress): string | undefined {
  if (isCommitId(ref ?? '') || isCommitId(checksum ?? '')) return undefined;
  return describeGit({ remote, ...(ref === undefined ? {} : { ref }), subdir: '' });
}

const VERSION = 1;
const KEYS = ['version', 'images', 'files', 'git'];

/** The text of a lock file. */
export function writeLock({ images, files, git }: LockFile): string {
  const sections = {
    version: VERSION,
    ...section('images', images),
    ...section('files', files),
    ...section('git', git, ({ ref, commit, tag }) => ({
      ref,
      commit,
      ...(tag === undefined ? {} : { tag }),
    })),
  };
  return `${JSON.stringify(sections, undefined, 2)}\n`;
}

function section<T>(
  name: string,
  entries: ReadonlyMap<string, T>,
  value: (entry: T) => unknown = (entry) => entry,
): Record<string, unknown> {
  if (entries.size === 0) return {};
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  // No prototype: `__proto__` is a key like any other.
  const written = Object.assign(Object.create(null) as object, {}) as Record<string, unknown>;
  for (const [key, entry] of sorted) written[key] = value(entry);
  return { [name]: written };
}

/**
 * Reads a lock file. Nothing in it is passed over: what could not have been written by `writeLock`, but for order and
 * spaces, is refused.
 * @throws MilleError `file-format` with the place of what is wrong
 */
export function readLock(source: SourceText): LockFile {
  const members = objectOf(parse(source), 'a lock file');
  const version = members.find(({ key }) => key === 'version')?.value;
  const written = version && source.text.slice(version.span.start, version.span.end);
  if (!version || written !== String(VERSION)) {
    const span = version?.span ?? { source, start: 0, end: 1 };
    throw wrong(
      written === undefined
        ? 'the lock file has no version'
        : `a lock file of version ${written} is not known here`,
      span,
      `this mille reads version ${VERSION}`,
    );
  }
  const found = {
    images: new Map<string, Digest>(),
    files: new Map<string, Digest>(),
    git: new Map<string, LockedCommit>(),
  };
  for (const { key, keySpan, value } of members) {
    if (key === 'images') readEntries(value, found.images, { canonical: canonicalImage, read: digestOf });
    else if (key === 'files') readEntries(value, found.files, { canonical: fileKey, read: digestOf });
    else if (key === 'git') readEntries(value, found.git, { canonical: redactUrls, read: commitOf });
    else if (key !== 'version') throw unknown(key, keySpan, KEYS);
  }
  return found;
}

function parse(source: SourceText): JsonValue {
  const conflict = /^(?:<{7}|={7}|>{7})(?= |$)/m.exec(source.text);
  if (!conflict) return parseLocatedJson(source);
  const { index } = conflict;
  throw wrong(
    'the lock file holds both sides of a merge',
    { source, start: index, end: index + conflict[0].length },
    'take one of them, then run `mille lock`',
  );
}

function objectOf(value: JsonValue, what: string): readonly JsonMember[] {
  if (value.type !== 'object') throw wrong(`${what} is an object`, value.span);
  const seen = new Set<string>();
  for (const { key, keySpan } of value.members) {
    if (seen.has(key)) throw wrong(`'${key}' stands there twice`, keySpan, 'remove one of them');
    seen.add(key);
  }
  return value.members;
}

function readEntries<T>(
  value: JsonValue,
  into: Map<string, T>,
  how: { readonly canonical: (key: string) => string | undefined; readonly read: (value: JsonValue) => T },
): void {
  for (const member of objectOf(value, 'what is pinned')) {
    const canonical = how.canonical(member.key);
    if (canonical !== member.key) {
      const meant = canonical === undefined ? undefined : `write ${canonical}`;
      throw wrong(`'${redactUrls(member.key)}' is no name of a lock file`, member.keySpan, meant);
    }
    into.set(member.key, how.read(member.value));
  }
}

function canonicalImage(key: string): string | undefined {
  try {
    return imageKey(key);
  } catch (error) {
    if (error instanceof MilleError) return undefined;
    throw error;
  }
}

function digestOf(value: JsonValue): Digest {
  if (value.type === 'string' && isDigest(value.value)) return value.value;
  throw wrong('this is no digest', value.span, 'a digest is sha256: and 64 hexadecimal digits');
}

function commitOf(value: JsonValue): LockedCommit {
  const fields = new Map<string, string>();
  for (const { key, keySpan, value: field } of objectOf(value, 'a commit')) {
    if (!['ref', 'commit', 'tag'].includes(key)) throw unknown(key, keySpan, ['ref', 'commit', 'tag']);
    const right =
      field.type === 'string' && (key === 'ref' ? isFullRef(field.value) : isCommitId(field.value));
    if (!right) {
      throw wrong(
        key === 'ref' ? 'this is no full name of a branch or tag' : 'this is no id of a commit',
        field.span,
        key === 'ref' ? 'it is written like refs/heads/main' : 'it is written with all of its digits',
      );
    }
    fields.set(key, field.value);
  }
  const { ref, commit, tag } = Object.fromEntries(fields);
  if (ref === undefined || commit === undefined) {
    throw wrong(`the ${ref === undefined ? 'ref' : 'commit'} is missing`, value.span);
  }
  return { ref, commit, ...(tag === undefined ? {} : { tag }) };
}

/** It becomes an argument of git. */
function isFullRef(text: string): boolean {
  return text === 'HEAD' || (text.startsWith('refs/') && isRefName(text));
}

function unknown(key: string, span: Span, keys: readonly string[]): MilleError {
  const near = suggest(key, keys, 3);
  const hint = near === undefined ? `there are: ${keys.join(', ')}` : `did you mean ${near}?`;
  return wrong(`a lock file has no '${key}' there`, span, hint);
}

const AGAIN = 'it is written by `mille lock`: take it back to what it was, or remove it and lock again';

function wrong(message: string, span: Span, hint = AGAIN): MilleError {
  return new MilleError('file-format', message, { span, hint });
}
