// What rules about questions share: a package manager that asks, and nobody there to answer.

import { insertFlag } from './command-fix.ts';
import { type Installer, installs } from './package-installs.ts';
import type { Finding } from './rule.ts';
import { aboutWords, type Command } from './run-commands.ts';
import type { LintSubject } from './subject.ts';

/** Commands that would wait for an answer, each with `-y` as its fix. */
export function answersMissing(
  subject: LintSubject,
  { installer, answers }: { readonly installer: Installer; readonly answers: (command: Command) => boolean },
): readonly Finding[] {
  return installs(subject, installer).flatMap(({ run, command, verb }) => {
    if (answers(command)) return [];
    const message = `${command.name} ${verb.text} asks, and nobody answers: it needs -y`;
    return [aboutWords(run, message, [command.word, verb], insertFlag(verb, '-y'))];
  });
}
