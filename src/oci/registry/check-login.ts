// A login tried before it is kept: the registry is asked for its greeting, which it gives to those whom it knows.

import { MilleError } from '../../core/index.ts';
import type { RegistryAccess } from './access.ts';
import { openConnection } from './connection.ts';
import type { Credentials } from './credentials.ts';
import { endpointOf } from './endpoint.ts';
import { reasonOf } from './read-body.ts';
import { refusedTrial } from './refused.ts';

/** What a registry said of a login. */
export interface CheckedLogin {
  /** False where the registry asks nobody for a login, and so tells nothing of this one. */
  readonly checked: boolean;
  /** To be kept in the place of the password, where its token server gives one. */
  readonly identityToken?: string;
}

/** Tries a login. @throws MilleError `registry-denied` where it is refused; `network`, `interrupted` */
export async function checkLogin(
  registry: string,
  login: Credentials,
  access: RegistryAccess,
): Promise<CheckedLogin> {
  const own: RegistryAccess = { ...access, credentials: async () => login };
  const connection = openConnection(endpointOf({ registry }, access.plain), own, {
    scope: '',
    trial: true,
  });
  const answer = await connection.ask({ address: ({ origin }) => new URL(`${origin}/v2/`) });
  const { status } = answer;
  if (status === 401 || status === 403) {
    throw refusedTrial(connection.endpoint, await reasonOf(answer));
  }
  await answer.discard();
  if (status !== 200) {
    throw new MilleError('network', `${registry} answered ${status} where a registry greets`, {
      hint: status === 404 ? 'it may be no registry: check the address' : 'try again later',
    });
  }
  const { authorization } = connection;
  const { identityToken } = authorization ?? {};
  return {
    checked: authorization !== undefined,
    ...(identityToken === undefined ? {} : { identityToken }),
  };
}
