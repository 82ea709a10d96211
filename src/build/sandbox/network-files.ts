// The three files about names that a container gets from the outside. They are made in the bundle and mounted,
// so they never enter a layer.

import type { ContainerSpec } from './spec.ts';

export const DEFAULT_HOSTNAME = 'buildkitsandbox';

/** Content of the container's /etc/hosts. `hostFile` is the host's own, used where the spec asks for it. */
export function hostsFile(spec: ContainerSpec, hostFile: string): string {
  const name = spec.hostname ?? DEFAULT_HOSTNAME;
  const own = `127.0.0.1\tlocalhost ${name}\n::1\tlocalhost ip6-localhost ip6-loopback\n`;
  const base = spec.inheritHosts && hostFile !== '' ? `${hostFile.trimEnd()}\n` : own;
  return base + (spec.extraHosts ?? []).map((host) => `${host.address}\t${host.name}\n`).join('');
}

/** Names and targets of the files a container gets, with their content. */
export function networkFiles(
  spec: ContainerSpec,
  host: { readonly hosts: string; readonly resolv: string },
): readonly { readonly name: string; readonly target: string; readonly content: string }[] {
  return [
    { name: 'resolv.conf', target: '/etc/resolv.conf', content: host.resolv },
    { name: 'hosts', target: '/etc/hosts', content: hostsFile(spec, host.hosts) },
    ...(spec.hostnameFile
      ? [{ name: 'hostname', target: '/etc/hostname', content: `${spec.hostname ?? DEFAULT_HOSTNAME}\n` }]
      : []),
  ];
}
