import { about, lineage, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const copyToRelativePath: Rule = {
  name: 'CopyToRelativePath',
  codes: ['DL3045'],
  severity: 'warning',
  summary: 'COPY to a relative path comes after a WORKDIR',
  page: `A relative destination starts at the working directory. Without WORKDIR in the file it is the base image's, which
nobody sees here and which another version of that image may change; in most it is \`/\`. Write WORKDIR above, or the
whole path.`,
  examples: [
    {
      bad: 'FROM nginx:1.29\nCOPY site html/',
      at: [2],
      good: 'FROM nginx:1.29\nWORKDIR /usr/share/nginx\nCOPY site html/',
    },
  ],
  check: (subject) => {
    const { stages } = subject.dockerfile;
    return placed(subject, 'copy').flatMap(({ stage, instruction }) => {
      const path = unquoted(instruction.destination.text);
      if (/^["']?[$/]|^[a-z]:/i.test(path)) return [];
      const isSet = lineage(stages, stage).some(({ instructions }) =>
        instructions.some(({ kind, node }) => kind === 'workdir' && node.start < instruction.node.start),
      );
      if (isSet) return [];
      const message = `'${path}' is relative to a directory that only the base image knows`;
      return [about(instruction, message, { word: instruction.destination })];
    });
  },
};
