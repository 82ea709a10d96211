// What registries are called: in references, on command lines, in files of logins.

import { displayPath, MilleError } from '../../core/index.ts';

/** Docker's own registry, as references name it. */
export const DOCKER_HUB = 'docker.io';
/** Other names by which people, and Docker itself, know it. */
const HUB_NAMES: readonly string[] = [DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io'];
/** Under which name files of logins keep it. */
const HUB_KEY = 'https://index.docker.io/v1/';

const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;

/** A registry under its one name: Docker's has several. */
export function registryName(host: string): string {
  return HUB_NAMES.includes(host) ? DOCKER_HUB : host;
}

/** The key of a registry in Docker's files of logins. */
export function loginKey(registry: string): string {
  return registry === DOCKER_HUB ? HUB_KEY : registry;
}

/**
 * The registry that a key of a file of logins is for: old ones are whole addresses, `https://registry.example/v1/`.
 * Undefined for one that is for a part of a registry, as podman keeps them: `registry.example/team`.
 */
export function registryOfKey(key: string): string | undefined {
  const name = key.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '');
  if (name.includes('/') && !/^https?:/.test(key)) return undefined;
  return hostOf(name);
}

function hostOf(address: string): string {
  return registryName(address.replace(/^https?:\/\//, '').replace(/\/.*$/s, ''));
}

/**
 * The registry that somebody names on a command line: a host, an address, a name with a path; Docker's for none.
 * @throws MilleError `usage`
 */
export function parseServer(text = ''): string {
  if (text === '') return DOCKER_HUB;
  if (text.includes('@')) {
    throw new MilleError('usage', 'the address of a registry has no user or password in it', {
      hint: 'mille login -u USER --password-stdin REGISTRY',
    });
  }
  const registry = hostOf(text);
  if (HOST.test(registry)) return registry;
  throw new MilleError('usage', `'${displayPath(text)}' is not the address of a registry`, {
    hint: "it is a host with or without a port, such as registry.example:5000; Docker's own where none is given",
  });
}
