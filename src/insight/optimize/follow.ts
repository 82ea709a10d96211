// Which instruction of a changed text is which of the original: what was observed of the one holds for the other.

import type { TextEdit } from '../../core/index.ts';
import type { Dockerfile, Instruction } from '../../lang/dockerfile/index.ts';

/** By where an instruction begins in a text: something known of it. */
export type Known<T> = ReadonlyMap<number, T>;

/** All instructions of a file, FROM included, in its order. */
export function instructionsOf({ globalArgs, stages }: Dockerfile): readonly Instruction[] {
  return [...globalArgs, ...stages.flatMap(({ from, instructions }) => [from, ...instructions])];
}

/**
 * Carries what is known of instructions over to a text in which edits were made. An instruction that was edited in its
 * place keeps it; one that was moved is found again by its words, which must be the same.
 * @param before the file that the edits' places are of
 */
export function follow<T>(
  known: Known<T>,
  {
    before,
    after,
    edits,
  }: { readonly before: Dockerfile; readonly after: Dockerfile; readonly edits: readonly TextEdit[] },
): Known<T> {
  const result = new Map<number, T>();
  const free = new Map(instructionsOf(after).map((one) => [one.span.start, one]));
  const moved: { readonly text: string; readonly kind: string; readonly value: T }[] = [];
  for (const { span, text, kind } of instructionsOf(before)) {
    const value = known.get(span.start);
    if (value === undefined) continue;
    const place = placeAfter(span.start, edits);
    const there = place === undefined ? undefined : free.get(place);
    if (there?.kind === kind) {
      free.delete(there.span.start);
      result.set(there.span.start, value);
    } else moved.push({ text, kind, value });
  }
  for (const { text, kind, value } of moved) {
    const found = [...free.values()].find((one) => one.kind === kind && one.text === text);
    if (!found) continue;
    free.delete(found.span.start);
    result.set(found.span.start, value);
  }
  return result;
}

/** Where a place lies after edits; undefined where it was taken away. Text that is put right before it pushes it on. */
function placeAfter(at: number, edits: readonly TextEdit[]): number | undefined {
  let shift = 0;
  for (const { start, end, text } of edits) {
    if (start < at && end > at) return undefined;
    if (start === at && end > at) continue;
    if (end <= at) shift += text.length - (end - start);
  }
  return at + shift;
}
