// Room `app`: the use cases, one file a verb. It wires the services of the lower rooms together and returns data;
// it prints nothing, parses no flags, and knows nothing of terminals.

import type { App } from './types.ts';

export type * from './types.ts';

export const build: App['build'] = async (...args) => (await import('./build/build.ts')).build(...args);
