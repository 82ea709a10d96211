// Names for /etc/hosts, with the address of this machine where it is asked for.

import type { ExtraHost } from './types.ts';

/** Containers are on the host's own network, unless they have none: there the host is the loopback address. */
const HOST_GATEWAY = '127.0.0.1';

/** Hosts with `host-gateway` replaced by an address. */
export function addressesOf(hosts: readonly ExtraHost[]): ExtraHost[] {
  return hosts.map(({ name, address }) => ({
    name,
    address: address === 'host-gateway' ? HOST_GATEWAY : address,
  }));
}
