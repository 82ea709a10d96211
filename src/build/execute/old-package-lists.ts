// A RUN that fetches the package lists of a distribution depends on the day, which is no input: nothing notices that the
// servers have something new. So its age is told when it is a hit.

import { ageInWords, formatPlace } from '../../core/index.ts';
import type { StepRecord } from '../cache/index.ts';
import type { Step } from '../graph/index.ts';
import type { ExecuteServices } from './services.ts';

/** Older than this is worth a word. */
const OLD = 7 * 86_400_000;

/** What begins a command: the start, an operator, a word of the shell's, variables set for it. */
const BEFORE = String.raw`(?:^|[;&|({\n]|\b(?:then|do|else|sudo|exec)\s)\s*(?:[A-Za-z_]\w*=\S*\s+)*`;
/** Flags between a program and its verb, with values given by a word of their own. */
const FLAGS = String.raw`(?:\s+-\S+(?:\s+[\w.:/-]*[=/:]\S*)?)*`;
const COMMANDS = [
  String.raw`(?:apt-get|apt|aptitude)${FLAGS}\s+update`,
  String.raw`apk${FLAGS}\s+(?:update|upgrade)`,
  String.raw`apk(?=[^;&|\n]*\s(?:--no-cache|--update-cache|--update|-U)\b)${FLAGS}\s+add`,
  String.raw`(?:dnf|microdnf|yum)${FLAGS}\s+(?:makecache|check-update|install|update|upgrade)`,
  String.raw`zypper${FLAGS}\s+(?:refresh|ref|install|in|update|up)`,
  String.raw`pacman\s+(?:-\S*\s+)*-S[a-z]*y\S*`,
];
const REFRESH = new RegExp(
  String.raw`${BEFORE}(?:/usr/bin/|/sbin/|/bin/)?(${COMMANDS.join('|')})(?=$|[\s;&|)])`,
);

/** The command of a shell text that fetches package lists: `apt-get update`; undefined where none does. */
export function refreshingCommand(text: string): string | undefined {
  const found = REFRESH.exec(text.replace(/\\\n/g, ' '))?.[1];
  if (found === undefined) return undefined;
  const [program, ...words] = found.split(/\s+/);
  const verb = words.at(-1);
  return `${program} ${verb}`;
}

/** Tells the age of a result that is used again and holds old package lists, unless a comment says what to do of it. */
export function tellOldPackageLists(services: ExecuteServices, step: Step, { created }: StepRecord): void {
  if (step.kind !== 'run' || step.cachePolicy) return;
  const age = services.now() * 1000 - created;
  if (age < OLD) return;
  const command = refreshingCommand(step.script?.content ?? step.commandText);
  if (command === undefined) return;
  const place = step.span ? ` (${formatPlace(step.span)})` : '';
  services.events({
    type: 'note',
    message: `${command} ran ${ageInWords(age)} ago${place}: --no-cache renews it now, '# mille: cache=7d' above it every week`,
  });
}
