// A command taken out of a RUN, which goes with it where it was the only one.

import type { TextEdit } from '../../core/index.ts';
import { removeCommand } from '../../lang/shell/index.ts';
import { type Command, type Run, shellEdit } from '../lint/index.ts';
import { linesOf, replaceLines } from './lines.ts';
import type { Subject } from './subject.ts';

/**
 * Takes a command out of the RUN that it is in, or puts other words in its place. Undefined where something hangs on it
 * that cannot be told: `||`, a pipe, a condition.
 */
export function removeFromRun(
  subject: Subject,
  run: Run,
  { placed }: Command,
  instead?: string,
): readonly TextEdit[] | undefined {
  const { place, command, via } = placed;
  const { script, form } = run.facts;
  if (!script || form === 'exec' || via !== undefined || place.within.length > 0 || place.pipeline)
    return undefined;
  if (place.statements[place.index]?.background || place.chain?.list.operators.includes('||'))
    return undefined;
  if (command.redirects.length > 0) return undefined;
  if (instead !== undefined)
    return edited(shellEdit(run.facts, placed, { start: command.start, end: command.end, text: instead }));
  if (run.facts.script?.statements.length === 1 && script.statements[0]!.node === command) {
    const instruction = subject.lint.dockerfile.instructions.find(({ node }) => node === run.at)!;
    // Mounts and the like may be there for a reason.
    return replaceLines(linesOf(subject, instruction), '');
  }
  const removal = removeCommand(script.text, placed);
  return removal && edited(shellEdit(run.facts, placed, removal));
}

function edited(edit: TextEdit | undefined): readonly TextEdit[] | undefined {
  return edit && [edit];
}
