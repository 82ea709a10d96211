// Secrets and SSH agents of a build, read once at its start.

import { type BuildSecrets, buildSecrets } from '../../build/execute/index.ts';
import { displayPath, MilleError } from '../../core/index.ts';
import { remoteAddress } from '../../lang/address/index.ts';
import { CWD, environment, isErrno, readSmallFile, statAt, workingDirectory } from '../../sys/index.ts';
import type { BuildOptions, SecretOption } from '../types.ts';
import { type KeyAgent, startKeyAgent } from './key-agent.ts';

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

/** The agents of a build. */
export interface OpenAgents {
  /** Absolute paths of their sockets, by id. */
  readonly sockets: ReadonlyMap<string, string>;
  /** Ends those that were started for keys. */
  close(): void;
}

/**
 * Finds the agents of a build, and starts those that keys need. As with docker, a context that is reached by SSH needs
 * no --ssh: whoever names it means their own keys.
 * @param directory makes one that goes with the build
 * @throws MilleError `usage`, `io`, `tool-missing` for keys that cannot be used
 */
export async function openAgents(
  { ssh = [], context }: BuildOptions,
  directory: () => string,
): Promise<OpenAgents> {
  const own = environment().SSH_AUTH_SOCK;
  const sockets = new Map<string, string>();
  const started: KeyAgent[] = [];
  const close = () => {
    for (const agent of started) agent.close();
  };
  try {
    for (const { id, paths } of ssh) {
      const all = paths.map(absolute);
      if (all.length === 1 && statAt(CWD, all[0]!)?.type !== 'file') sockets.set(id, all[0]!);
      else {
        const agent = await startKeyAgent(directory(), all);
        started.push(agent);
        sockets.set(id, agent.socket);
      }
    }
  } catch (error) {
    close();
    throw error;
  }
  if (own && !sockets.has('default') && isReachedBySsh(context)) sockets.set('default', absolute(own));
  return { sockets, close };
}

function isReachedBySsh(context: string): boolean {
  const address = remoteAddress(context);
  return address?.kind === 'git' && address.scheme === 'ssh';
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
}
