// What a build was asked for, by the names under which BuildKit's frontend is given it. Values of arguments and labels
// that are named like secrets are not told; what only concerns this machine (platforms, caches, cgroups) is no part of it.

import { looksSecret } from '../../core/index.ts';
import type { NamedContextSet } from '../build/named-contexts.ts';
import { addressesOf } from '../extra-hosts.ts';
import type { BuildOptions } from '../types.ts';
import { HIDDEN } from './hidden.ts';

/** The arguments of a build. */
export function argumentsOf(
  options: BuildOptions,
  contexts: NamedContextSet,
): Readonly<Record<string, string>> {
  const { buildArgs, labels, target, limits = {}, extraHosts = [], noCacheStages = [] } = options;
  const hosts = addressesOf(extraHosts).map(({ name, address }) => `${name}=${address}`);
  return {
    ...prefixed('build-arg', buildArgs),
    ...prefixed('label', labels),
    ...(target === undefined ? {} : { target }),
    ...(options.noCache ? { 'no-cache': '' } : {}),
    ...(noCacheStages.length > 0 ? { 'no-cache': noCacheStages.join(',') } : {}),
    ...(options.network === 'default' ? {} : { 'force-network-mode': options.network }),
    ...(hosts.length > 0 ? { 'add-hosts': hosts.join(',') } : {}),
    ...(limits.shmSize === undefined ? {} : { 'shm-size': String(limits.shmSize) }),
    ...contextArguments(contexts),
  };
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `${prefix}:${name}`,
      looksSecret(name) && value !== '' ? HIDDEN : value,
    ]),
  );
}

function contextArguments({ kinds, place }: NamedContextSet): Record<string, string> {
  const values = [...kinds.keys()].map((name) => {
    const found = place(name);
    if (found.kind === 'image') return [name, `docker-image://${found.reference}`] as const;
    if (found.kind === 'layout') return [name, `oci-layout:${name}`] as const;
    if (found.kind === 'directory') return [name, `local:${name}`] as const;
    const { address } = found;
    return [name, address.kind === 'url' ? address.url : address.remote] as const;
  });
  return Object.fromEntries(values.map(([name, value]) => [`context:${name}`, value]));
}
