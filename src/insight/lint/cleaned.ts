// What rules about leftovers share: a package manager that installs, and a command behind it that cleans up.

import { appendCommand } from './command-fix.ts';
import type { Finding } from './rule.ts';
import { aboutWords, type Command, type Run, runsOf } from './run-commands.ts';
import type { LintSubject } from './subject.ts';

/** What leaves something behind, and what takes it away. */
export interface Leftover {
  readonly leaves: (command: Command) => boolean;
  readonly cleans: (command: Command) => boolean;
  /** A RUN of which nothing stays, because of its mounts. */
  readonly kept?: (run: Run) => boolean;
  readonly message: string;
  /** The command that cleans up. */
  readonly remedy: (command: Command) => string;
}

/** RUN that installs and does not clean up behind it: one finding each. */
export function notCleaned(subject: LintSubject, leftover: Leftover): readonly Finding[] {
  return runsOf(subject).flatMap((run) => {
    const last = run.commands.findLastIndex(leftover.leaves);
    const command = run.commands[last];
    if (!command || leftover.kept?.(run)) return [];
    const first = run.commands.findIndex(leftover.leaves);
    if (run.commands.some((one, index) => index > first && leftover.cleans(one))) return [];
    const fix = appendCommand(command, leftover.remedy(command));
    return [aboutWords(run, leftover.message, [command.word], fix)];
  });
}

/** Whether a command removes something at a path, or all that is below it. */
export function removes({ name, args }: Command, path: RegExp): boolean {
  if (name === 'rm') return args.some(({ text }) => path.test(text));
  return (
    name === 'find' && args.some(({ text }) => text === '-delete') && args.some(({ text }) => path.test(text))
  );
}
