// Logins that the user has already: Docker's `config.json` and the helper programs that it names, `DOCKER_AUTH_CONFIG`,
// the files of podman and skopeo. Nothing of them is shown.

import { isErrno } from '../../sys/index.ts';
import {
  containersAuthPaths,
  dockerConfigPath,
  isObject,
  type LoginFile,
  parseLogins,
  readLoginFile,
} from './docker-config.ts';
import { askHelper } from './helper.ts';
import { loginKey, registryName, registryOfKey } from './registry-name.ts';

/** A login for one registry. */
export type Credentials =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  /** What a login left in the place of a password: changed for short-lived tokens. */
  | { readonly kind: 'identity'; readonly token: string; readonly user?: string }
  /** A token that is sent as it is. */
  | { readonly kind: 'token'; readonly token: string };

/** Finds the login for a registry, or for one repository of it; undefined where there is none. */
export type FindCredentials = (registry: string, repository?: string) => Promise<Credentials | undefined>;

type Environment = Readonly<Record<string, string | undefined>>;

/** A place where logins are looked for. */
export interface LoginSource {
  /** Its path, or the name of a variable. */
  readonly name: string;
  /** @throws MilleError `file-format`, `tool-missing`, `tool-failed` */
  find: FindCredentials;
}

/**
 * The places where logins are looked for, in this order: what a variable holds, Docker's configuration, what podman and
 * skopeo wrote. Each is read when first asked.
 */
export function loginSources(env: Environment): readonly LoginSource[] {
  const { DOCKER_AUTH_CONFIG: given } = env;
  const docker = dockerConfigPath(env);
  const others = containersAuthPaths(env);
  return [
    ...(given ? [source('DOCKER_AUTH_CONFIG', () => parseLogins('DOCKER_AUTH_CONFIG', given))] : []),
    ...(docker === undefined ? [] : [source(docker, () => readLoginFile(docker))]),
    ...others.map((path) => source(path, () => readOther(path))),
  ];
}

/** The first login of all places. */
export function dockerCredentials(env: Environment): FindCredentials {
  let sources: readonly LoginSource[] | undefined;
  return async (registry, repository) => {
    sources ??= loginSources(env);
    for (const { find } of sources) {
      const found = await find(registry, repository);
      if (found) return found;
    }
    return undefined;
  };
}

function source(name: string, read: () => LoginFile): LoginSource {
  let file: LoginFile | undefined;
  return {
    name,
    find: async (host, repository) => {
      file ??= read();
      const registry = registryName(host);
      const key = loginKey(registry);
      const helper = helperFor(file, registry);
      return (
        (helper === undefined ? undefined : await askHelper(helper, key)) ??
        fromEntry(findEntry(file.auths, registry, repository))
      );
    },
  };
}

/** Files of other programs, which may be another user's. */
function readOther(path: string): LoginFile {
  try {
    return readLoginFile(path);
  } catch (error) {
    if (isErrno(error, 'EACCES', 'EPERM')) return parseLogins(path, '{}');
    throw error;
  }
}

/** The helper program that keeps the login of a registry. */
export function helperFor({ credHelpers, credsStore }: LoginFile, registry: string): string | undefined {
  const own = property(credHelpers, loginKey(registry)) ?? property(credHelpers, registry) ?? credsStore;
  return typeof own === 'string' && own !== '' ? own : undefined;
}

function property(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A login for a part of a registry, as podman keeps them, is closer than that for all of it. */
function findEntry(
  auths: Readonly<Record<string, unknown>>,
  registry: string,
  repository: string | undefined,
): unknown {
  const parts = repository === undefined ? [] : repository.split('/');
  for (let count = parts.length; count > 0; count--) {
    const nearer = property(auths, `${registry}/${parts.slice(0, count).join('/')}`);
    if (nearer !== undefined) return nearer;
  }
  const exact = property(auths, loginKey(registry));
  if (exact !== undefined) return exact;
  const named = Object.keys(auths).find((key) => registryOfKey(key) === registry);
  return named === undefined ? undefined : auths[named];
}

function fromEntry(entry: unknown): Credentials | undefined {
  if (!isObject(entry)) return undefined;
  const { auth, username, password, identitytoken, registrytoken } = entry;
  if (typeof registrytoken === 'string' && registrytoken !== '')
    return { kind: 'token', token: registrytoken };
  const pair = decodePair(auth);
  if (typeof identitytoken === 'string' && identitytoken !== '')
    return { kind: 'identity', token: identitytoken, ...(pair ? { user: pair.user } : {}) };
  if (pair) return { kind: 'password', ...pair };
  if (typeof username !== 'string' || username === '' || typeof password !== 'string') return undefined;
  return { kind: 'password', user: username, password };
}

function decodePair(auth: unknown): { readonly user: string; readonly password: string } | undefined {
  if (typeof auth !== 'string' || auth === '') return undefined;
  const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = text.indexOf(':');
  return colon > 0 ? { user: text.slice(0, colon), password: text.slice(colon + 1) } : undefined;
}
