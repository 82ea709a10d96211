import type { Rule } from '../../rule.ts';
import { aboutPiece, scannedRuns, simpleCommands } from '../../shell-scan.ts';

/** Variables that the shell or programs look at by themselves. */
const READ_BY_OTHERS =
  /^(PATH|IFS|PS[0-4]|HOME|LANG|LC_\w+|TZ|CDPATH|OPTIND|GNUPGHOME|DEBIAN_FRONTEND|_\w*)$/;

export const unusedVariable: Rule = {
  name: 'UnusedVariable',
  codes: ['SC2034'],
  severity: 'warning',
  summary: 'variables that a RUN sets are used in it',
  page: `What the shell of a RUN sets is gone when the RUN ends: the next one starts anew, and so does the container. A value
for later RUNs is an ARG or an ENV; one that a program should see needs \`export\`, or stands in front of the command
(\`A=1 make\`).`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN APP_HOME=/srv/app',
      at: [2],
      good: 'FROM debian:trixie\nENV APP_HOME=/srv/app',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) => {
      const { run, script, words } = scanned;
      // Where a script is read from elsewhere, or made up, nobody sees what it uses.
      const isOpen = run.commands.some(
        ({ name, args }) =>
          ['.', 'source', 'eval'].includes(name) ||
          (name === 'set' && args.some(({ text }) => /^-[a-zA-Z]*a/.test(text) || text === 'allexport')),
      );
      if (isOpen || script.errors.length > 0) return [];
      const exported = new Set(
        run.commands.flatMap(({ name, args }) =>
          ['export', 'readonly', 'declare', 'typeset', 'local'].includes(name)
            ? args.map(({ text }) => text.split('=', 1)[0] as string)
            : [],
        ),
      );
      const texts = words.map(({ word }) => word.text).join(' ');
      const seen = new Set<string>();
      return simpleCommands(scanned).flatMap((node) =>
        node.words.length > 0
          ? []
          : node.assignments.flatMap((one) => {
              const isUsed = new RegExp(`\\b${one.name}\\b`).test(texts);
              if (isUsed || seen.has(one.name) || exported.has(one.name) || READ_BY_OTHERS.test(one.name))
                return [];
              seen.add(one.name);
              return [
                aboutPiece(run, one, {
                  message: `'${one.name}' is gone at the end of the RUN, and nothing in it uses it`,
                }),
              ];
            }),
      );
    }),
};
