// Whose the image's files are: numbers that mean other users or groups in the new base.

import type { ImageConfig } from '../../oci/image/index.ts';
import { type Concern, concern, listAt, type RebaseSubject } from './types.ts';

/** Names by numbers, of passwd(5) and group(5). */
export interface Accounts {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

/** Reads both files; what is malformed in them is passed over. */
export function readAccounts(files: { readonly passwd?: string; readonly group?: string }): Accounts {
  return { users: namesOf(files.passwd), groups: namesOf(files.group) };
}

function namesOf(text = ''): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , id = ''] = line.split(':');
    if (name !== '' && /^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

/** What accounts tell. @param accounts `end`: of the image on the new base */
export function accountConcerns(
  { own, from, onto }: RebaseSubject,
  accounts: { readonly from: Accounts; readonly onto: Accounts; readonly end: Accounts },
  config: Pick<ImageConfig, 'config'>,
): readonly Concern[] {
  const rewrites = (path: string) => own.some(({ entries }) => entries.some((entry) => entry.path === path));
  const found: Concern[] = [];
  for (const { kind, names, path, word } of [
    { kind: 'uid', names: 'users', path: 'etc/passwd', word: 'user' },
    { kind: 'gid', names: 'groups', path: 'etc/group', word: 'group' },
  ] as const) {
    // The image brings its own names then.
    if (rewrites(path) || !from.entries.has(path) || !onto.entries.has(path)) continue;
    const owned = new Map<number, string[]>();
    for (const entry of own.flatMap(({ entries }) => entries))
      if (entry[kind] !== 0 && entry.type !== 'whiteout' && entry.type !== 'opaque')
        listAt(owned, entry[kind]).push(entry.path);
    for (const [id, paths] of owned) {
      const [before, after] = [accounts.from[names].get(id), accounts.onto[names].get(id)];
      if (before === after) continue;
      const text = `files are of ${word} ${id}, ${before ?? 'nobody'} in the old base and ${after ?? 'nobody'} in the new one`;
      found.push(concern({ level: before === undefined ? 'check' : 'breaks', kind: 'owner', text }, paths));
    }
  }
  const [user = ''] = (config.config?.User ?? '').split(':');
  if (user !== '' && !/^\d+$/.test(user) && ![...accounts.end.users.values()].includes(user))
    found.push(
      concern({
        level: 'breaks',
        kind: 'user',
        text: `the image is run as ${user}, and has no such user then`,
      }),
    );
  return found;
}
