import { about, placed } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { isOfWindows } from '../../windows.ts';

export const numericUser: Rule = {
  name: 'NumericUser',
  codes: ['DL3066'],
  severity: 'info',
  summary: 'USER is a number',
  page: `A name is looked up in the image's \`/etc/passwd\`, so whoever runs the image cannot see who that will be.
Kubernetes with \`runAsNonRoot\` refuses to start such an image for that reason, though the user is not root. Give the
user a fixed number when you make it (\`useradd -u 10001 app\`), and write \`USER 10001\`. Users of Windows have no such
numbers: there nothing is said.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nUSER app',
      at: [2],
      good: 'FROM debian:trixie\nUSER 10001:10001',
    },
  ],
  check: (subject) => {
    const declared = subject.dockerfile.instructions.flatMap((one) =>
      one.kind === 'arg' ? one.args.map(({ name }) => ({ name: name.text, start: one.node.start })) : [],
    );
    return placed(subject, 'user').flatMap(({ instruction, stage }) => {
      if (isOfWindows(subject, stage)) return [];
      const { text } = instruction.user;
      const uid = text.split(':', 1)[0] ?? '';
      if (/^\d*$/.test(uid)) return [];
      const isArgument = declared.some(
        ({ name, start }) =>
          start < instruction.node.start && (text.includes(`$${name}`) || text.includes(`\${${name}}`)),
      );
      if (isArgument) return [];
      return [
        about(instruction, `'${uid}' is a name, which only the image itself can look up`, {
          word: instruction.user,
        }),
      ];
    });
  },
};
