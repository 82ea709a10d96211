// `mille login` and `mille logout`: logins tried at their registry, and kept where Docker keeps them.

import { MilleError } from '../../core/index.ts';
import {
  checkLogin,
  dockerCredentials,
  forgetLogin,
  keepLogin,
  loginSources,
  parseServer,
  type RegistryAccess,
} from '../../oci/registry/index.ts';
import { defaultStoreRoot } from '../../oci/store/index.ts';
import { environment, workingDirectory } from '../../sys/index.ts';
import { offline, registryAccess } from '../pull/access.ts';
import { readTrust } from '../pull/read-trust.ts';
import { withServices } from '../services.ts';
import type { KnownLogin, LoginOptions, LoginResult, LogoutResult, NewLogin } from './types.ts';

/** See `LoginVerbs.login`. */
export async function login(options: NewLogin, signal: AbortSignal): Promise<LoginResult> {
  const registry = parseServer(options.server);
  const { user, password } = options;
  checkPair(user, password);
  const access = await accessFor(registry, options, signal);
  const { checked, identityToken } = await checkLogin(registry, { kind: 'password', user, password }, access);
  const kept = { user, password, ...(identityToken === undefined ? {} : { identityToken }) };
  const place = await keepLogin(environment(), registry, kept);
  const plain = place.helper === undefined && identityToken === undefined;
  return { registry, user, checked, plain, ...place };
}

/** What no registry can be told: the two go over the line with a colon between them. */
function checkPair(user: string, password: string): void {
  const wrong =
    user === ''
      ? 'the user name is empty'
      : password === ''
        ? 'the password is empty'
        : user.includes(':')
          ? 'a user name cannot have a colon in it'
          : /[\0\r\n]/.test(user + password)
            ? 'a user name and a password are one line each'
            : undefined;
  if (wrong === undefined) return;
  throw new MilleError('usage', wrong, { hint: 'mille login -u USER --password-stdin REGISTRY' });
}

/** See `LoginVerbs.knownLogin`. */
export async function knownLogin(
  options: LoginOptions,
  signal: AbortSignal,
): Promise<KnownLogin | undefined> {
  const registry = parseServer(options.server);
  const found = await dockerCredentials(environment())(registry);
  if (!found) return undefined;
  const user = 'user' in found ? found.user : undefined;
  const known = { registry, ...(user === undefined ? {} : { user }) };
  try {
    await checkLogin(registry, found, await accessFor(registry, options, signal));
    return { ...known, accepted: true };
  } catch (error) {
    if (error instanceof MilleError && error.code === 'registry-denied') return { ...known, accepted: false };
    throw error;
  }
}

/** See `LoginVerbs.logout`. */
export async function logout(server?: string): Promise<LogoutResult> {
  const registry = parseServer(server);
  const env = environment();
  const from = await forgetLogin(env, registry);
  const remaining: string[] = [];
  for (const { name, find } of loginSources(env)) if (await find(registry)) remaining.push(name);
  return { registry, ...(from ? { from } : {}), remaining };
}

async function accessFor(
  registry: string,
  { ca }: LoginOptions,
  signal: AbortSignal,
): Promise<RegistryAccess> {
  const trust =
    ca === undefined
      ? undefined
      : await withServices('read', async (services) => readTrust(await services.store(), ca));
  const root = defaultStoreRoot({ ...environment(), PWD: workingDirectory() });
  const access = await registryAccess({ root }, { signal, ...(trust === undefined ? {} : { ca: trust }) });
  if (!access) throw offline(`cannot log in to ${registry}`);
  return access;
}
