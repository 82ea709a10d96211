// What base image is wanted, and what comes of it.

import { MilleError } from '../../core/index.ts';
import type { ContainerConfig } from '../../oci/image/index.ts';
import type { Account } from './accounts.ts';
import type { BasePlan } from './base-plan.ts';
import type { Distribution } from './choose-sources.ts';
import type { Package } from './dpkg-status.ts';
import type { BaseLock } from './lock-file.ts';
import type { BootstrapProgress } from './progress.ts';

/** What kind of base: a distribution as it is, or one without shell and package manager. */
export type Profile = 'standard' | 'distroless';

/** What base image is wanted. */
export interface BootstrapRequest {
  readonly distribution: Distribution;
  /** `bookworm`. */
  readonly suite: string;
  /** Names of packages beside those of the variant. */
  readonly include: readonly string[];
  /** `standard` by default. */
  readonly profile?: Profile;
  /** mmdebstrap's; `minbase` is what Debian's slim images hold, and the default. `apt` is a little smaller. */
  readonly variant?: string;
  /** URL of a mirror, or the path of a file of package sources; by default the host's mirrors. */
  readonly mirror?: string;
  /** dpkg's name of the architecture; this machine's by default. */
  readonly architecture?: string;
  /** Who the image's processes are, and has a home; root by default. */
  readonly user?: Account;
  /** `Europe/Paris`; UTC by default. */
  readonly timezone?: string;
  /** Packages that were chosen before; the archive is asked for nothing else. */
  readonly lock?: { readonly content: BaseLock; readonly path: string };
  /** Seconds since the epoch: no file is newer, and the image is of that time (`SOURCE_DATE_EPOCH`). */
  readonly sourceDateEpoch?: number;
  /** Absolute path of a directory that exists and is the caller's own; needs three times the space of the image. */
  readonly tmpDir: string;
  readonly onProgress?: (progress: BootstrapProgress) => void;
  readonly signal?: AbortSignal;
}

/** A root file system, ready to become an image of one layer. */
export interface BootstrapOutcome {
  /** A plain tar in `tmpDir`, a valid layer as it is. */
  readonly tarPath: string;
  readonly config: ContainerConfig;
  /** For `created_by` of the only history entry. */
  readonly history: string;
  readonly packages: readonly Package[];
  /** dpkg's name: `amd64`. */
  readonly architecture: string;
  /** For the image's `created`: the time of the newest file that a package brought, in seconds since the epoch. */
  readonly epoch: number;
  /** What somebody should know of it. */
  readonly notes: readonly string[];
  readonly plan: BasePlan;
  /** Bytes of files in the image by package; '' for what no package brought. */
  readonly weights: ReadonlyMap<string, number>;
}

/** Letters, digits and a few signs: apt would take patterns, paths and removals (`name-`) here as well. */
const PACKAGE = /^[a-z0-9][a-z0-9+.-]*(:[a-z0-9]+)?([=/][A-Za-z0-9.+~:_-]+)?$/;

/** @throws MilleError `usage` for what apt or mmdebstrap would take for something else */
export function checkRequest({ suite, include, variant, profile, timezone }: BootstrapRequest): void {
  const bad = include.find((name) => !PACKAGE.test(name) || name.endsWith('-'));
  if (bad !== undefined)
    throw new MilleError('usage', `not a package name: ${JSON.stringify(bad)}`, {
      hint: 'names are separated by commas: --include python3,python3-pip',
    });
  if (!/^[a-z][a-z0-9.-]*$/.test(suite))
    throw new MilleError('usage', `not the name of a suite: ${JSON.stringify(suite)}`, {
      hint: 'for example debian:bookworm',
    });
  if (variant !== undefined && !/^[a-z]+$/.test(variant))
    throw new MilleError('usage', `not a variant of mmdebstrap: ${JSON.stringify(variant)}`, {
      hint: 'minbase, apt, buildd, important or standard',
    });
  if (variant !== undefined && profile === 'distroless')
    throw new MilleError('usage', 'a distroless base has no variants: it holds what the packages need', {
      hint: 'leave out --variant, or --profile',
    });
  if (timezone !== undefined && !/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/.test(timezone))
    throw new MilleError('usage', `not the name of a time zone: ${JSON.stringify(timezone)}`, {
      hint: 'for example --timezone Europe/Paris',
    });
}

/** The command as it would be typed, for the image's history. */
export function historyText(request: BootstrapRequest): string {
  const { distribution, suite, include, variant, profile, user, timezone } = request;
  return [
    `mille bootstrap ${distribution}:${suite}`,
    ...(profile === 'distroless' ? ['--profile distroless'] : []),
    ...(variant ? [`--variant ${variant}`] : []),
    ...(include.length > 0 ? [`--include ${include.join(',')}`] : []),
    ...(user ? [`--user ${user.name}:${user.uid}${user.gid === user.uid ? '' : `:${user.gid}`}`] : []),
    ...(timezone ? [`--timezone ${timezone}`] : []),
  ].join(' ');
}
