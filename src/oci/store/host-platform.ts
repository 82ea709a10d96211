// The platform of this machine.

import { machineArchitecture } from '../../sys/index.ts';
import { type Platform, parsePlatform } from '../image/index.ts';

/** What images for this machine are for: `linux/amd64`. */
export function hostPlatform(): Platform {
  const architecture = machineArchitecture();
  return parsePlatform(`linux/${architecture}`, { os: 'linux', architecture });
}
