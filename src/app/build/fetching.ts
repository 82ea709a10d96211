// What a build fetches with: its secrets, agents and authorities.

import { type BuildSecrets, type Trust, trustBundle } from '../../build/execute/index.ts';
import { openSources, type RemoteSources } from '../../build/source/index.ts';
import { isUrl, remoteAddress } from '../../lang/address/index.ts';
import type { Store } from '../../oci/store/index.ts';
import type { BuildOptions } from '../types.ts';
import { openAgents, readSecrets } from './secrets.ts';

/** What is fetched with, and what RUN is given of it. */
export interface Fetching {
  readonly secrets: BuildSecrets;
  readonly agents: ReadonlyMap<string, string>;
  readonly trust?: Trust;
  readonly sources: RemoteSources;
}

/**
 * Reads secrets and authorities, and makes ready to fetch. The sources are to be closed.
 * @throws MilleError `io`, `usage`, `file-format` for secrets or a bundle that cannot be read
 */
export async function openFetching(
  store: Store,
  options: BuildOptions,
  signal: AbortSignal,
): Promise<Fetching> {
  const secrets = readSecrets(options.secrets ?? []);
  const trust =
    options.ca === undefined ? undefined : trustBundle(options.ca, store.makeTemporary('trust').path);
  const ca = trust ? { ca: trust.certificates } : {};
  const agents = await openAgents(options, () => store.makeTemporary('agent').path);
  const sources = openSources({ store, signal, secrets, agents: agents.sockets, now: clock, ...ca });
  const close = () => {
    sources.close();
    agents.close();
  };
  const closing = { ...sources, close };
  return { secrets, agents: agents.sockets, sources: closing, ...(trust ? { trust } : {}) };
}

/** Whether the Dockerfile or the context is fetched. */
export function readsElsewhere({ context, dockerfile = '' }: BuildOptions): boolean {
  return isUrl(dockerfile) || remoteAddress(context) !== undefined;
}

/** The clock, in seconds since the epoch. */
export function clock(): number {
  return Math.floor(Date.now() / 1000);
}
