import { about, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const addWithChecksum: Rule = {
  name: 'AddWithChecksum',
  severity: 'info',
  summary: 'ADD of an address says what it expects to get',
  page: `What an address gives today it may not give tomorrow. With \`--checksum=sha256:…\` the build fails where the file is
another one, and the address need not be trusted. A git repository is told by a commit: \`ADD https://….git#<commit>
/src\`.`,
  examples: [
    {
      bad: 'FROM scratch\nADD https://example.com/app /app',
      at: [2],
      good: 'FROM scratch\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/app /app',
    },
  ],
  check: (subject) =>
    placed(subject, 'add').flatMap(({ instruction }) => {
      const source = instruction.sources.find(
        ({ text }) => /^https?:\/\//.test(unquoted(text)) && !/\.git(#|\?|$)/.test(text),
      );
      if (!source || instruction.checksum) return [];
      return [about(instruction, 'nothing says what the file has to be: --checksum does', { word: source })];
    }),
};
