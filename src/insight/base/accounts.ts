// Accounts of a base image: the lines of /etc/passwd, /etc/group and /etc/shadow. Pure.

import { MilleError } from '../../core/index.ts';
import type { ContainerConfig } from '../../oci/image/index.ts';
import type { ImageFile } from './image-files.ts';

/** An account that is not root's. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Far from what packages and useradd give out; the one that distroless images made known. */
const USUAL = 65532;
const LARGEST = 2 ** 31 - 1;

/** Reads `NAME[:UID[:GID]]`. @throws MilleError `usage` */
export function parseAccount(text: string): Account {
  const [, name, uid, gid] = /^([a-z_][a-z0-9_-]{0,31})(?::(\d{1,10})(?::(\d{1,10}))?)?$/.exec(text) ?? [];
  if (name === undefined || name === 'root')
    throw new MilleError('usage', `not an account: ${JSON.stringify(text)}`, {
      hint: 'write --user NAME[:UID[:GID]], for example --user nonroot or --user app:1000',
    });
  const number = uid === undefined ? USUAL : Number(uid);
  const account = { name, uid: number, gid: gid === undefined ? number : Number(gid) };
  if (account.uid === 0 || account.uid > LARGEST || account.gid > LARGEST)
    throw new MilleError('usage', `not an id for an account that is not root's: ${text}`, {
      hint: 'ids are from 1 to 2147483647',
    });
  return account;
}

/** A line for /etc/passwd. No shell is named: where there is one, `--user` of a container finds it all the same. */
export function passwdLine({ name, uid, gid }: Account): string {
  return `${name}:x:${uid}:${gid}:${name}:/home/${name}:/usr/sbin/nologin\n`;
}

/** A line for /etc/group. */
export function groupLine({ name, gid }: Account): string {
  return `${name}:x:${gid}:\n`;
}

/** A line for /etc/shadow: no password ever fits. */
export function shadowLine({ name }: Account, day: number): string {
  return `${name}:!:${day}:0:99999:7:::\n`;
}

/** The account's home. */
export function homeOf({ name, uid, gid }: Account): ImageFile {
  return { path: `home/${name}`, type: 'dir', mode: 0o700, uid, gid };
}

/** The image's processes are the account's, in its home; the number, since Kubernetes cannot look names up. */
export function userConfig(user: Account | undefined): Pick<ContainerConfig, 'User' | 'WorkingDir'> {
  return user ? { User: String(user.uid), WorkingDir: `/home/${user.name}` } : {};
}

/**
 * A file of accounts with one more.
 * @throws MilleError `usage` where the name or the id is taken
 */
export function withLine(text: string, line: string, what: string): string {
  const [name, , id] = line.trim().split(':');
  for (const other of text.split('\n')) {
    const [otherName, , otherId] = other.split(':');
    if (otherName === name || (id !== '' && otherId === id && /^\d+$/.test(id ?? '')))
      throw new MilleError('usage', `${what} has '${otherName}' with the id ${otherId} already`, {
        hint: `give another name or id with --user`,
      });
  }
  return text.endsWith('\n') || text === '' ? text + line : `${text}\n${line}`;
}
