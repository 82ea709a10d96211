// How this user talks to Docker Hub, beside its registry.

import { type HubAccess, hubBase } from '../../oci/registry/index.ts';
import { environment } from '../../sys/index.ts';
import { type AccessOptions, registryAccess } from '../pull/access.ts';

/** The setting that names another address for Docker Hub. */
const SETTING = 'MILLE_HUB_URL';

/**
 * How to talk to Docker Hub and to registries; undefined where the environment forbids it.
 * @throws MilleError `usage` for an address in MILLE_HUB_URL that nothing may be sent to
 */
export function hubAccess(options: AccessOptions): HubAccess | undefined {
  const access = registryAccess(options);
  const { [SETTING]: given } = environment();
  if (!access || given === undefined || given === '') return access;
  return { ...access, hub: hubBase(given, SETTING) };
}
