// How this user talks to Docker Hub, beside its registry.

import { type HubAccess, hubBase } from '../../oci/registry/index.ts';
import { environment } from '../../sys/index.ts';
import { type AccessOptions, registryAccess } from '../pull/access.ts';

/** The setting that names another address for Docker Hub. */
const SETTING = 'MILLE_HUB_URL';

/**
 * How to talk to Docker Hub and to registries; undefined where that is forbidden.
 * @param store whose settings count
 * @throws MilleError `usage` for an address in MILLE_HUB_URL that nothing may be sent to
 */
export async function hubAccess(
  store: { readonly root: string },
  options: AccessOptions,
): Promise<HubAccess | undefined> {
  const access = await registryAccess(store, options);
  const { [SETTING]: given } = environment();
  if (!access || given === undefined || given === '') return access;
  return { ...access, hub: hubBase(given, SETTING) };
}
