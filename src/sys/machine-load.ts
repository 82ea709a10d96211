// How busy the machine is.

import { availableParallelism, loadavg } from 'node:os';

/** How many processes wanted to run in the last minute, on average, and how many processors there are for them. */
export function machineLoad(): { readonly load: number; readonly cores: number } {
  return { load: loadavg()[0] ?? 0, cores: availableParallelism() };
}
