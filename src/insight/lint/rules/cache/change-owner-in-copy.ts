import { placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, operands, runsOf } from '../../run-commands.ts';

export const changeOwnerInCopy: Rule = {
  name: 'ChangeOwnerInCopy',
  severity: 'info',
  summary: 'COPY sets owner and mode of what it copies',
  page: `A change of owner or mode writes the whole file into the new layer: \`chown -R\` in a RUN behind a COPY of 500 MB
makes an image of one gigabyte. \`COPY --chown=app:app\` and \`COPY --chmod=0755\` write it once, as it should be.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nCOPY app /srv/app\nRUN chown -R nobody /srv/app',
      at: [3],
      good: 'FROM debian:trixie\nCOPY --chown=nobody app /srv/app',
    },
  ],
  check: (subject) =>
    runsOf(subject).flatMap((run) => {
      if (run.onbuild) return [];
      return run.commands.flatMap((command) => {
        if (!['chown', 'chmod', 'chgrp'].includes(command.name)) return [];
        const recursive = command.args.some(({ text }) => /^-[a-zA-Z]*R|^--recursive$/.test(text));
        const [, ...paths] = operands(command);
        return paths.flatMap((word) => {
          const path = word.text.replace(/\/$/, '');
          const copy = placed(subject, 'copy', 'add').find(({ stage, instruction }) => {
            if (stage !== run.stage || instruction.node.start > run.at.start) return false;
            const destination = unquoted(instruction.destination.text);
            const clean = destination.replace(/\/$/, '');
            const isInside = recursive && clean.startsWith(`${path}/`) && path.length > 1;
            const isFile = instruction.sources.some(
              ({ text }) => `${clean}/${text.replace(/^.*\//, '')}` === path,
            );
            if (clean === '') return false;
            // Of a directory only its own entry is written anew.
            const isWhole = clean === path && (recursive || isLikeFile(path));
            return isWhole || isInside || (destination.endsWith('/') && isFile);
          });
          if (!copy) return [];
          const flag = command.name === 'chmod' ? '--chmod' : '--chown';
          const { kind, node } = copy.instruction;
          const message = `all of '${word.text}' is written once more: ${kind.toUpperCase()} of line ${node.line} can do it with ${flag}`;
          return [aboutWords(run, message, [command.word, word])];
        });
      });
    }),
};

/** A path that ends like that of a file, or lies where programs do. */
function isLikeFile(path: string): boolean {
  return /\.\w+$|\/s?bin\/[^/]+$/.test(path);
}
