// Logins that the user has already: Docker's `config.json`, and the helper programs that it names. Nothing is kept
// here and nothing of it is shown.

import { displayPath, MilleError } from '../../core/index.ts';
import { CWD, findProgram, isErrno, readSmallFile, spawn } from '../../sys/index.ts';

/** A login for one registry. */
export type Credentials =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  /** What a login left in the place of a password: changed for short-lived tokens. */
  | { readonly kind: 'identity'; readonly token: string }
  /** A token that is sent as it is. */
  | { readonly kind: 'token'; readonly token: string };

/** Finds the login for a registry; undefined where there is none. */
export type FindCredentials = (registry: string) => Promise<Credentials | undefined>;

/** Under which name Docker keeps its hub's. */
const DOCKER_HUB = 'https://index.docker.io/v1/';
const CONFIG_LIMIT = 4 * 1024 * 1024;
const HELPER_LIMIT = 1024 * 1024;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Docker's configuration lies; undefined without a home. */
function configFile(env: Environment): string | undefined {
  if (env.DOCKER_CONFIG) return `${env.DOCKER_CONFIG}/config.json`;
  return env.HOME ? `${env.HOME}/.docker/config.json` : undefined;
}

/**
 * The logins of Docker's configuration, read when first asked for. A relative DOCKER_CONFIG is one to the working
 * directory.
 */
export function dockerCredentials(env: Environment): FindCredentials {
  let config: DockerConfig | undefined;
  return async (registry) => {
    config ??= readConfig(configFile(env));
    const key = registry === 'docker.io' ? DOCKER_HUB : registry;
    const helper = own(config.credHelpers, key) ?? own(config.credHelpers, registry) ?? config.credsStore;
    if (typeof helper === 'string' && helper !== '') {
      const found = await askHelper(helper, key);
      if (found) return found;
    }
    return fromEntry(findEntry(config.auths ?? {}, key, registry));
  };
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, unknown>>;
  readonly credHelpers?: Readonly<Record<string, unknown>>;
  readonly credsStore?: unknown;
}

function readConfig(path: string | undefined): DockerConfig {
  if (path === undefined) return {};
  let text: string;
  try {
    text = new TextDecoder().decode(readSmallFile(CWD, path, CONFIG_LIMIT));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return {};
    throw error;
  }
  try {
    const { auths, credHelpers, credsStore } = JSON.parse(text) as Record<string, unknown>;
    return {
      ...(isRecord(auths) ? { auths } : {}),
      ...(isRecord(credHelpers) ? { credHelpers } : {}),
      credsStore,
    };
  } catch {
    // What the parser says may quote the file, and what is in it is secret.
    throw new MilleError('file-format', `'${displayPath(path)}' is not JSON`, {
      hint: "it is Docker's configuration, where logins for registries are looked for",
    });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(record: Readonly<Record<string, unknown>> | undefined, key: string): unknown {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Old entries are whole addresses: `https://registry.example/v1/`. */
function findEntry(auths: Readonly<Record<string, unknown>>, key: string, registry: string): unknown {
  const exact = own(auths, key);
  if (exact !== undefined) return exact;
  const named = Object.keys(auths).find((name) => hostOfEntry(name) === registry);
  return named === undefined ? undefined : auths[named];
}

function hostOfEntry(name: string): string {
  return name.replace(/^https?:\/\//, '').replace(/\/.*$/s, '');
}

function fromEntry(entry: unknown): Credentials | undefined {
  if (!isRecord(entry)) return undefined;
  const { auth, username, password, identitytoken, registrytoken } = entry;
  if (typeof registrytoken === 'string' && registrytoken !== '')
    return { kind: 'token', token: registrytoken };
  if (typeof identitytoken === 'string' && identitytoken !== '')
    return { kind: 'identity', token: identitytoken };
  if (typeof auth === 'string' && auth !== '') {
    const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
    const colon = text.indexOf(':');
    if (colon > 0) return { kind: 'password', user: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  if (typeof username !== 'string' || username === '' || typeof password !== 'string') return undefined;
  return { kind: 'password', user: username, password };
}

/**
 * Asks a program `docker-credential-NAME`, as Docker does: the registry on its standard input, JSON on its output.
 * @throws MilleError `tool-missing`, `tool-failed`; nothing that it printed is shown
 */
async function askHelper(name: string, key: string): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  const path = /^[A-Za-z0-9._-]+$/.test(name) ? findProgram(program) : undefined;
  if (path === undefined) {
    throw new MilleError('tool-missing', `the credential helper '${displayPath(program)}' is not installed`, {
      hint: "Docker's config.json asks for it: install it, or take credsStore or credHelpers out",
    });
  }
  const output: Uint8Array[] = [];
  let size = 0;
  const { status } = await spawn([path, 'get'], {
    stdin: Buffer.from(key),
    onStdout: (chunk) => {
      size += chunk.length;
      if (size <= HELPER_LIMIT) output.push(chunk.slice());
    },
    onStderr: () => {},
  });
  const text = Buffer.concat(output).toString('utf8');
  if (status !== 0) {
    // The words with which all helpers say that they know nothing.
    if (/credentials not found/i.test(text)) return undefined;
    throw new MilleError('tool-failed', `the credential helper '${program}' failed with status ${status}`, {
      hint: `see what it says: echo ${key} | ${program} get`,
    });
  }
  return fromHelper(text, program);
}

function fromHelper(text: string, program: string): Credentials | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below.
  }
  if (!isRecord(value) || typeof value.Secret !== 'string' || typeof value.Username !== 'string') {
    throw new MilleError('tool-failed', `the credential helper '${program}' gave no login in JSON`);
  }
  if (value.Secret === '') return undefined;
  if (value.Username === '<token>') return { kind: 'identity', token: value.Secret };
  return { kind: 'password', user: value.Username, password: value.Secret };
}
