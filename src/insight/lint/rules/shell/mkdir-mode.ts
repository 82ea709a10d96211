import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

export const mkdirMode: Rule = {
  name: 'MkdirMode',
  codes: ['SC2174'],
  severity: 'warning',
  summary: 'mkdir -p has no mode that is meant for all directories',
  page: `With \`-p\` the mode of \`-m\` is that of the last directory only; those made on the way have what umask says. Make
them one by one, or use \`install -d -m\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN mkdir -p -m 700 /srv/app/keys',
      at: [2],
      good: 'FROM debian:trixie\nRUN mkdir -p /srv/app && mkdir -m 700 /srv/app/keys',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        if (nameOf(node) !== 'mkdir') return [];
        const args = node.words.slice(1);
        const parents = args.some(({ value }) => /^-[a-zA-Z]*p|^--parents$/.test(value));
        const mode = args.find(({ value }) => /^-[a-ln-z]*m|^--mode/.test(value));
        const isDeep = args.some(
          ({ value }) =>
            !value.startsWith('-') && /[^/]\/+[^/]/.test(value) && !/^\.{1,2}\/[^/]+\/?$/.test(value),
        );
        if (!parents || !mode || !isDeep) return [];
        return [aboutPiece(scanned.run, mode, { message: 'the mode is that of the last directory only' })];
      }),
    ),
};
