// The last stage on another base than the one that builds: for programs that are compiled, which need little of either.

import { baseChange, missingIn, type OtherBase, otherBase } from '../base-change.ts';
import type { Allowance } from '../rewrite.ts';
import { builtOf, type Subject } from '../subject.ts';
import type { Division } from './division.ts';

/** What is different from a last stage on the same base. */
export interface OnOtherBase {
  readonly base: OtherBase;
  /** Paths that are to be copied. */
  readonly kept: ReadonlySet<string>;
  readonly allows: readonly Allowance[];
  /** Instructions below its FROM. */
  readonly lines: readonly string[];
  /** Bytes by which the base is smaller. */
  readonly bytes: number;
}

/** What programs ask for when they run, by names that are the same everywhere: certificates, time zones. */
const ASKED_FOR = ['etc/ssl/certs/ca-certificates.crt', 'usr/share/zoneinfo'];

/** Undefined where there is no other base; a sentence where what is kept does not find on it what it needs. */
export function onOtherBase(
  subject: Subject,
  { division, index }: { readonly division: Division; readonly index: number },
): OnOtherBase | string | undefined {
  const { evidence, lint } = subject;
  const base = otherBase(evidence);
  const planned = lint.stages.find(({ stage }) => stage.index === index)?.stage.base;
  const [first] = builtOf(subject, index);
  if (!base || !first || !division.compiled) return undefined;
  if (planned?.kind === 'image' && planned.reference === base.name) return undefined;
  const { files, repeated } = division;
  const before = first.before.config;
  const image = evidence.image.config;
  // Java has its own.
  const asked = division.java === undefined ? askedFor(division, base) : [];
  const kept = new Set([...division.kept, ...asked]);
  const gone = new Set([...division.dropped, ...division.restored]);
  const there = new Set(kept);
  for (const [path, maker] of files.makers)
    if (!gone.has(path) && (repeated.has(maker) || !division.building.includes(maker))) there.add(path);
  const programs = evidence.programs ?? new Map();
  const missing = missingIn({ ...{ files, programs, image, other: base, before }, kept: there });
  if (missing !== undefined) return missing;
  const change = baseChange({ ...{ files, before, image, other: base }, dropped: gone });
  return {
    ...{ base, kept, lines: change.lines },
    allows: [
      { what: 'paths', change: 'removed', of: 'only there to build', paths: division.dropped },
      ...change.allows,
    ],
    bytes: sizeOf(files.base.entries.values()) - sizeOf(base.tree.entries.values()),
  };
}

function askedFor({ files }: Division, { tree }: OtherBase): readonly string[] {
  return ASKED_FOR.flatMap((root) =>
    tree.entries.has(root) || !files.base.entries.has(root)
      ? []
      : [...files.base.entries.keys()].filter((path) => path === root || path.startsWith(`${root}/`)),
  );
}

function sizeOf(entries: Iterable<{ readonly size: number }>): number {
  let sum = 0;
  for (const { size } of entries) sum += size;
  return sum;
}
