// Logins kept and forgotten where Docker keeps them: in its `config.json`, or with the helper program that it names.

import { MilleError } from '../../core/index.ts';
import { helperFor } from './credentials.ts';
import { changeLogins, dockerConfigPath, readLoginFile } from './docker-config.ts';
import { eraseWithHelper, type LoginToKeep, storeWithHelper } from './helper.ts';
import { loginKey, registryOfKey } from './registry-name.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a login is kept. */
export interface LoginPlace {
  /** The file: with the login itself, or with the name of the helper that has it. */
  readonly path: string;
  readonly helper?: string;
}

/** Keeps a login. @throws MilleError `usage` without a home, `file-format`, `tool-missing`, `tool-failed`, `io` */
export async function keepLogin(env: Environment, registry: string, login: LoginToKeep): Promise<LoginPlace> {
  const path = configPath(env);
  const helper = helperFor(readLoginFile(path), registry);
  const key = loginKey(registry);
  if (helper !== undefined) await storeWithHelper(helper, key, login);
  // An empty entry says, also to Docker, that there is a login; a password of before must not stay behind.
  const entry = helper === undefined ? entryOf(login) : {};
  changeLogins(path, (auths) => ({ ...auths, [key]: entry }));
  return { path, ...(helper === undefined ? {} : { helper }) };
}

/**
 * Forgets all logins for a registry, whatever the name they are kept under.
 * @returns where one was; undefined where there was none
 * @throws MilleError `usage` without a home, `file-format`, `tool-missing`, `tool-failed`, `io`
 */
export async function forgetLogin(env: Environment, registry: string): Promise<LoginPlace | undefined> {
  const path = configPath(env);
  const file = readLoginFile(path);
  const helper = helperFor(file, registry);
  const erased = helper !== undefined && (await eraseWithHelper(helper, loginKey(registry)));
  const keys = Object.keys(file.auths).filter((key) => registryOfKey(key) === registry);
  if (keys.length > 0) {
    changeLogins(path, (auths) =>
      Object.fromEntries(Object.entries(auths).filter(([key]) => !keys.includes(key))),
    );
  }
  if (!erased && keys.length === 0) return undefined;
  return { path, ...(helper === undefined ? {} : { helper }) };
}

function entryOf({ user, password, identityToken }: LoginToKeep): Readonly<Record<string, string>> {
  const kept = identityToken === undefined ? password : '';
  const auth = Buffer.from(`${user}:${kept}`, 'utf8').toString('base64');
  return { auth, ...(identityToken === undefined ? {} : { identitytoken: identityToken }) };
}

function configPath(env: Environment): string {
  const path = dockerConfigPath(env);
  if (path !== undefined) return path;
  throw new MilleError('usage', 'there is no place for logins: neither DOCKER_CONFIG nor HOME is set', {
    hint: "DOCKER_CONFIG names the directory of Docker's config.json",
  });
}
