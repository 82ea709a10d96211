// Which packages a base will hold, in which versions, and why: decided before anything is unpacked, by the archive or by
// a lock.

import { MilleError } from '../../core/index.ts';
import { makeDirectories } from '../../sys/index.ts';
import type { AptSource } from './apt-source.ts';
import { type Apt, setUpApt } from './archive/apt.ts';
import type { WantedFile } from './archive/fetch.ts';
import type { Reason } from './archive/reasons.ts';
import { updateLists } from './archive/resolve.ts';
import { choosePackages } from './choose-packages.ts';
import { findSources } from './find-sources.ts';
import { hostArchitecture, readReachSettings } from './host-apt.ts';
import { type BaseLock, checkLock, type LockedPackage } from './lock-file.ts';
import type { BootstrapRequest } from './request.ts';

/** A package that the base will hold. */
export interface PlannedPackage extends WantedFile {
  /** From the root of its archive. */
  readonly file: string;
  /** What it takes once installed, as it says itself, in bytes. */
  readonly installedSize: number;
  readonly reason: Reason;
}

/** A package that a dependency names, and that the base does not hold. */
export interface OmittedPackage {
  readonly name: string;
  readonly why: string;
  /** What it would take. */
  readonly installedSize: number;
}

/** What was decided. */
export interface BasePlan {
  /** dpkg's name of it. */
  readonly architecture: string;
  readonly sources: readonly AptSource[];
  /** Sorted by name. */
  readonly packages: readonly PlannedPackage[];
  readonly omitted: readonly OmittedPackage[];
}

/**
 * Asks the archive, or the request's lock.
 * @param directory where apt keeps its lists; made if need be
 * @throws MilleError `usage`, `tool-missing`, `tool-failed`, `interrupted`
 */
export async function planBase(
  request: BootstrapRequest,
  directory: string,
): Promise<{ readonly plan: BasePlan; readonly apt: Apt }> {
  const { distribution, suite, lock, onProgress = () => {}, signal } = request;
  const architecture = request.architecture ?? (await hostArchitecture());
  const sources = findSources(request, architecture);
  makeDirectories(directory, 0o700);
  const apt = setUpApt({
    ...{ distribution, suite, architecture, sources, directory },
    reach: await readReachSettings(),
    ...(signal ? { signal } : {}),
  });
  if (lock) {
    checkLock(lock.content, aspectsOf(request, architecture), lock.path);
    const packages = lock.content.packages.map((one) => fromLock(one, lock.content, sources));
    return { apt, plan: { architecture, sources, packages, omitted: [] } };
  }
  onProgress({ phase: 'reading package lists' });
  await updateLists(apt);
  onProgress({ phase: 'choosing packages' });
  const { packages, omitted } = await choosePackages(request, apt);
  return {
    apt,
    plan: {
      ...{ architecture, sources, omitted },
      packages: packages.map(({ uri, ...one }) => ({ ...one, uris: [uri] })),
    },
  };
}

/** What a lock is made for. */
function aspectsOf(
  { distribution, suite, profile = 'standard', variant, include, timezone }: BootstrapRequest,
  architecture: string,
): Omit<BaseLock, 'sources' | 'packages'> {
  // The time zone brings a package.
  const all = [...new Set([...include, ...(timezone === undefined ? [] : ['tzdata'])])];
  return {
    ...{ distribution, suite, architecture, profile, include: all },
    ...(variant === undefined ? {} : { variant }),
  };
}

/** The lock of what was planned. */
export function lockOf(request: BootstrapRequest, plan: BasePlan): BaseLock {
  const sources = plan.sources.map(({ uri, suites, components }) => ({
    ...{ uri: withoutPassword(uri), suites, components },
  }));
  return {
    ...aspectsOf(request, plan.architecture),
    sources,
    packages: plan.packages.map(
      ({ name, version, architecture, file, size, installedSize, sha256, reason, uris }) => ({
        ...{ name, version, architecture, file },
        source: Math.max(
          0,
          plan.sources.findIndex(({ uri }) => uris[0]?.startsWith(`${uri}/`)),
        ),
        ...{ size, installedSize, sha256, reason },
      }),
    ),
  };
}

function withoutPassword(uri: string): string {
  return uri.replace(/^([a-z0-9+]+:\/\/)[^/@]*@/i, '$1');
}

/** Where a package of a lock may be: the archive that is used now in the place of the one it came from, then others. */
function fromLock(one: LockedPackage, lock: BaseLock, sources: readonly AptSource[]): PlannedPackage {
  const came = lock.sources[one.source]!;
  const same = sources.filter(({ suites }) => suites.some((suite) => came.suites.includes(suite)));
  const roots = [...same.map(({ uri }) => uri), ...sources.map(({ uri }) => uri), came.uri];
  const { name, version, architecture, file, size, installedSize, sha256, reason } = one;
  const uris = [...new Set(roots)].map((root) => `${root}/${file}`);
  return { name, version, architecture, file, size, installedSize, sha256, reason, uris };
}

/** @throws MilleError `usage` where a plan holds nothing, which a lock by hand may say */
export function checkPlan({ packages }: BasePlan): void {
  if (packages.length === 0)
    throw new MilleError('usage', 'there are no packages to make a base of', {
      hint: 'name some with --include',
    });
}
