import { suggest } from '../../../core/index.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const undefinedArgInFrom: Rule = {
  name: 'UndefinedArgInFrom',
  severity: 'warning',
  summary: 'FROM uses declared arguments only',
  url: buildkitPage('undefined-arg-in-from'),
  page: `FROM sees the arguments declared before the first FROM, and the platform arguments (\`TARGETPLATFORM\`,
\`BUILDPLATFORM\` and their parts). Any other variable is empty. ARG inside a stage does not reach a later FROM.`,
  examples: [
    {
      bad: 'FROM alpine:${VERSION:-latest}',
      at: [1],
      good: 'ARG VERSION\nFROM alpine:${VERSION:-latest}',
    },
    {
      bad: 'ARG VERSION=3\nFROM --platform=$BUILDPLATFROM alpine:$VERSION',
      at: [2],
      good: 'ARG VERSION=3\nFROM --platform=$BUILDPLATFORM alpine:$VERSION',
    },
  ],
  check: ({ froms }) => {
    const known = new Set(froms.names);
    return froms.facts.flatMap(({ from, base, platform }) =>
      [
        { word: from.base, unset: base?.unset ?? [] },
        { word: from.platform ?? from.base, unset: platform?.unset ?? [] },
      ].flatMap(({ word, unset }) =>
        unset
          .filter((name) => !known.has(name))
          .map((name) => {
            const near = suggest(name, froms.names);
            const meant = near === undefined ? '' : ` (did you mean ${near}?)`;
            const message = `FROM uses the argument '${name}', which is not declared${meant}`;
            return { message, span: word.span, at: from.node };
          }),
      ),
    );
  },
};
