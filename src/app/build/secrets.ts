// Secrets and SSH agents of a build, read once at its start.

import { type BuildSecrets, buildSecrets } from '../../build/execute/index.ts';
import { displayPath, MilleError } from '../../core/index.ts';
import { remoteAddress } from '../../lang/address/index.ts';
import { CWD, environment, isErrno, readSmallFile, workingDirectory } from '../../sys/index.ts';
import type { BuildOptions, SecretOption } from '../types.ts';

/** As in BuildKit. */
const LARGEST = 500 * 1024;

/**
 * Reads the values of secrets.
 * @throws MilleError `io` for a file that cannot be read, `usage` for a value above 500 KiB
 */
export function readSecrets(options: readonly SecretOption[]): BuildSecrets {
  const values = new Map<string, Uint8Array>();
  for (const { id, source } of options) {
    if (source.kind === 'file') {
      values.set(id, readFile(id, source.path));
      continue;
    }
    const value = source.kind === 'value' ? source.value : environment()[source.name];
    if (value !== undefined) values.set(id, new TextEncoder().encode(value));
  }
  return buildSecrets(values);
}

function readFile(id: string, path: string): Uint8Array {
  try {
    return readSmallFile(CWD, absolute(path), LARGEST);
  } catch (cause) {
    if (isErrno(cause, 'EFBIG')) {
      throw new MilleError('usage', `the secret ${id} is larger than 500 KiB`, {
        hint: 'a secret is a key or a password; mount larger files with --mount=type=bind',
      });
    }
    if (!isErrno(cause, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES')) throw cause;
    const why = isErrno(cause, 'EACCES')
      ? 'may not be read'
      : isErrno(cause, 'EISDIR')
        ? 'is a directory'
        : 'does not exist';
    throw new MilleError('io', `the file '${displayPath(path)}' of the secret ${id} ${why}`, {
      hint: `write --secret id=${id},src=FILE, or id=${id},env=VARIABLE`,
      cause,
    });
  }
}

/**
 * Absolute paths of agents' sockets, by id. As with docker, a context that is reached by SSH needs no --ssh: whoever
 * names it means their own keys.
 */
export function agentSockets({ ssh = [], context }: BuildOptions): ReadonlyMap<string, string> {
  const own = environment().SSH_AUTH_SOCK;
  const sockets = new Map(ssh.map(({ id, socket }) => [id, absolute(socket)]));
  if (own && !sockets.has('default') && isReachedBySsh(context)) sockets.set('default', absolute(own));
  return sockets;
}

function isReachedBySsh(context: string): boolean {
  const address = remoteAddress(context);
  return address?.kind === 'git' && address.scheme === 'ssh';
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
}
