// Whether a version is affected, as the schema's "Evaluation" says: listed by name, or within a range of events that are
// taken in the order of their versions.

import { type VersionOrder, type VersionScheme, versionScheme } from '../versions/index.ts';
import type { Advisory, EventKind, VersionRange } from './advisory.ts';
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
const UNCLEAR: Verdict = { affected: false, unclear: true };

/** Decides. */
export function judgeVersion(advisory: Advisory, version: string): Verdict {
  const { order } = ecosystemOf(advisory.ecosystem);
  let affected = advisory.versions.includes(version);
  let unclear = false;
  const fixes: string[] = [];
  for (const range of advisory.ranges) {
    const found = readRange(range, order)(version);
    affected ||= found.affected;
    unclear ||= found.unclear;
    if (found.fixed !== undefined) fixes.push(found.fixed);
  }
  if (!affected) return unclear ? UNCLEAR : UNAFFECTED;
  const fixed = inOrder(fixes, order)[0];
  return { affected, unclear, ...(fixed === undefined ? {} : { fixed }) };
}

/** Whether any of its versions is a fix: releases beside the one at hand are told by it. */
export function hasFix({ ranges }: Advisory): boolean {
  return ranges.some(({ events }) => events.some(([kind]) => kind === 'fixed'));
}

/** The last of some versions. */
export function highest(versions: readonly string[], order: VersionOrder): string | undefined {
  return inOrder(versions, order).at(-1);
}

/** The advisory without listed versions that its ranges hold anyway: most lists are nothing else, and they are long. */
export function withoutListed(advisory: Advisory): Advisory {
  const { ranges, versions } = advisory;
  if (ranges.length === 0 || versions.length === 0) return advisory;
  const { order } = ecosystemOf(advisory.ecosystem);
  const judges = ranges.map((range) => readRange(range, order));
  const left = versions.filter((version) => !judges.some((judge) => judge(version).affected));
  return left.length === versions.length ? advisory : { ...advisory, versions: left };
}

interface Event {
  readonly kind: EventKind;
  readonly text: string;
  /** The version; undefined for what comes before, or behind, all of them. */
  readonly at: unknown;
}

/** Parses a range once, for any number of versions. */
function readRange(range: VersionRange, ecosystemOrder: VersionOrder): (version: string) => Verdict {
  const scheme = versionScheme(range.semantic ? 'semver' : ecosystemOrder);
  const events: Event[] = [];
  for (const [kind, text] of range.events) {
    // Zero comes before everything, whatever the order makes of it.
    const open = (kind === 'introduced' && text === '0') || (kind === 'limit' && text === '*');
    const at = open ? undefined : scheme.parse(text);
    if (!open && at === undefined) return () => UNCLEAR;
    events.push({ kind, text, at });
  }
  const limits = events.filter(({ kind }) => kind === 'limit');
  const others = events.filter(({ kind }) => kind !== 'limit');
  others.sort((a, b) =>
    a.at === undefined || b.at === undefined
      ? Number(a.at !== undefined) - Number(b.at !== undefined)
      : scheme.compare(a.at, b.at),
  );
  return (version) => judge(version, { scheme, limits, others });
}

interface ReadRange {
  readonly scheme: VersionScheme;
  readonly limits: readonly Event[];
  /** In the order of their versions. */
  readonly others: readonly Event[];
}

function judge(version: string, { scheme, limits, others }: ReadRange): Verdict {
  const own = scheme.parse(version);
  if (own === undefined) return UNCLEAR;
  let affected = false;
  let fixed: string | undefined;
  for (const { kind, text, at } of others) {
    const order = at === undefined ? 1 : scheme.compare(own, at);
    if (kind === 'introduced' && order >= 0) affected = true;
    else if (kind === 'fixed' && order >= 0) affected = false;
    else if (kind === 'last_affected' && order > 0) affected = false;
    if (kind === 'fixed' && order < 0) fixed ??= text;
  }
  const isBelow = ({ at }: Event) => at === undefined || scheme.compare(own, at) < 0;
  if (!affected || (limits.length > 0 && !limits.some(isBelow))) return UNAFFECTED;
  return { affected, unclear: false, ...(fixed === undefined ? {} : { fixed }) };
}

function inOrder(versions: readonly string[], order: VersionOrder): readonly string[] {
  if (versions.length < 2) return versions;
  const { parse, compare } = versionScheme(order);
  return [...versions].sort((a, b) => {
    const [one, other] = [parse(a), parse(b)];
    return one === undefined || other === undefined ? 0 : compare(one, other);
  });
}
