// What of the packages that came in as recommendations is kept: all that is used, all that programs use without anything
// that says so, and what they recommend in their turn.

import { type DebianPackage, finderOf, withDependencies } from '../../../packages/index.ts';
import type { DistributionEvidence } from '../../evidence.ts';
import type { InstallingRun } from './installed-by.ts';
import type { UsedPackages } from './used-packages.ts';

/** How much is left out. */
export type Boldness =
  /** What is of no use to a program that runs: documents, and what compilers want, where nothing is compiled. */
  | 'documents'
  /** All that is not known to be used. */
  | 'all';

/** What becomes of the packages of a RUN. */
export interface Kept {
  /** To be named, beside those that are; in order, by their ids. */
  readonly named: readonly string[];
  /** What is not installed any more. */
  readonly gone: ReadonlySet<string>;
  /** Those of it that something which stays recommends; the others came with them. */
  readonly recommended: readonly string[];
}

/** Of whom is asked. */
export interface KeptRequest {
  readonly distribution: DistributionEvidence;
  readonly usage: UsedPackages;
  /** As the commands name packages; undefined where that cannot be told. */
  readonly words: readonly string[] | undefined;
  readonly boldness: Boldness;
}

/** Chooses; undefined where nobody knows which packages were asked for. */
export function chooseKept(
  { brought, there, present }: Pick<InstallingRun, 'brought' | 'there' | 'present'>,
  { distribution: { database }, usage: { used, isBlind }, words, boldness }: KeptRequest,
): Kept | undefined {
  const { packages, automatic } = database;
  const find = finderOf(database);
  const called = (name: string) => (packages.has(name) ? [name] : find(name));
  const asked = words
    ? words.flatMap(called).filter((id) => brought.has(id))
    : [...brought].filter((id) => !automatic.has(id));
  if (asked.length === 0) return undefined;
  const close = (ids: Iterable<string>) => withDependencies(database, { ids, there, find });
  const isKeeper = (id: string) => !mayGo(packages.get(id)!, { boldness, isBlind });
  const named: string[] = [];
  let kept = close(asked);
  const keep = (id: string) => {
    if (kept.has(id)) return false;
    named.push(id);
    kept = close([...asked, ...named]);
    return true;
  };
  for (const id of brought) if (used.has(id) || ALWAYS.test(packages.get(id)!.name)) keep(id);
  // What is kept recommends others, which may be kept for it.
  for (let more = true; more; ) {
    more = false;
    for (const { id: holder, recommends } of packages.values())
      for (const group of brought.has(holder) && !kept.has(holder) ? [] : recommends)
        for (const id of group.flatMap(find)) if (brought.has(id) && isKeeper(id) && keep(id)) more = true;
  }
  // What another RUN asks for is there in the end, with what it recommends.
  const others = [...present].filter((id) => !automatic.has(id) && !asked.includes(id));
  let later = withDependencies(database, { ids: others, there: new Set(), find });
  for (let size = -1; size < later.size; ) {
    size = later.size;
    const recommended = [...later]
      .filter((id) => brought.has(id))
      .flatMap((id) => packages.get(id)!.recommends.flatMap((group) => group.flatMap(find)));
    later = withDependencies(database, { ids: [...later, ...recommended], there: new Set(), find });
  }
  const gone = new Set([...brought].filter((id) => !kept.has(id) && !later.has(id)));
  const staying = [...packages.values()].filter(({ id }) => present.has(id) && !gone.has(id));
  const recommended = new Set(
    staying.flatMap(({ recommends }) => recommends.flat().flatMap(find)).filter((id) => gone.has(id)),
  );
  return {
    named: needed(named, (ids) => close([...asked, ...ids]).size).sort(),
    ...{ gone, recommended: [...recommended].sort() },
  };
}

/** Those without which something would be missing: another one may bring it. */
function needed(named: readonly string[], count: (ids: readonly string[]) => number): string[] {
  let left = [...named];
  const all = count(left);
  for (const one of named) {
    const without = left.filter((other) => other !== one);
    if (count(without) === all) left = without;
  }
  return left;
}

/**
 * What programs use and nothing says so: certificates, zones, names of services and types, modules that libraries load by
 * themselves. It breaks at run time, and not always where it is looked at.
 */
const ALWAYS =
  /^(?:ca-certificates(?:-.*)?|ssl-cert|openssl|tzdata(?:-legacy)?|netbase|media-types|mime-support|shared-mime-info|locales(?:-all)?|libc-bin|libnss-.*|libpam-.*|libsasl2-modules.*|krb5-locales|p11-kit(?:-modules)?|publicsuffix|dbus.*|gnupg.*|.*-keyring|openssh-client|systemd.*|init|udev)$/;

/** Sections of packages that are read by people. */
const DOCUMENTS: ReadonlySet<string> = new Set(['doc']);
/** Sections of packages that are there to compile. */
const DEVELOPMENT: ReadonlySet<string> = new Set(['devel', 'libdevel']);

function mayGo(
  { section, name, essential }: DebianPackage,
  { boldness, isBlind }: { readonly boldness: Boldness; readonly isBlind: boolean },
): boolean {
  if (essential || ALWAYS.test(name)) return false;
  if (DOCUMENTS.has(section)) return true;
  if (DEVELOPMENT.has(section)) return !isBlind;
  return boldness === 'all';
}
