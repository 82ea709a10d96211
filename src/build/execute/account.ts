// Users and groups as an image's own /etc/passwd and /etc/group define them, for USER, --chown and the process of
// RUN. Numbers need no entry; names do.

import { MilleError } from '../../core/index.ts';

/** Numeric owner of a file. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Who a process runs as. */
export interface ProcessUser extends Owner {
  readonly additionalGids: readonly number[];
  /** Home directory of the user's entry, where there is one. */
  readonly home?: string;
}

/** The account files of an image; a missing file is an empty text. */
export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
}

interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const LARGEST_ID = 0xffff_fffe;

function fields(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
}

function parsePasswd(text: string): PasswdEntry[] {
  return fields(text).flatMap(([name = '', , uid = '', gid = '', , home = '']) => {
    const id = parseId(uid);
    // A group that is missing or no number is 0, as Docker reads it; a user never is.
    return id === undefined ? [] : [{ name, uid: id, gid: parseId(gid) ?? 0, home }];
  });
}

function parseGroup(text: string): GroupEntry[] {
  return fields(text).flatMap(([name = '', , gid = '', members = '']) => {
    const id = parseId(gid);
    return id === undefined ? [] : [{ name, gid: id, members: members.split(',').filter((m) => m !== '') }];
  });
}

function parseId(text: string): number | undefined {
  if (!/^[0-9]{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= LARGEST_ID ? id : undefined;
}

function split(text: string): [user: string, group: string | undefined] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

function unknown(kind: 'user' | 'group', name: string): MilleError {
  const file = kind === 'user' ? '/etc/passwd' : '/etc/group';
  return new MilleError('unknown-user', `no ${kind} '${name}' in the image's ${file}`, {
    hint: `create the ${kind} in an earlier RUN, or give its number`,
  });
}

function findGroup(groups: readonly GroupEntry[], name: string): number {
  const gid = parseId(name) ?? groups.find((g) => g.name === name)?.gid;
  if (gid === undefined) throw unknown('group', name);
  return gid;
}

/** A name of --chown that the image does not know. */
export interface UnknownName {
  readonly kind: 'user' | 'group';
  readonly name: string;
}

/**
 * A number of --chown: BuildKit reads 32 bits with a sign and takes them for an id, so that -5 is 4294967291; what does
 * not fit is a name. -1 is what chown(2) takes for "as it is", and BuildKit's copies are root's before that call.
 */
function ownerNumber(text: string): number | undefined {
  if (text === '' || text === 'root') return 0;
  const number = /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (number === -1) return 0;
  return number === (number | 0) ? number >>> 0 : undefined;
}

/** Whether `--chown=user[:group]` needs account files to be understood. */
export function namesAccounts(text: string): boolean {
  return split(text).some((part) => part !== undefined && ownerNumber(part) === undefined);
}

/**
 * The owner that `--chown=user[:group]` names. A number alone gives the group the same number; a name alone
 * gives the user's primary group (Dockerfile reference, COPY --chown). As in BuildKit a user that is not known is root,
 * and a group that is not known is the user's.
 * @param onUnknown told of each such name
 */
export function resolveOwner(
  text: string,
  files: AccountFiles,
  onUnknown: (unknown: UnknownName) => void = () => {},
): Owner {
  const [user, group] = split(text);
  const owner = userOwner(user, files.passwd);
  if (!owner) onUnknown({ kind: 'user', name: user });
  const { uid, gid } = owner ?? { uid: 0, gid: 0 };
  if (group === undefined) return { uid, gid };
  const found = ownerNumber(group) ?? parseGroup(files.group).find((g) => g.name === group)?.gid;
  if (found === undefined) onUnknown({ kind: 'group', name: group });
  return { uid, gid: found ?? gid };
}

function userOwner(user: string, passwd: string): Owner | undefined {
  const number = ownerNumber(user);
  if (number !== undefined) return { uid: number, gid: number };
  const entry = parsePasswd(passwd).find((u) => u.name === user);
  return entry && { uid: entry.uid, gid: entry.gid };
}

/**
 * Who a process runs as for `USER user[:group]`. With a group given, that is its only group; else the user's
 * primary group and those that list the user. A number without an entry runs in group 0; root needs no entry.
 * @param added groups that it has in any case, by number or name
 * @throws MilleError `unknown-user`.
 */
export function resolveProcessUser(
  text: string,
  files: AccountFiles,
  added: readonly string[] = [],
): ProcessUser {
  const [name, group] = split(text === '' ? '0' : text);
  const users = parsePasswd(files.passwd);
  const groups = parseGroup(files.group);
  const number = parseId(name === '' ? '0' : name);
  // What is a number is never looked up as a name.
  const entry = users.find((u) => (number === undefined ? u.name === name : u.uid === number));
  const uid = entry?.uid ?? number ?? (name === 'root' ? 0 : undefined);
  if (uid === undefined) throw unknown('user', name);
  const home = entry && entry.home !== '' ? { home: entry.home } : {};
  const addedGids = added.map((name) => findGroup(groups, name));
  if (group !== undefined && group !== '') {
    const known = group !== 'root' || groups.some((g) => g.name === group);
    return { uid, gid: known ? findGroup(groups, group) : 0, additionalGids: distinct(addedGids), ...home };
  }
  const gid = entry?.gid ?? 0;
  const ownGids = entry ? groups.filter((g) => g.members.includes(entry.name)).map((g) => g.gid) : [];
  return { uid, gid, additionalGids: distinct([...ownGids, ...addedGids]), ...home };
}

function distinct(gids: readonly number[]): number[] {
  return [...new Set(gids)];
}
