// The options of a git repository that an address may carry as a query: `?ref=…&subdir=…`.

import { cleanRelative, MilleError, suggest } from '../../core/index.ts';

/** What is wanted of a repository. */
export interface GitOptions {
  /** A branch, a tag, a full name (`refs/pull/1/head`) or a commit id; the remote's HEAD without. */
  readonly ref?: string;
  /** Clean and relative; '' for the whole. */
  readonly subdir: string;
  /** Hexadecimal digits that the commit's id, or that of its tag, begins with; in lower case. */
  readonly checksum?: string;
  readonly keepGitDir?: boolean;
  /** Absent: they are fetched. */
  readonly submodules?: boolean;
  /** The time of files: when they were checked out (without), or that of the commit. */
  readonly mtime?: 'checkout' | 'commit';
  /** The checksum is the commit to fetch; where the ref points to is not asked. */
  readonly fetchByCommit?: boolean;
}

const KNOWN: ReadonlySet<string> = new Set([
  ...['ref', 'tag', 'branch', 'subdir', 'checksum', 'commit'],
  ...['keep-git-dir', 'submodules', 'mtime', 'fetch-by-commit'],
]);

/** Those that may stand alone: `?submodules`. */
const SWITCHES: ReadonlySet<string> = new Set(['keep-git-dir', 'submodules', 'fetch-by-commit']);

/**
 * Reads a query into options.
 * @param given what the fragment says; a query may repeat it, not contradict it
 * @throws MilleError `address-invalid` with the reason alone: whose address it is the caller knows
 */
export function readGitQuery(query: string, given: Pick<GitOptions, 'ref' | 'subdir'>): GitOptions {
  const fields = readFields(query);
  const named = refOf(fields, given.ref);
  const directory = cleanRelative(fields.get('subdir') ?? '');
  if (given.subdir !== '' && directory !== '' && directory !== given.subdir)
    throw problem(`it names two directories, ${given.subdir} and ${directory}`);
  const checksum = checksumOf(fields);
  const mtime = fields.get('mtime');
  if (mtime !== undefined && mtime !== 'checkout' && mtime !== 'commit')
    throw problem(`mtime is checkout or commit, not '${mtime}'`);
  return {
    ...(named === undefined ? {} : { ref: named }),
    subdir: given.subdir || directory,
    ...(checksum === undefined ? {} : { checksum }),
    ...switchOf(fields, 'keep-git-dir', 'keepGitDir'),
    ...switchOf(fields, 'submodules', 'submodules'),
    ...(mtime === undefined ? {} : { mtime }),
    ...switchOf(fields, 'fetch-by-commit', 'fetchByCommit'),
  };
}

/** Whether a text can be the checksum of a repository: the first digits of a commit id, or all. */
export function isCommitChecksum(text: string): boolean {
  return /^[0-9a-f]{1,64}$/i.test(text);
}

function checksumOf(fields: ReadonlyMap<string, string>): string | undefined {
  const found = [fields.get('checksum'), fields.get('commit')].filter((text) => text !== undefined);
  const [first, second = first] = found.map((text) => text.toLowerCase());
  if (first !== second) throw problem(`it names two commits, ${first} and ${second}`);
  if (first !== undefined && !isCommitChecksum(first))
    throw problem(`the checksum '${first}' is no commit id nor the beginning of one: hexadecimal digits`);
  return first;
}

function readFields(query: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (!KNOWN.has(key)) throw unknownOption(key);
    if (fields.has(key)) throw problem(`the option ${key} is given twice`);
    if (value === '' && !SWITCHES.has(key)) throw problem(`the option ${key} has no value`);
    fields.set(key, value);
  }
  return fields;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw problem(`'${text}' is not percent-encoded as a URL is`);
  }
}

function unknownOption(key: string): MilleError {
  const near = suggest(key, [...KNOWN], 3);
  const all = `the options are ${[...KNOWN].join(', ')}`;
  return new MilleError('address-invalid', `it has no option '${key}'`, {
    hint: near === undefined ? all : `did you mean ${near}? ${all[0]!.toUpperCase()}${all.slice(1)}`,
  });
}

function problem(why: string): MilleError {
  return new MilleError('address-invalid', why);
}

/** A tag and a branch are refs whose kind is known. */
function refOf(fields: ReadonlyMap<string, string>, fromFragment: string | undefined): string | undefined {
  const tag = fields.get('tag');
  const branch = fields.get('branch');
  const all = [
    fromFragment,
    fields.get('ref'),
    tag === undefined ? undefined : withPrefix('refs/tags/', tag),
    branch === undefined ? undefined : withPrefix('refs/heads/', branch),
  ].filter((ref) => ref !== undefined);
  const other = all.find((ref) => ref !== all[0]);
  if (other !== undefined) throw problem(`it names two refs, ${all[0]} and ${other}`);
  return all[0];
}

function withPrefix(prefix: string, name: string): string {
  return name.startsWith(prefix) ? name : prefix + name;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['', '1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);

function switchOf<K extends string>(
  fields: ReadonlyMap<string, string>,
  key: string,
  name: K,
): Partial<Record<K, boolean>> {
  const text = fields.get(key);
  if (text === undefined) return {};
  const value = BOOLEANS.get(text);
  if (value === undefined) throw problem(`${key} is true or false, not '${text}'`);
  return { [name]: value } as Record<K, boolean>;
}
