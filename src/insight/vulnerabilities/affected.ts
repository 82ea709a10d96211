// Whether a version is affected, as the schema's "Evaluation" says: listed by name, or within a range of events that are
// taken in the order of their versions.

import { type VersionOrder, versionScheme } from '../versions/index.ts';
import type { Advisory, VersionRange } from './advisory.ts';
import { ecosystemOf } from './ecosystems.ts';

/** What an advisory means for a version. */
export interface Verdict {
  readonly affected: boolean;
  /** The next version that is not affected any more, where it is known. */
  readonly fixed?: string;
  /** Something could not be compared: the version, or events of the advisory. */
  readonly unclear: boolean;
}

const UNAFFECTED: Verdict = { affected: false, unclear: false };

/** Decides. */
export function judgeVersion(advisory: Advisory, version: string): Verdict {
  const { order } = ecosystemOf(advisory.ecosystem);
  let affected = advisory.versions.includes(version);
  let unclear = false;
  const fixes: string[] = [];
  for (const range of advisory.ranges) {
    const found = judgeRange(range, order, version);
    affected ||= found.affected;
    unclear ||= found.unclear;
    if (found.fixed !== undefined) fixes.push(found.fixed);
  }
  if (!affected) return unclear ? { affected: false, unclear } : UNAFFECTED;
  const fixed = lowest(fixes, order);
  return { affected, unclear, ...(fixed === undefined ? {} : { fixed }) };
}

/** Whether any of its versions is a fix: releases beside the one at hand are told by it. */
export function hasFix({ ranges }: Advisory): boolean {
  return ranges.some(({ events }) => events.some(([kind]) => kind === 'fixed'));
}

function judgeRange(range: VersionRange, ecosystemOrder: VersionOrder, version: string): Verdict {
  const { parse, compare } = versionScheme(range.semantic ? 'semver' : ecosystemOrder);
  const own = parse(version);
  if (own === undefined) return { affected: false, unclear: true };
  const events: {
    readonly kind: string;
    readonly text: string;
    readonly order: number;
    readonly at: unknown;
  }[] = [];
  let limited = false;
  let belowLimit = false;
  for (const [kind, text] of range.events) {
    // Zero comes before everything, whatever the order makes of it.
    const zero = kind === 'introduced' && text === '0';
    const endless = kind === 'limit' && text === '*';
    const at = zero || endless ? undefined : parse(text);
    if (!zero && !endless && at === undefined) return { affected: false, unclear: true };
    const order = zero ? 1 : endless ? -1 : compare(own, at);
    if (kind === 'limit') {
      limited = true;
      belowLimit ||= order < 0;
    } else events.push({ kind, text, order, at });
  }
  events.sort((a, b) =>
    a.at === undefined || b.at === undefined
      ? Number(a.at !== undefined) - Number(b.at !== undefined)
      : compare(a.at, b.at),
  );
  let affected = false;
  for (const { kind, order } of events) {
    if (kind === 'introduced' && order >= 0) affected = true;
    else if (kind === 'fixed' && order >= 0) affected = false;
    else if (kind === 'last_affected' && order > 0) affected = false;
  }
  if (!affected || (limited && !belowLimit)) return UNAFFECTED;
  const fixed = events.find(({ kind, order }) => kind === 'fixed' && order < 0)?.text;
  return { affected, unclear: false, ...(fixed === undefined ? {} : { fixed }) };
}

function lowest(versions: readonly string[], order: VersionOrder): string | undefined {
  return [...versions].sort(inOrder(order))[0];
}

/** The last of some versions. */
export function highest(versions: readonly string[], order: VersionOrder): string | undefined {
  return [...versions].sort(inOrder(order)).at(-1);
}

function inOrder(order: VersionOrder): (a: string, b: string) => number {
  const { parse, compare } = versionScheme(order);
  return (a, b) => {
    const [one, other] = [parse(a), parse(b)];
    return one === undefined || other === undefined ? 0 : compare(one, other);
  };
}

/** The advisory without listed versions that its ranges hold anyway: most lists are nothing else, and they are long. */
export function withoutListed(advisory: Advisory): Advisory {
  const { ranges, versions } = advisory;
  if (ranges.length === 0 || versions.length === 0) return advisory;
  const { order } = ecosystemOf(advisory.ecosystem);
  const left = versions.filter(
    (version) => !ranges.some((range) => judgeRange(range, order, version).affected),
  );
  return left.length === versions.length ? advisory : { ...advisory, versions: left };
}
