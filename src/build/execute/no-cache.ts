// Which stages do without the cache.

import type { PlannedStage } from '../graph/index.ts';
import type { ExecuteServices } from './services.ts';

/** The flag that keeps the cache from a stage; undefined where it may be used. */
export function noCacheFor(services: ExecuteServices, stage: PlannedStage): string | undefined {
  if (services.noCache !== undefined) return services.noCache;
  const named = stage.name !== undefined && services.noCacheStages.has(stage.name.toLowerCase());
  return named ? '--no-cache-filter' : undefined;
}
