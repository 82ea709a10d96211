// Advisories held against what an image has.

import type { InstalledPackage } from '../packages/index.ts';
import type { Advisory } from './advisory.ts';
import { hasFix, highest, judgeVersion } from './affected.ts';
import { ecosystemOf } from './ecosystems.ts';
import { groupHits, type Hit } from './group.ts';
import { type Rating, rate } from './severity.ts';
import type { Subject } from './subjects.ts';

/** Why a finding is counted apart. */
export type Apart =
  /** The distribution holds it for unimportant. */
  | 'unimportant'
  /** It is the kernel's, of which the image has headers alone. */
  | 'headers';

/** A vulnerability that some packages of an image have. */
export interface Finding extends Rating {
  /** By the name most people know: CVE, then GHSA, then the database's own. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly summary?: string;
  readonly ecosystem: string;
  /** What the advisories speak of: a source package, or the package itself. */
  readonly name: string;
  readonly version: string;
  readonly packages: readonly InstalledPackage[];
  /** The first version without it, where there is one. */
  readonly fixed?: string;
  /** Newer releases of the distribution that have a fix, where its own has none. */
  readonly fixedIn: readonly string[];
  readonly apart?: Apart;
  /** The distribution has ended its support. */
  readonly endOfLife?: true;
  /** Not a mistake: the package was made to do harm. */
  readonly malicious?: true;
}

/** What was found of some subjects. */
export interface Matches {
  readonly findings: readonly Finding[];
  /** Subjects whose versions, or advisories about them, could not be compared. */
  readonly unclear: readonly Subject[];
}

/**
 * Matches subjects.
 * @param advisoriesOf all advisories about a package of an ecosystem, of whatever release
 */
export function matchSubjects(
  subjects: readonly Subject[],
  advisoriesOf: (ecosystem: string, name: string) => readonly Advisory[],
): Matches {
  const findings: Finding[] = [];
  const unclear: Subject[] = [];
  for (const subject of subjects) {
    const all = subject.names.flatMap(({ name, version }) =>
      advisoriesOf(subject.ecosystem, name).map((advisory) => ({ advisory, version })),
    );
    const hits: Hit[] = [];
    const cleared: Advisory[] = [];
    let doubtful = false;
    for (const { advisory, version } of all) {
      if (!isOfSystem(advisory, subject)) continue;
      const { affected, fixed, unclear: open } = judgeVersion(advisory, version);
      if (affected) hits.push({ advisory, fixed });
      else if (!open) cleared.push(advisory);
      doubtful ||= open && !affected;
    }
    if (doubtful) unclear.push(subject);
    const elsewhere = all.map(({ advisory }) => advisory);
    for (const group of groupHits(hits, cleared)) findings.push(findingOf(subject, group, elsewhere));
  }
  return { findings, unclear };
}

/** Whether an advisory is about the release at hand. */
function isOfSystem({ ecosystem, release }: Advisory, { system }: Subject): boolean {
  const { accepts, anyRelease = false } = ecosystemOf(ecosystem);
  if (!accepts) return true;
  return release === undefined ? anyRelease : accepts(release, system ?? '');
}

function findingOf(
  subject: Subject,
  { id, names, hits }: ReturnType<typeof groupHits>[number],
  all: readonly Advisory[],
): Finding {
  const advisories = hits.map(({ advisory }) => advisory);
  const { order } = ecosystemOf(subject.ecosystem);
  // Where records disagree, the later version is without it by all of them.
  const fixed = highest(
    hits.flatMap((hit) => hit.fixed ?? []),
    order,
  );
  const summary = advisories.find((one) => one.summary !== undefined)?.summary;
  const rating = rate(advisories);
  const apart = isKernelHeaders(subject)
    ? 'headers'
    : rating.severity === 'negligible'
      ? 'unimportant'
      : undefined;
  return {
    ...rating,
    ...{ id, aliases: names.filter((name) => name !== id) },
    ...(summary === undefined ? {} : { summary }),
    ...{
      ecosystem: subject.ecosystem,
      name: subject.name,
      version: subject.version,
      packages: subject.packages,
    },
    ...(fixed === undefined ? {} : { fixed }),
    fixedIn: fixed === undefined ? fixedReleases(subject, advisories, all) : [],
    ...(apart ? { apart } : {}),
    ...(advisories.some(({ word }) => word === 'end-of-life') ? { endOfLife: true } : {}),
    ...(advisories.some((one) => one.id.startsWith('MAL-')) ? { malicious: true } : {}),
  };
}

/** Other releases for which one of the same records knows a fix, later ones than the image's own. */
function fixedReleases(
  { system }: Subject,
  advisories: readonly Advisory[],
  all: readonly Advisory[],
): readonly string[] {
  const ids = new Set(advisories.map(({ id }) => id));
  const own = numberOf(system ?? '');
  const releases = all.flatMap((one) =>
    ids.has(one.id) && one.release !== undefined && numberOf(one.release) > own && hasFix(one)
      ? [one.release.replace(/:LTS$/, '')]
      : [],
  );
  return [...new Set(releases)].sort((a, b) => numberOf(a) - numberOf(b));
}

/** `12`, `22.04:LTS` and `v3.20` as numbers in order; what has no number comes last of all. */
function numberOf(release: string): number {
  const match = /^v?([0-9]+)(?:\.([0-9]+))?/.exec(release);
  return match ? Number(match[1]) * 1000 + Number(match[2] ?? 0) : Number.NEGATIVE_INFINITY;
}

const KERNEL_SOURCES =
  /^(?:linux|kernel|linux-(?:[0-9.]+|signed.*|hwe.*|raspi|aws.*|azure.*|gcp.*|lts|headers))$/;
const HEADERS =
  /^(?:linux-libc-dev(?:-.*)?|linux-headers(?:-.*)?|linux-kbuild-.*|linux-compiler-.*|kernel-headers|kernel-devel|linux-doc.*|linux-glibc-devel)$/;

/** A container runs on the machine's kernel: what was fixed in it is no business of what compiles against it. */
function isKernelHeaders({ name, packages }: Subject): boolean {
  return KERNEL_SOURCES.test(name) && packages.every((one) => HEADERS.test(one.name));
}
