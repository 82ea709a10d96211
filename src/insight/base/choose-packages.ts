// Which packages an archive's newest versions come to, for either kind of base, and why each of them is in.

import { MilleError } from '../../core/index.ts';
import { writeFileAtomically } from '../../sys/index.ts';
import type { Apt } from './archive/apt.ts';
import type { ArchivePackage } from './archive/package.ts';
import { type Reason, reasonsFor } from './archive/reasons.ts';
import { resolvePackages } from './archive/resolve.ts';
import type { OmittedPackage } from './base-plan.ts';
import { cutTools, isContrary, toolKind } from './distroless/tools.ts';
import type { BootstrapRequest } from './request.ts';

/** What was chosen. */
export interface Chosen {
  readonly packages: readonly (ArchivePackage & { readonly reason: Reason })[];
  readonly omitted: readonly OmittedPackage[];
}

/** What every distroless base holds: its name for programs and scanners, and the directories that all expect. */
const SKELETON = 'base-files';

/** Chooses. @throws MilleError `usage`, and see `Apt.run` */
export function choosePackages(request: BootstrapRequest, apt: Apt): Promise<Chosen> {
  return request.profile === 'distroless' ? distroless(request, apt) : standard(request, apt);
}

/** Names that `include` gives, without the versions and releases that it may ask for. */
function namesOf(include: readonly string[]): string[] {
  return include.map((one) => one.replace(/[:=/].*/, ''));
}

type Root = readonly [name: string, Pick<Reason, 'kind' | 'text'>];

async function distroless(request: BootstrapRequest, apt: Apt): Promise<Chosen> {
  const asked = new Set(namesOf(request.include));
  const contrary = [...asked].find(isContrary);
  if (contrary !== undefined)
    throw new MilleError('usage', `'${contrary}' is a ${toolKind(contrary)}: a distroless base has none`, {
      hint: 'leave out --profile for a base that has one, or include busybox-static for looking around',
    });
  const zone = zonePackages(request);
  const found = await resolvePackages(apt, [...new Set([SKELETON, ...request.include, ...zone])]);
  const roots = new Map<string, Pick<Reason, 'kind' | 'text'>>([
    [SKELETON, { kind: 'profile', text: 'the name of the distribution, the directories' }],
    ...zoneRoots(zone, asked),
    ...[...asked].map((name): Root => [name, { kind: 'asked' }]),
  ]);
  const reasons = reasonsFor(found, { roots, cut: cutTools(asked) });
  const omitted = found.flatMap(({ name, installedSize }) =>
    reasons.has(name) ? [] : [{ name, installedSize, why: toolKind(name) ?? 'needed by such packages only' }],
  );
  return { packages: withReasons(found, reasons), omitted };
}

/** How the variants of mmdebstrap are chosen by it, as apt's patterns. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  apt: ['?essential', 'apt'],
  minbase: ['?essential', 'apt', '?priority(required)'],
  buildd: ['?essential', 'apt', '?priority(required)', 'build-essential'],
  important: ['?essential', 'apt', '?priority(required)', '?priority(important)'],
  standard: ['?essential', 'apt', '?priority(required)', '?priority(important)', '?priority(standard)'],
};

async function standard(request: BootstrapRequest, apt: Apt): Promise<Chosen> {
  const { variant = 'minbase' } = request;
  const patterns = VARIANTS[variant];
  if (!patterns)
    throw new MilleError('usage', `not a variant: '${variant}'`, { hint: Object.keys(VARIANTS).join(', ') });
  // It needs all of perl to do once what is done from the start here.
  writeFileAtomically(
    `${apt.request.directory}/none/usrmerge.pref`,
    'Package: usrmerge\nPin: release *\nPin-Priority: -1\n',
  );
  const zone = zonePackages(request);
  const secure = apt.request.sources.some((source) => source.uri.startsWith('https:'));
  const more = secure ? ['ca-certificates'] : [];
  const found = await resolvePackages(apt, [...patterns, ...request.include, ...zone, ...more]);
  const asked = new Set(namesOf(request.include));
  const roots = new Map<string, Pick<Reason, 'kind' | 'text'>>([
    ...found.flatMap((one): Root[] =>
      one.essential || one.name === 'apt' ? [[one.name, { kind: 'essential' }]] : [],
    ),
    ...zoneRoots(zone, asked),
    ...more.map((name): Root => [name, { kind: 'profile', text: 'the mirror is reached by https' }]),
    ...[...asked].map((name): Root => [name, { kind: 'asked' }]),
  ]);
  const reasons = new Map(reasonsFor(found, { roots }));
  // What is left came by its priority.
  for (const { name } of found)
    if (!reasons.has(name)) reasons.set(name, { kind: 'profile', chain: [name], text: `variant ${variant}` });
  return { packages: withReasons(found, reasons), omitted: [] };
}

/** Packages that are put in for the time zone. */
function zonePackages({ timezone }: BootstrapRequest): string[] {
  return timezone === undefined ? [] : ['tzdata'];
}

function zoneRoots(zone: readonly string[], asked: ReadonlySet<string>): Root[] {
  return zone
    .filter((name) => !asked.has(name))
    .map((name) => [name, { kind: 'profile', text: 'the time zone' }]);
}

function withReasons(
  packages: readonly ArchivePackage[],
  reasons: ReadonlyMap<string, Reason>,
): Chosen['packages'] {
  return packages.flatMap((one) => {
    const reason = reasons.get(one.name);
    return reason ? [{ ...one, reason }] : [];
  });
}
