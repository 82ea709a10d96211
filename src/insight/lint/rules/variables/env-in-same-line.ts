import type { KeyValue } from '../../../../lang/dockerfile/index.ts';
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
      const found = pairs.flatMap((pair) => {
        if (known.has(pair.key.text)) return [];
        const user = pairs.find((other) => other !== pair && uses(other, pair.key.text));
        if (!user) return [];
        const message = `'${user.key.text}' uses '$${pair.key.text}', which this same line sets: it is not there yet`;
        return [about(instruction, message, { word: user.value })];
      });
      for (const { key } of pairs) known.add(key.text);
      return found;
    });
  },
};

/** `$NAME` or `${NAME}`, and not the beginning of a longer name. */
function uses({ value: { text } }: KeyValue, name: string): boolean {
  if (text.includes(`\${${name}}`)) return true;
  for (let at = text.indexOf(`$${name}`); at >= 0; at = text.indexOf(`$${name}`, at + 1)) {
    if (!/\w/.test(text[at + name.length + 1] ?? '')) return true;
  }
  return false;
}
