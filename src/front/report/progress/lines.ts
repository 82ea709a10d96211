// Output comes in chunks that end anywhere; displays show lines.

/** Characters after which a line without end is shown all the same, so that memory stays bounded. */
const LONGEST = 16_384;

/** The complete lines of `partial + chunk`, without their ends, and what begins the next line. */
export function splitLines(
  partial: string,
  chunk: string,
): { readonly lines: readonly string[]; readonly rest: string } {
  const lines = (partial + chunk).split('\n');
  const rest = lines.pop() as string;
  if (rest.length <= LONGEST) return { lines, rest };
  // A progress bar that only ever returns to the line's start keeps its last state, not all of them.
  const last = rest.slice(rest.lastIndexOf('\r', rest.length - 2) + 1);
  return last.length <= LONGEST ? { lines, rest: last } : { lines: [...lines, last], rest: '' };
}
