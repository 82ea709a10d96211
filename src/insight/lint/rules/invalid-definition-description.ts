import { buildkitPage, type Rule } from '../rule.ts';

export const invalidDefinitionDescription: Rule = {
  name: 'InvalidDefinitionDescription',
  severity: 'warning',
  experimental: true,
  summary: 'a comment above ARG or a named FROM describes it',
  url: buildkitPage('invalid-definition-description'),
  page: `\`--call=outline\` and \`--call=targets\` show what a comment directly above an ARG or FROM says, when it begins
with the name: \`# VERSION of the program to build\`. A comment that is not meant as a description is kept apart by a
line with nothing but \`#\`. (An empty line does not keep it apart.)`,
  examples: [
    {
      bad: '# check=experimental=all\n# the version to build\nARG VERSION=1\n# compiles\nFROM scratch AS build',
      at: [3, 5],
      good: '# check=experimental=all\n# VERSION to build\nARG VERSION=1\n# compiles\n#\nFROM scratch AS build',
    },
  ],
  check: ({ dockerfile }) =>
    dockerfile.instructions.flatMap((instruction) => {
      const names =
        instruction.kind === 'arg'
          ? instruction.args.map(({ name }) => name.text)
          : instruction.kind === 'from' && instruction.name !== undefined
            ? [instruction.name]
            : [];
      const comment = instruction.node.comments.at(-1);
      const [first, second] = names;
      if (first === undefined || comment === undefined) return [];
      if (names.includes(comment.split(' ', 1)[0] as string)) return [];
      const example = second === undefined ? first : '<name>';
      const message = `the comment above ${instruction.kind.toUpperCase()} should read '# ${example} <description>'`;
      return [{ message, span: instruction.span, at: instruction.node }];
    }),
};
