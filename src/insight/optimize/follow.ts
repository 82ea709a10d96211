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
 * Carries what is known of instructions over to a text in which edits were made. One that stands where it stood, or was
 * moved, is found by its words, which are the same; one that was edited in its place keeps what is known of it.
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
  const take = (one: Instruction | undefined, value: T): boolean => {
    if (!one) return false;
    free.delete(one.span.start);
    result.set(one.span.start, value);
    return true;
  };
  let rest = instructionsOf(before).flatMap((one) => {
    const value = known.get(one.span.start);
    const place = placeAfter(one.span.start, edits);
    return value === undefined
      ? []
      : [
          {
            ...{ one, value, kept: !edits.some(({ start, end }) => start === one.span.start && end > start) },
            there: () => (place === undefined ? undefined : free.get(place)),
          },
        ];
  });
  const isSame = (a: Instruction, b: Instruction | undefined) => a.kind === b?.kind && a.text === b.text;
  // What has the same words goes first: another of its kind may have been put in its place. And before those, what no edit
  // took away: of equal lines the next one stands in the place of one that is gone.
  for (const untouched of [true, false])
    rest = rest.filter(
      ({ one, value, kept, there }) =>
        (untouched && !kept) || !take(isSame(one, there()) ? there() : undefined, value),
    );
  rest = rest.filter(
    ({ one, value }) =>
      !take(
        [...free.values()].find((other) => isSame(one, other)),
        value,
      ),
  );
  for (const { one, value, there } of rest) take(isLike(one, there()) ? there() : undefined, value);
  return result;
}

/** Whether one can have become the other: an ADD that became a COPY brings the same. */
function isLike(one: Instruction, other: Instruction | undefined): boolean {
  const isCopy = (kind: string | undefined) => kind === 'copy' || kind === 'add';
  return one.kind === other?.kind || (isCopy(one.kind) && isCopy(other?.kind));
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
