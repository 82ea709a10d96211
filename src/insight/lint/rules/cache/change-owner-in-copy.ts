import { type CopiedPath, copiedPaths } from '../../copied-paths.ts';
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
  check: (subject) => {
    const copied = copiedPaths(subject);
    return runsOf(subject).flatMap((run) => {
      if (run.onbuild) return [];
      const above = copied.get(run.stage.index) ?? [];
      return run.commands.flatMap((command) => {
        if (!['chown', 'chmod', 'chgrp'].includes(command.name)) return [];
        // Only of what has a certain owner so far: nobody knows which files these are.
        if (command.args.some(({ text }) => /^--from(=|$)/.test(text))) return [];
        const recursive = command.args.some(({ text }) => /^-[a-zA-Z]*R|^--recursive$/.test(text));
        const flag = command.name === 'chmod' ? 'chmod' : 'chown';
        const [wanted, ...paths] = operands(command);
        return paths.flatMap((word) => {
          const path = word.text.replace(/\/$/, '');
          const copy = above.find(
            (one) =>
              one.instruction.node.start < run.at.start &&
              isChanged(one, path, recursive) &&
              !isDoneBy(one.instruction[flag]?.text, flag, wanted?.text),
          );
          if (!copy) return [];
          const { kind, node } = copy.instruction;
          const message = `all of '${word.text}' is written once more: ${kind.toUpperCase()} of line ${node.line} can do it with --${flag}`;
          return [aboutWords(run, message, [command.word, word])];
        });
      });
    });
  },
};

/** Whether COPY itself has set what is wanted: of modes nobody reckons whether they are the same. */
function isDoneBy(set: string | undefined, flag: 'chown' | 'chmod', wanted: string | undefined): boolean {
  return set !== undefined && (flag === 'chmod' || set === wanted);
}

/** Whether what was copied is written anew. */
function isChanged(copied: CopiedPath, path: string, recursive: boolean): boolean {
  if (path === '') return false;
  // Of a directory only its own entry is.
  if (copied.path === path) return recursive || isLikeFile(path);
  if (recursive && path.length > 1 && copied.path.startsWith(`${path}/`)) return true;
  return copied.isDirectory && copied.files.includes(path);
}

/** A path that ends like that of a file, or lies where programs do. */
function isLikeFile(path: string): boolean {
  return /\.\w+$|\/s?bin\/[^/]+$/.test(path);
}
