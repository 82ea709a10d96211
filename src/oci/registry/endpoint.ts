// Where a registry answers: its host, and whether it is spoken to without TLS.

import { isLoopback } from '../../sys/index.ts';
import type { Reference } from '../image/index.ts';

/** A registry to talk to. */
export interface Endpoint {
  /** As in references: `docker.io`, `localhost:5000`. Credentials are kept under this name. */
  readonly registry: string;
  /** `https://registry-1.docker.io`, without a slash at the end. */
  readonly origin: string;
}

/** Docker Hub answers under another name than it is known by. */
const DOCKER_HUB = 'registry-1.docker.io';

/**
 * The registry of a reference. Without TLS only on this machine itself, or where `plain` names the registry.
 */
export function endpointOf(
  { registry }: Pick<Reference, 'registry'>,
  plain: readonly string[] = [],
): Endpoint {
  const host = registry === 'docker.io' ? DOCKER_HUB : registry;
  const scheme = isLoopback(hostname(host)) || plain.includes(registry) ? 'http' : 'https';
  return { registry, origin: `${scheme}://${host}` };
}

/** The same registry by TLS. */
export function secured(endpoint: Endpoint): Endpoint {
  return { ...endpoint, origin: endpoint.origin.replace(/^http:/, 'https:') };
}

/** Whether bytes may go to a URL: encrypted, or to where the registry itself is spoken to without TLS. */
export function isSafe(url: URL, endpoint: Endpoint): boolean {
  if (url.protocol === 'https:') return true;
  if (url.protocol !== 'http:') return false;
  return isLoopback(url.hostname) || endpoint.origin === url.origin;
}

function hostname(host: string): string {
  return host.replace(/:\d+$/, '');
}

/** The address of a manifest by tag or digest, or of a blob. */
export function addressOf(
  endpoint: Endpoint,
  repository: string,
  kind: 'manifests' | 'blobs',
  name: string,
): string {
  return `${endpoint.origin}/v2/${repository}/${kind}/${name}`;
}
