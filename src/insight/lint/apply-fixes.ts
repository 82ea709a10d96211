// Fixes made in a text: all that do not get in each other's way, then those of what is found after, until nothing
// changes. Everything else stays as it was written.

import type { AddedLines, Diagnostic, Fix, SourceText, TextEdit } from '../../core/index.ts';
import { applyEdits, inspectDockerfile, withLineEnds } from '../../lang/dockerfile/index.ts';

/** Rounds at most: a fix may make room for another, but not for ever. */
const MOST_ROUNDS = 20;

/** What was fixed, in the words of the finding; its line is that of the text before the round. */
export interface AppliedFix {
  readonly rule: string;
  readonly title: string;
  readonly line: number;
}

/** A text after its fixes. */
export interface FixedText {
  readonly text: string;
  readonly applied: readonly AppliedFix[];
  /** What fixes do to other files, which is left to the caller: each path once. */
  readonly others: readonly OtherFile[];
}

/** Lines that fixes add to another file. */
export interface OtherFile extends AddedLines {
  readonly applied: readonly AppliedFix[];
}

/**
 * Makes the fixes of a text.
 * @param find what is found in it, asked again after each round
 * @param which whether fixes are made that change more than a build would notice
 */
export function applyFixes(
  source: SourceText,
  find: (source: SourceText) => readonly Diagnostic[],
  which: 'safe' | 'all',
): FixedText {
  const applied: AppliedFix[] = [];
  const others = new Map<string, OtherFile>();
  const seen = new Set([source.text]);
  let current = source;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const wanted = find(current).filter(({ fix }) => fix && (which === 'all' || fix.fixClass !== 'unsafe'));
    for (const one of wanted) noteOthers(one, others);
    const made = oneRound(current, wanted);
    if (!made || seen.has(made.source.text)) break;
    applied.push(...made.applied);
    seen.add(made.source.text);
    current = made.source;
  }
  return { text: current.text, applied, others: [...others.values()] };
}

function noteOthers(diagnostic: Diagnostic, others: Map<string, OtherFile>): void {
  for (const { path, lines } of diagnostic.fix?.addedLines ?? []) {
    const known = others.get(path) ?? { path, lines: [], applied: [] };
    const fresh = lines.filter((line) => !known.lines.includes(line));
    if (fresh.length === 0) continue;
    const applied = [...known.applied, appliedFix(diagnostic)];
    others.set(path, { path, lines: [...known.lines, ...fresh], applied });
  }
}

function appliedFix({ rule, fix, lines }: Diagnostic): AppliedFix {
  return { rule, title: fix?.title ?? '', line: lines.first };
}

interface Round {
  readonly source: SourceText;
  readonly applied: readonly AppliedFix[];
}

/** All fixes at once that do not overlap; where that cannot be read any more, the first that can. */
function oneRound(source: SourceText, wanted: readonly Diagnostic[]): Round | undefined {
  const taken: Diagnostic[] = [];
  const edits: TextEdit[] = [];
  for (const one of wanted) {
    const own = editsOf(one.fix);
    if (own.length === 0 || own.some((edit) => edits.some((other) => touches(edit, other)))) continue;
    taken.push(one);
    edits.push(...own);
  }
  if (taken.length === 0) return undefined;
  const before = inspectDockerfile(source).errors.length;
  const all = apply(source, taken, before);
  if (all) return all;
  for (const one of taken) {
    const alone = apply(source, [one], before);
    if (alone) return alone;
  }
  return undefined;
}

function apply(source: SourceText, taken: readonly Diagnostic[], before: number): Round | undefined {
  const edits = taken.flatMap(({ fix }) => editsOf(fix));
  const changed = applyEdits(source, withLineEnds(source, edits));
  if (changed.text === source.text || inspectDockerfile(changed).errors.length > before) return undefined;
  return {
    source: changed,
    applied: taken.map(appliedFix),
  };
}

function editsOf(fix: Fix | undefined): readonly TextEdit[] {
  return fix?.edits ?? [];
}

/** Edits side by side count too: which of two insertions at one place comes first would be chance. */
function touches(a: TextEdit, b: TextEdit): boolean {
  return a.start <= b.end && b.start <= a.end;
}
