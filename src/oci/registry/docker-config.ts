// Docker's `config.json` and files like it: read, and changed without a loss of what others keep there.

import { displayPath, MilleError } from '../../core/index.ts';
import {
  CWD,
  effectiveUid,
  isErrno,
  makeDirectories,
  readLinkAt,
  readSmallFile,
  replaceFile,
  statAt,
} from '../../sys/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type JsonObject = Readonly<Record<string, unknown>>;

/** What such a file says of logins. */
export interface LoginFile {
  /** Where it lies, or would. */
  readonly path: string;
  readonly auths: JsonObject;
  /** Names of helper programs, by registry. */
  readonly credHelpers: JsonObject;
  /** The helper for all others. */
  readonly credsStore?: string;
}

const CONFIG_LIMIT = 4 * 1024 * 1024;
/** Links from one to the next. */
const MOST_LINKS = 10;

/** Where Docker's configuration lies; undefined without a home. A relative DOCKER_CONFIG is one to the working directory. */
export function dockerConfigPath(env: Environment): string | undefined {
  if (env.DOCKER_CONFIG) return `${env.DOCKER_CONFIG}/config.json`;
  return env.HOME ? `${env.HOME}/.docker/config.json` : undefined;
}

/** Where podman and skopeo keep logins, the first one first. */
export function containersAuthPaths(env: Environment): readonly string[] {
  if (env.REGISTRY_AUTH_FILE) return [env.REGISTRY_AUTH_FILE];
  const config = env.XDG_CONFIG_HOME || (env.HOME ? `${env.HOME}/.config` : undefined);
  return [
    env.XDG_RUNTIME_DIR
      ? `${env.XDG_RUNTIME_DIR}/containers/auth.json`
      : `/run/containers/${effectiveUid()}/auth.json`,
    ...(config === undefined ? [] : [`${config}/containers/auth.json`]),
  ];
}

/** Reads a file of logins; one that is not there has none. @throws MilleError `file-format`, without a word of what it holds */
export function readLoginFile(path: string): LoginFile {
  return loginFile(path, parseObject(path, readText(path) ?? '{}'));
}

/** The logins of a text that a variable holds. @throws MilleError `file-format` */
export function parseLogins(name: string, text: string): LoginFile {
  return loginFile(name, parseObject(name, text));
}

/**
 * Changes the logins of a file: all else in it stays, in its order and with its indentation. Written whole or not at
 * all, for its owner alone to read; a link to it stays one.
 * @throws MilleError `file-format`; SystemError
 */
export function changeLogins(path: string, change: (auths: JsonObject) => JsonObject): void {
  const text = readText(path);
  const whole = parseObject(path, text ?? '{}');
  const auths = change(isObject(whole.auths) ? whole.auths : {});
  const place = behindLinks(path);
  makeDirectories(directoryOf(place), 0o700);
  const indentation = /^\s*\{\r?\n([ \t]+)"/.exec(text ?? '')?.[1] ?? '\t';
  const end = text?.endsWith('\n') ? '\n' : '';
  const content = `${JSON.stringify({ ...whole, auths }, null, indentation)}${end}`;
  replaceFile(place, Buffer.from(content), { mode: 0o600 });
}

function loginFile(path: string, { auths, credHelpers, credsStore }: JsonObject): LoginFile {
  return {
    path,
    auths: isObject(auths) ? auths : {},
    credHelpers: isObject(credHelpers) ? credHelpers : {},
    ...(typeof credsStore === 'string' && credsStore !== '' ? { credsStore } : {}),
  };
}

function readText(path: string): string | undefined {
  try {
    return new TextDecoder().decode(readSmallFile(CWD, path, CONFIG_LIMIT));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

function parseObject(name: string, text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    // What the parser says may quote the file, and what is in it is secret.
  }
  if (isObject(value)) return value;
  throw new MilleError('file-format', `'${displayPath(name)}' is not JSON`, {
    hint: 'it is where logins for registries are looked for',
  });
}

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The file that a path leads to, also where it is not there yet. */
function behindLinks(path: string): string {
  let at = path;
  for (let links = 0; links < MOST_LINKS && statAt(CWD, at)?.type === 'symlink'; links++) {
    const target = readLinkAt(CWD, at);
    at = target.startsWith('/') ? target : `${directoryOf(at)}/${target}`;
  }
  return at;
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash) || '/';
}
