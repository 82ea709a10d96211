// Records that are about one vulnerability, so that it counts once. Databases write records of their own about what others
// have written about, and name those as aliases (the same thing) or as upstream (what it is made from). An advisory that
// is made from several vulnerabilities makes no one of them: it belongs to each.

import type { Advisory } from './advisory.ts';

/** A record that a version is affected by. */
export interface Hit {
  readonly advisory: Advisory;
  readonly fixed: string | undefined;
}

/** Hits about one vulnerability. */
export interface Group {
  readonly id: string;
  /** All its names, the id among them. */
  readonly names: readonly string[];
  readonly hits: readonly Hit[];
}

/**
 * Puts together what belongs together.
 * @param cleared records by which the version is not affected: they know better than an advisory about several
 */
export function groupHits(hits: readonly Hit[], cleared: readonly Advisory[] = []): readonly Group[] {
  const parents = new Map<string, string>();
  const find = (name: string): string => {
    let root = name;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root))
      root = next;
    // Long chains are as easily written as short ones.
    for (let at = name; at !== root; ) {
      const next = parents.get(at)!;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  const join = (names: readonly string[]) => {
    for (const name of names) if (!parents.has(name)) parents.set(name, name);
    for (const name of names.slice(1)) parents.set(find(name), find(names[0]!));
  };
  const about = hits.map((hit) => vulnerabilitiesOf(hit.advisory));
  const doubted = new Set(cleared.map(vulnerabilitiesOf).flatMap((all) => (all.length === 1 ? all[0]! : [])));
  for (const all of about) if (all.length === 1) for (const name of all[0]!) doubted.delete(name);
  for (const names of about.flat()) join(names);
  const groups = new Map<string, { names: Set<string>; hits: Set<Hit> }>();
  about.forEach((vulnerabilities, i) => {
    for (const names of vulnerabilities) {
      if (vulnerabilities.length > 1 && doubted.has(names[0]!)) continue;
      const root = find(names[0]!);
      const group = groups.get(root) ?? { names: new Set(), hits: new Set() };
      for (const name of names) group.names.add(name);
      if (vulnerabilities.length > 1) group.names.add(hits[i]!.advisory.id);
      group.hits.add(hits[i]!);
      groups.set(root, group);
    }
  });
  return [...groups.values()].map((group) => {
    const names = [...group.names].sort(byRenown);
    // What is about this one alone knows it best.
    const own = [...group.hits].sort((a, b) => breadth(a) - breadth(b));
    return { id: names[0]!, names, hits: own };
  });
}

/** The names of each vulnerability that a record is about. */
function vulnerabilitiesOf({ id, aliases, upstream }: Advisory): readonly (readonly string[])[] {
  const made = [...new Set(upstream.map(cveIn).filter((name) => name !== undefined))];
  const own = cveIn(id);
  const same = [id, ...aliases, ...(own === undefined ? [] : [own])];
  if (own !== undefined || aliases.some((name) => cveIn(name) !== undefined)) return [unique(same)];
  if (made.length > 1) return made.map((name) => [name]);
  return [unique([...same, ...(made.length === 1 ? made : upstream.slice(0, 1))])];
}

/** `DEBIAN-CVE-2024-1` and `UBUNTU-CVE-2024-1` are about that CVE. */
function cveIn(name: string): string | undefined {
  return /^(?:[A-Z]+-)?(CVE-[0-9]{4}-[0-9]{4,})$/.exec(name)?.[1];
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function breadth({ advisory }: Hit): number {
  return vulnerabilitiesOf(advisory).length;
}

const RENOWN = [/^CVE-/, /^GHSA-/, /^(?:PYSEC|GO|RUSTSEC|MAL)-/];

function byRenown(a: string, b: string): number {
  const [rankA, rankB] = [renown(a), renown(b)];
  return rankA - rankB || (a < b ? -1 : a > b ? 1 : 0);
}

function renown(name: string): number {
  const at = RENOWN.findIndex((form) => form.test(name));
  return at < 0 ? RENOWN.length : at;
}
