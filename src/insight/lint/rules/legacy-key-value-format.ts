import type { Fix } from '../../../core/index.ts';
import type { KeyValue } from '../../../lang/dockerfile/index.ts';
import { isPlain } from '../fix.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const legacyKeyValueFormat: Rule = {
  name: 'LegacyKeyValueFormat',
  severity: 'warning',
  summary: 'ENV and LABEL are written key=value',
  url: buildkitPage('legacy-key-value-format'),
  page: `In the old form, \`ENV key value\`, everything after the first white space is the value: \`ENV A=1\` and \`ENV A 1\`
are the same, but \`ENV A 1 B=2\` sets A alone, to \`1 B=2\`.`,
  examples: [
    {
      bad: 'FROM alpine\nENV NAME the app\nLABEL version 1',
      at: [2, 3],
      good: 'FROM alpine\nENV NAME="the app"\nLABEL version=1',
    },
  ],
  check: ({ built }) =>
    built.flatMap(({ instruction, planned, at, spanOf }) => {
      if (instruction.kind !== 'env' && instruction.kind !== 'label') return [];
      const [pair] = instruction.pairs;
      if (!instruction.legacy || !pair) return [];
      const name = instruction.kind.toUpperCase();
      return [
        {
          message: `${name} should be written ${name} key=value`,
          span: spanOf(instruction),
          at,
          ...(planned.trigger ? {} : withEquals(pair)),
        },
      ];
    }),
};

/** Only where the quotes and escapes of the two forms cannot mean different things: where there are none. */
function withEquals({ key, value }: KeyValue): { readonly fix?: Fix } {
  if (!isPlain(key) || !isPlain(value) || /["'\\`=]/.test(key.text) || /["'\\`]/.test(value.text)) return {};
  const text = /\s/.test(value.text) ? `"${value.text}"` : value.text;
  return {
    fix: {
      title: `write ${key.text}=${text}`,
      edits: [{ start: key.span.end, end: value.span.end, text: `=${text}` }],
    },
  };
}
