// Where a registry answers: its host, and whether it is spoken to without TLS.

import { isLoopback } from '../../sys/index.ts';
import type { Reference } from '../image/index.ts';
import type { Mirror } from './mirror.ts';
import { DOCKER_HUB, registryName } from './registry-name.ts';

/** A registry to talk to. */
export interface Endpoint {
  /** As in references: `docker.io`, `localhost:5000`. Credentials are kept under this name. */
  readonly registry: string;
  /** `https://registry-1.docker.io`, without a slash at the end. */
  readonly origin: string;
  /** Before all names of repositories: `hub/`. */
  readonly prefix?: string;
  /** Whether somebody wrote the scheme down, so that no other one is tried. */
  readonly fixed?: boolean;
  /** Of a mirror, the registry that it stands for. */
  readonly mirrorOf?: string;
}

/** Docker Hub answers under another name than it is known by. */
const HUB_HOST = 'registry-1.docker.io';

/**
 * The registry of a reference. Without TLS only on this machine itself, or where `plain` names the registry.
 */
export function endpointOf(
  { registry }: Pick<Reference, 'registry'>,
  plain: readonly string[] = [],
): Endpoint {
  const name = registryName(registry);
  const host = name === DOCKER_HUB ? HUB_HOST : name;
  return { registry: name, origin: `${schemeOf(host, plain)}://${host}` };
}

/** Where a mirror answers. */
export function mirrorEndpoint(
  { host, scheme, path }: Mirror,
  mirrorOf: string,
  plain: readonly string[] = [],
): Endpoint {
  return {
    registry: registryName(host),
    origin: `${scheme ?? schemeOf(host, plain)}://${host}`,
    mirrorOf,
    ...(scheme === undefined ? {} : { fixed: true }),
    ...(path === '' ? {} : { prefix: `${path}/` }),
  };
}

function schemeOf(host: string, plain: readonly string[]): 'http' | 'https' {
  return isLoopback(hostname(host)) || plain.includes(host) ? 'http' : 'https';
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

/** The address of a manifest by tag or digest, of a blob, or of a list of names. */
export function addressOf(
  { origin, prefix = '', mirrorOf }: Endpoint,
  repository: string,
  kind: 'manifests' | 'blobs' | 'tags' | 'catalogue',
  name: string,
): string {
  if (kind === 'catalogue') return `${origin}/v2/_catalog`;
  // One mirror may stand for several registries: containerd tells it so which one is meant, and mirrors know that.
  const namespace = mirrorOf === undefined ? '' : `?ns=${encodeURIComponent(mirrorOf)}`;
  return `${origin}/v2/${prefix}${repository}/${kind}/${name}${namespace}`;
}
