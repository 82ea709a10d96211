import { unsafeFix } from '../../fix.ts';
import { about, placed } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

/** Variables that mean something to the build's tools alone. */
const BUILD_ONLY = new Set([
  'DEBIAN_FRONTEND',
  'DEBCONF_NONINTERACTIVE_SEEN',
  'DEBCONF_NOWARNINGS',
  'APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE',
  'MAKEFLAGS',
]);

export const envForBuildOnly: Rule = {
  name: 'EnvForBuildOnly',
  severity: 'info',
  summary: 'what only the build needs is ARG, not ENV',
  page: `ENV stays in the image, and in every container and every image built on it. \`DEBIAN_FRONTEND=noninteractive\` there
takes the questions away from whoever works in the container later, without their knowing. \`ARG
DEBIAN_FRONTEND=noninteractive\` is seen by RUN just the same and leaves nothing behind. Where it is for one command only
put it in front of that.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nENV DEBIAN_FRONTEND=noninteractive',
      at: [2],
      good: 'FROM debian:trixie\nARG DEBIAN_FRONTEND=noninteractive',
    },
  ],
  check: (subject) =>
    placed(subject, 'env').flatMap(({ instruction }) => {
      const pair = instruction.pairs.find(({ key }) => BUILD_ONLY.has(key.text));
      if (!pair) return [];
      const { keyword } = instruction.node.clause;
      const fix =
        instruction.pairs.length === 1 && !instruction.legacy
          ? unsafeFix('write ARG', [
              { ...keywordRange(keyword.span), text: keyword.text === 'env' ? 'arg' : 'ARG' },
            ])
          : undefined;
      return [
        about(instruction, `'${pair.key.text}' stays in the image, and only the build needs it`, {
          word: pair.key,
          fix,
        }),
      ];
    }),
};

function keywordRange({ start, end }: { readonly start: number; readonly end: number }) {
  return { start, end };
}
