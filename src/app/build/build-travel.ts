// The caches that a build reads from elsewhere or writes there, where it is asked for any.

import type { ExecuteServices } from '../../build/execute/index.ts';
import { parsePlatform } from '../../oci/image/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';
import type { BuildTravel } from '../cache-travel/travel.ts';
import { registryAccess } from '../pull/access.ts';
import type { BuildGiven, BuildRequest } from './execute-services.ts';
import { distinctPlatforms } from './platforms.ts';

/** Opens them; undefined where there are none, and nothing of it is loaded. @throws MilleError `interrupted` */
export async function openBuildTravel(
  { store, options }: BuildRequest,
  { trust }: BuildGiven,
  { cache, scope, events, signal }: ExecuteServices,
): Promise<BuildTravel | undefined> {
  const { cacheFrom: from = [], cacheTo: to = [], noCache } = options;
  if (from.length === 0 && to.length === 0) return undefined;
  const { openTravel } = await import('../cache-travel/travel.ts');
  const ca = trust ? { ca: trust.certificates } : {};
  // What a mirror has of a cache is that of another time.
  const access = await registryAccess(store, { signal, unmirrored: true, ...ca });
  const asked = distinctPlatforms(options.platforms).map((text) => parsePlatform(text, hostPlatform()));
  const platforms = asked.length > 0 ? asked : [hostPlatform()];
  const around = { platforms, store, cache, scope, events, signal, ...(access ? { access } : {}) };
  return await openTravel(around, { from: noCache ? [] : from, to });
}
