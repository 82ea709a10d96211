// What the flags of `mille bootstrap` come to.

import { MilleError } from '../../core/index.ts';
import {
  type BootstrapRequest,
  checkRequest,
  type Distribution,
  debianArchitecture,
  parseAccount,
} from '../../insight/base/index.ts';
import { type Platform, parsePlatform, samePlatform } from '../../oci/image/index.ts';
import { machineArchitecture } from '../../sys/index.ts';
import { readLock } from './lock.ts';
import type { BaseOfPackages } from './types.ts';

/** What is wanted, but for where it may be unpacked. */
export type Wanted = Omit<BootstrapRequest, 'tmpDir'>;

/** Reads the options. @throws MilleError `usage`, `platform-unsupported` */
export function wantedBase(options: BaseOfPackages): {
  readonly wanted: Wanted;
  readonly platform: Platform;
} {
  const { include, profile, variant, mirror, user, timezone, sourceDateEpoch } = options;
  const host: Platform = { os: 'linux', architecture: machineArchitecture() };
  const platform = options.platform === undefined ? host : parsePlatform(options.platform, host);
  const lock = readLock(options.lock);
  const wanted: Wanted = {
    ...parseSuite(options.suite),
    include,
    ...(profile === undefined ? {} : { profile }),
    ...(variant === undefined ? {} : { variant }),
    ...(mirror === undefined ? {} : { mirror }),
    ...(user === undefined ? {} : { user: parseAccount(user) }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(sourceDateEpoch === undefined ? {} : { sourceDateEpoch }),
    ...(samePlatform(platform, host) ? {} : { architecture: debianArchitecture(platform) }),
    ...(lock ? { lock } : {}),
  };
  checkRequest({ ...wanted, tmpDir: '' });
  return { wanted, platform };
}

const DISTRIBUTIONS: readonly string[] = ['debian', 'ubuntu'] satisfies readonly Distribution[];

function parseSuite(text: string): { readonly distribution: Distribution; readonly suite: string } {
  const [distribution = '', suite = '', ...more] = text.split(':');
  if (!DISTRIBUTIONS.includes(distribution) || suite === '' || more.length > 0) {
    throw new MilleError('usage', `not a suite that can be made here: '${text}'`, {
      hint: 'write distribution:suite, for example debian:bookworm or ubuntu:noble',
    });
  }
  return { distribution: distribution as Distribution, suite };
}
