// What is known of the vulnerabilities of inventories: for whoever has some, as `mille vuln` and `mille base compare` do.

import type { InstalledPackage, SystemName } from '../../insight/packages/index.ts';
import {
  countFindings,
  type Finding,
  matchSubjects,
  type NotLookedUp,
  type Subject,
  type Subjects,
  subjectsOf,
  type VulnerabilityCounts,
} from '../../insight/vulnerabilities/index.ts';
import { type Found, findAdvisories, findInStore, type HeldData } from './advisory-data.ts';

/** The packages of an image, as `takeInventory` finds them. */
export interface AssessedInventory {
  readonly system?: SystemName;
  readonly packages: readonly InstalledPackage[];
}

/** Where advisories are. */
export interface AdvisoryPlace {
  /** The store, whose own data counts where no other is named. */
  readonly root: string;
  /** What `--vuln-db` names. */
  readonly path?: string;
}

/** What is known of one inventory. */
export interface Assessment {
  readonly findings: readonly Finding[];
  /**
   * Of those findings; packages that were not looked up are in no figure. Absent where none of the packages was: that is
   * no zero, and is to be said.
   */
  readonly counts?: VulnerabilityCounts;
  /** Packages that were looked up. */
  readonly lookedUp: number;
  readonly notLookedUp: readonly NotLookedUp[];
  /** The data that was used. */
  readonly data: readonly HeldData[];
  /** What could not be read. */
  readonly notes: readonly string[];
}

/**
 * Looks up the packages of some inventories, all in one pass over the data.
 * @returns an assessment for each, in order
 * @throws MilleError `io`, `file-format`, `archive-broken`, `interrupted`
 */
export async function assessInventories(
  inventories: readonly AssessedInventory[],
  { root, path }: AdvisoryPlace,
  signal?: AbortSignal,
): Promise<readonly Assessment[]> {
  const sorted = inventories.map(({ packages, system }) => subjectsOf(packages, system));
  const subjects = sorted.flatMap((one) => one.subjects);
  const found =
    path === undefined ? findInStore(root, subjects) : await findAdvisories(path, subjects, signal);
  return sorted.map((one) => assess(one, found));
}

function assess({ subjects, others }: Subjects, found: Found): Assessment {
  const covered = subjects.filter(found.covers);
  const nothing = covered.length === 0 && subjects.length + others.length > 0;
  const { findings, unclear } = matchSubjects(covered, found.advisoriesOf);
  const used = new Set(covered.map(({ ecosystem }) => ecosystem));
  return {
    findings,
    ...(nothing ? {} : { counts: countFindings(findings) }),
    lookedUp: count(covered),
    notLookedUp: [
      ...others,
      ...group(
        subjects.filter((one) => !found.covers(one)),
        'data',
      ),
      ...group(unclear, 'version'),
    ],
    data: found.held.filter(({ ecosystem }) => used.has(ecosystem.split(':')[0]!)),
    notes: found.notes,
  };
}

function count(subjects: readonly Subject[]): number {
  return subjects.reduce((sum, { packages }) => sum + packages.length, 0);
}

/** Subjects that were not looked up, or not wholly, by ecosystem. */
function group(subjects: readonly Subject[], reason: NotLookedUp['reason']): readonly NotLookedUp[] {
  const groups = new Map<string, InstalledPackage[]>();
  for (const { ecosystem, system, packages } of subjects) {
    const of = reason === 'data' && system !== undefined ? `${ecosystem}:${system}` : ecosystem;
    const known = groups.get(of);
    if (known) known.push(...packages);
    else groups.set(of, [...packages]);
  }
  return [...groups].map(([of, packages]) => ({ reason, of, packages }));
}
