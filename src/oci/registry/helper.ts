// Helper programs `docker-credential-NAME`, which keep logins out of files: a verb as their argument, what it is about
// on their standard input, JSON on their output. Nothing that they print is shown.

import { displayPath, MilleError } from '../../core/index.ts';
import { findProgram, spawn } from '../../sys/index.ts';
import type { Credentials } from './credentials.ts';
import { isObject } from './docker-config.ts';

const OUTPUT_LIMIT = 1024 * 1024;
/** The name that stands for a user where what is kept is no password but an identity token. */
const TOKEN_USER = '<token>';

/** A login to be kept, with the user it is for. */
export interface LoginToKeep {
  readonly user: string;
  readonly password: string;
  /** What the registry gave in the place of the password, which is then not kept. */
  readonly identityToken?: string;
}

/** Asks for a login. @throws MilleError `tool-missing`, `tool-failed` */
export async function askHelper(name: string, key: string): Promise<Credentials | undefined> {
  const text = await runHelper(name, 'get', key);
  return text === undefined ? undefined : loginOf(text, programOf(name));
}

/** Has a login kept. @throws MilleError `tool-missing`, `tool-failed` */
export async function storeWithHelper(name: string, key: string, login: LoginToKeep): Promise<void> {
  const { user, password, identityToken } = login;
  const [Username, Secret] = identityToken === undefined ? [user, password] : [TOKEN_USER, identityToken];
  await runHelper(name, 'store', JSON.stringify({ ServerURL: key, Username, Secret }));
}

/** Has a login forgotten. @returns whether there was one @throws MilleError `tool-missing`, `tool-failed` */
export async function eraseWithHelper(name: string, key: string): Promise<boolean> {
  if ((await runHelper(name, 'get', key)) === undefined) return false;
  return (await runHelper(name, 'erase', key)) !== undefined;
}

/** What a helper printed; undefined where it knows nothing of what it was asked. */
async function runHelper(
  name: string,
  verb: 'get' | 'store' | 'erase',
  input: string,
): Promise<string | undefined> {
  const program = programOf(name);
  const path = /^[A-Za-z0-9._-]+$/.test(name) ? findProgram(program) : undefined;
  if (path === undefined) {
    throw new MilleError('tool-missing', `the credential helper '${displayPath(program)}' is not installed`, {
      hint: "Docker's config.json asks for it: install it, or take credsStore or credHelpers out",
    });
  }
  const output: Uint8Array[] = [];
  let size = 0;
  const { status } = await spawn([path, verb], {
    stdin: Buffer.from(input),
    onStdout: (chunk) => {
      size += chunk.length;
      if (size <= OUTPUT_LIMIT) output.push(chunk.slice());
    },
    onStderr: () => {},
  });
  const text = Buffer.concat(output).toString('utf8');
  if (status === 0) return text;
  // The words with which all helpers say that they know nothing.
  if (/credentials not found/i.test(text)) return undefined;
  throw new MilleError('tool-failed', `the credential helper '${program}' failed with status ${status}`, {
    hint:
      verb === 'store'
        ? `it could not keep the login: see whether it works with '${program} list'`
        : `see what it says: echo ${input} | ${program} ${verb}`,
  });
}

function programOf(name: string): string {
  return `docker-credential-${name}`;
}

function loginOf(text: string, program: string): Credentials | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below.
  }
  if (!isObject(value) || typeof value.Secret !== 'string' || typeof value.Username !== 'string') {
    throw new MilleError('tool-failed', `the credential helper '${program}' gave no login in JSON`);
  }
  if (value.Secret === '') return undefined;
  if (value.Username === TOKEN_USER) return { kind: 'identity', token: value.Secret };
  return { kind: 'password', user: value.Username, password: value.Secret };
}
