// A draft with a change made: the text, its ignore file, and what is known of the instructions that it has then.

import { MilleError } from '../../core/index.ts';
import { applyEdits, type Instruction, withLineEnds } from '../../lang/dockerfile/index.ts';
import { addLines } from '../lint/index.ts';
import type { StepEvidence } from './evidence.ts';
import { follow, instructionsOf, type Known } from './follow.ts';
import type { Expected, Proposal } from './rewrite.ts';
import { type Draft, lookAt, type Subject } from './subject.ts';
import { withWrittenCopies } from './written-copies.ts';

/** What a change consists of. */
export type Change = Pick<Proposal, 'edits' | 'ignoreLines' | 'expects'>;

/** Makes a change; undefined where the text could then not be built any more, or nothing changes. */
export function changed(subject: Subject, change: Change): Subject | undefined {
  const { draft: before, around, ignoreFile, lint } = subject;
  const edits = withLineEnds(before.source, change.edits);
  const source = applyEdits(before.source, edits);
  const ignoreText = change.ignoreLines ? addLines(ignoreFile.text, change.ignoreLines) : before.ignoreText;
  if (source.text === before.source.text && ignoreText === before.ignoreText) return undefined;
  const ignore = ignoreText === undefined ? {} : { ignoreText };
  try {
    const looked = lookAt({ source, ...ignore, known: new Map() }, around);
    const after = looked.lint.dockerfile;
    const known = follow(before.known, { before: lint.dockerfile, after, edits });
    const draft: Draft = {
      source,
      ...ignore,
      known: withWrittenCopies(
        withExpected(known, { before: subject, looked }, change.expects ?? []),
        subject,
        looked,
      ),
    };
    return { ...looked, draft, observed: (instruction) => draft.known.get(instruction.span.start) };
  } catch (error) {
    if (error instanceof MilleError) return undefined;
    throw error;
  }
}

/**
 * What is expected of instructions that the change writes, by their words; it goes before what was followed. Of several with
 * the same words it is one that had others before, or was not there.
 */
function withExpected(
  known: Known<StepEvidence>,
  { before, looked }: { readonly before: Subject; readonly looked: Subject },
  expects: readonly Expected[],
): Known<StepEvidence> {
  if (expects.length === 0) return known;
  const words = new Map(
    instructionsOf(before.lint.dockerfile).map((one) => [before.observed(one), one.text] as const),
  );
  const all = new Map(known);
  const open = new Set(instructionsOf(looked.lint.dockerfile));
  for (const { text, step } of expects) {
    const equal = [...open].filter((one) => one.text === text || writtenAs(one) === text);
    const wasThere = (one: Instruction) => {
      const seen = known.get(one.span.start);
      return seen !== undefined && words.get(seen) === one.text;
    };
    const found = equal.find((one) => !wasThere(one)) ?? equal[0];
    if (!found) continue;
    open.delete(found);
    all.set(found.span.start, step);
  }
  return all;
}

/** With the ends of its lines, where it has several, as rewrites write them. */
function writtenAs({ span: { source, start, end } }: Instruction): string {
  return source.text.slice(start, end).trim().replaceAll('\r\n', '\n');
}
