// Variables given on the command line, with values taken from the caller's environment where only a name is given.

import { MilleError } from '../../core/index.ts';
import { readBoolean } from './boolean.ts';
import { parseEnvFile } from './env-file.ts';
import type { Host } from './spec.ts';

type Environment = Host['env'];

/** Bytes of a file of variables. */
const ENV_FILE_LIMIT = 4 * 1024 * 1024;

/**
 * `--build-arg`: `K=V` as it is, `K=` empty, `K` with the value it has in the environment, or not at all where it
 * has none. A later one wins.
 */
export function buildArguments(given: readonly string[], env: Environment): Record<string, string> {
  const out: Record<string, string> = {};
  for (const word of given) {
    const { key, value } = split(word, '--build-arg');
    const found = value ?? env[key];
    if (found !== undefined) out[key] = found;
  }
  return out;
}

/** `--label`: `K=V`; `K` alone has an empty value. */
export function labels(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((word) => {
      const { key, value } = split(word, '--label');
      return [key, value ?? ''];
    }),
  );
}

/** Whether BUILDX_GIT_LABELS asks for labels of the commit: buildx knows `full` and what is true, and ignores all else. */
export function asksForGitLabels(env: Environment): boolean {
  const text = env.BUILDX_GIT_LABELS ?? '';
  return text === 'full' || readBoolean(text) === true;
}

/**
 * `-e` and `--env-file` of run: files first, then flags, so that a flag wins. `-e K` takes the value from the
 * environment; where it has none `K` alone stays, which removes the image's variable, as in Docker.
 */
export async function containerEnvironment(
  given: { readonly env: readonly string[]; readonly files: readonly string[] },
  env: Environment,
): Promise<string[]> {
  const out: string[] = [];
  for (const file of given.files) out.push(...(await readEnvFile(file, env)));
  for (const word of given.env) {
    const { key, value } = split(word, '-e');
    const found = value ?? env[key];
    out.push(found === undefined ? key : `${key}=${found}`);
  }
  return out;
}

function split(word: string, flag: string): { readonly key: string; readonly value?: string } {
  const equals = word.indexOf('=');
  const key = equals < 0 ? word : word.slice(0, equals);
  if (key === '') {
    throw new MilleError('usage', `${flag} '${word}' has no name`, { hint: `write ${flag} NAME=value` });
  }
  return equals < 0 ? { key } : { key, value: word.slice(equals + 1) };
}

async function readEnvFile(path: string, env: Environment): Promise<string[]> {
  const { CWD, isErrno, readSmallFile } = await import('../../sys/index.ts');
  let bytes: Uint8Array;
  try {
    bytes = readSmallFile(CWD, path, ENV_FILE_LIMIT);
  } catch (cause) {
    if (!isErrno(cause, 'ENOENT', 'ENOTDIR')) throw cause;
    throw new MilleError('io', `no such environment file: ${path}`, {
      cause,
      hint: 'a relative path of --env-file starts at the current directory',
    });
  }
  return parseEnvFile(path, bytes, env);
}
