import type { Fix } from '../../../../core/index.ts';
import type { EnvInstruction, KeyValue } from '../../../../lang/dockerfile/index.ts';
import { unsafeFix } from '../../fix.ts';
import { about } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const envInSameLine: Rule = {
  name: 'EnvInSameLine',
  codes: ['DL3044'],
  severity: 'error',
  summary: 'ENV does not use a variable that the same line sets',
  page: `All values of one ENV are computed before any of them is set, so a variable of the same line still has the value
from before, or none: \`ENV HOME_DIR=/srv BIN=$HOME_DIR/bin\` makes \`BIN\` \`/bin\`. Set it in an ENV of its own, above.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nENV ROOT=/srv BIN="${ROOT}/bin"',
      at: [2],
      good: 'FROM debian:trixie\nENV ROOT=/srv\nENV BIN="${ROOT}/bin"',
    },
  ],
  check: ({ dockerfile }) => {
    const known = new Set<string>();
    return dockerfile.instructions.flatMap((instruction) => {
      if (instruction.kind === 'arg') for (const { name } of instruction.args) known.add(name.text);
      if (instruction.kind !== 'env') return [];
      const { pairs } = instruction;
      const users = usersOf(pairs);
      let fix = split(instruction);
      const found = pairs.flatMap((pair) => {
        if (known.has(pair.key.text)) return [];
        const user = users.get(pair.key.text)?.find((other) => other !== pair);
        if (!user) return [];
        const message = `'${user.key.text}' uses '$${pair.key.text}', which this same line sets: it is not there yet`;
        const finding = about(instruction, message, { word: user.value, fix });
        // One change for all of the line.
        fix = undefined;
        return [finding];
      });
      for (const { key } of pairs) known.add(key.text);
      return found;
    });
  },
};

/** One ENV for each: the values are then others, so it is for the author to say. */
function split({ pairs, node, legacy }: EnvInstruction): Fix | undefined {
  const { keyword } = node.clause;
  const { source } = keyword.span;
  if (legacy || node.line !== node.endLine) return undefined;
  const edits = pairs.slice(1).map((pair, index) => ({
    start: endOf(pairs[index] as KeyValue),
    end: pair.key.span.start,
    text: `\n${keyword.text} `,
  }));
  const isExact = edits.every(({ start, end }) => start < end && source.text.slice(start, end).trim() === '');
  return isExact ? unsafeFix('write an ENV for each', edits) : undefined;
}

/** Where a pair ends. */
function endOf({ value }: KeyValue): number {
  return value.span.end;
}

/** The pairs that use a variable, two at most: `$NAME` or `${NAME}`. */
function usersOf(pairs: readonly KeyValue[]): ReadonlyMap<string, readonly KeyValue[]> {
  const users = new Map<string, KeyValue[]>();
  for (const pair of pairs) {
    for (const [, braced, bare] of pair.value.text.matchAll(/\$\{(\w+)\}|\$(\w+)/g)) {
      const name = (braced ?? bare) as string;
      const known = users.get(name) ?? [];
      if (known.length < 2 && known.at(-1) !== pair) users.set(name, [...known, pair]);
    }
  }
  return users;
}
