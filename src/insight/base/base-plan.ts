// Which packages a base will hold, in which versions, and why: decided before anything is unpacked.

import { MilleError } from '../../core/index.ts';
import { makeDirectories, writeFileAtomically } from '../../sys/index.ts';
import type { AptSource } from './apt-source.ts';
import { type Apt, setUpApt } from './archive/apt.ts';
import type { ArchivePackage } from './archive/package.ts';
import { type Reason, reasonsFor } from './archive/reasons.ts';
import { resolvePackages, updateLists } from './archive/resolve.ts';
import { cutTools, isContrary, toolKind } from './distroless/tools.ts';
import { findSources } from './find-sources.ts';
import { hostArchitecture, readReachSettings } from './host-apt.ts';
import type { BootstrapRequest } from './request.ts';

/** A package that the base will hold. */
export interface PlannedPackage extends ArchivePackage {
  readonly reason: Reason;
}

/** What was decided. */
export interface BasePlan {
  /** dpkg's name of it. */
  readonly architecture: string;
  readonly sources: readonly AptSource[];
  /** Sorted by name. */
  readonly packages: readonly PlannedPackage[];
}

/** What every distroless base holds: its name for programs and scanners, and the directories that all expect. */
const SKELETON = 'base-files';

/**
 * Asks the archive. @param directory where apt keeps its lists; made if need be
 * @throws MilleError `usage`, `tool-missing`, `tool-failed`, `interrupted`
 */
export async function planBase(
  request: BootstrapRequest,
  directory: string,
): Promise<{ readonly plan: BasePlan; readonly apt: Apt }> {
  const { distribution, suite, onProgress = () => {}, signal } = request;
  const architecture = request.architecture ?? (await hostArchitecture());
  const sources = findSources(request, architecture);
  makeDirectories(directory, 0o700);
  const apt = setUpApt({
    ...{ distribution, suite, architecture, sources, directory },
    reach: await readReachSettings(),
    ...(signal ? { signal } : {}),
  });
  onProgress({ phase: 'reading package lists' });
  await updateLists(apt);
  onProgress({ phase: 'choosing packages' });
  const packages =
    request.profile === 'distroless' ? await distroless(request, apt) : await standard(request, apt);
  return { plan: { architecture, sources, packages }, apt };
}

/** Names that `include` gives, without the versions and releases that it may ask for. */
function namesOf(include: readonly string[]): string[] {
  return include.map((one) => one.replace(/[:=/].*/, ''));
}

async function distroless(request: BootstrapRequest, apt: Apt): Promise<PlannedPackage[]> {
  const asked = new Set(namesOf(request.include));
  const contrary = [...asked].find(isContrary);
  if (contrary !== undefined)
    throw new MilleError('usage', `'${contrary}' is a ${toolKind(contrary)}: a distroless base has none`, {
      hint: 'leave out --profile for a base that has one, or include busybox-static for looking around',
    });
  const zone = request.timezone === undefined ? [] : ['tzdata'];
  const found = await resolvePackages(apt, [...new Set([SKELETON, ...request.include, ...zone])]);
  const roots = new Map<string, Pick<Reason, 'kind' | 'text'>>([
    ...[...asked].map((name) => [name, { kind: 'asked' }] as const),
    ...zone
      .filter((name) => !asked.has(name))
      .map((name) => [name, { kind: 'profile', text: '--timezone' }] as const),
    [SKELETON, { kind: 'profile', text: 'the name of the distribution, the directories' }],
  ]);
  return withReasons(found, reasonsFor(found, { roots, cut: cutTools(asked) }));
}

/** How the variants of mmdebstrap are chosen by it, as apt's patterns. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  essential: ['?essential'],
  apt: ['?essential', 'apt'],
  minbase: ['?essential', 'apt', '?priority(required)'],
  required: ['?essential', 'apt', '?priority(required)'],
  buildd: ['?essential', 'apt', '?priority(required)', 'build-essential'],
  important: ['?essential', 'apt', '?priority(required)', '?priority(important)'],
  standard: ['?essential', 'apt', '?priority(required)', '?priority(important)', '?priority(standard)'],
};

async function standard(request: BootstrapRequest, apt: Apt): Promise<PlannedPackage[]> {
  const patterns = VARIANTS[request.variant ?? 'minbase'];
  if (!patterns)
    throw new MilleError('usage', `not a variant: '${request.variant}'`, {
      hint: Object.keys(VARIANTS).join(', '),
    });
  // It needs all of perl to do once what is done from the start here.
  writeFileAtomically(
    `${apt.request.directory}/none/usrmerge.pref`,
    'Package: usrmerge\nPin: release *\nPin-Priority: -1\n',
  );
  const found = await resolvePackages(apt, [...patterns, ...request.include]);
  const asked = namesOf(request.include);
  const variant = request.variant ?? 'minbase';
  const essential = found.filter((one) => one.essential || one.name === 'apt');
  const roots = new Map<string, Pick<Reason, 'kind' | 'text'>>([
    ...asked.map((name) => [name, { kind: 'asked' }] as const),
    ...essential.map(({ name }) => [name, { kind: 'essential' }] as const),
  ]);
  const reasons = reasonsFor(found, { roots });
  // What is left came by its priority.
  const rest = new Map(
    found.flatMap(({ name }) =>
      reasons.has(name) ? [] : [[name, { kind: 'profile', chain: [name], text: variant } as const] as const],
    ),
  );
  return withReasons(found, new Map([...reasons, ...rest]));
}

function withReasons(
  packages: readonly ArchivePackage[],
  reasons: ReadonlyMap<string, Reason>,
): PlannedPackage[] {
  return packages.flatMap((one) => {
    const reason = reasons.get(one.name);
    return reason ? [{ ...one, reason }] : [];
  });
}
