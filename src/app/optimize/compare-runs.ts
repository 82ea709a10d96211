// What a command that was run in containers of two images tells of them. What does not end well, or not each time, is no
// proof of anything.

import type { CheckRun, CheckVerdict } from '../../insight/verify/index.ts';

/** A run, with the digest of its standard output. */
export interface Ran extends CheckRun {
  readonly said: string;
}

/** Compares. @param before a run in the original @param again runs it once more */
export async function compareRuns(
  { command, from }: Pick<CheckVerdict, 'command' | 'from'>,
  before: Ran,
  again: {
    readonly before: () => Promise<Ran>;
    readonly after: () => Promise<Ran>;
    readonly output: boolean;
  },
): Promise<CheckVerdict> {
  const told = { command, from, before: shown(before) };
  const silent = (why: string): CheckVerdict => ({ ...told, outcome: 'silent', why });
  if (before.status !== 0) return silent(`with the original it ${endOf(before)}`);
  const after = await again.after();
  const both = { ...told, after: shown(after) };
  // What runs on in the one image, and comes to an end in the other, is not the same, however well it ends.
  const isOver = (ran: Ran) => from === 'own-command' && before.late === true && ran.late !== true;
  if (after.status === 0 && !isOver(after) && (!again.output || after.said === before.said))
    return { ...both, outcome: 'alike' };
  // What fails at times is no proof of anything.
  const second = await again.before();
  if (second.status !== 0)
    return silent(`with the original it ends well at one time, and ${endOf(second)} at another`);
  if (after.status === 0 && !isOver(after)) {
    return second.said === before.said
      ? { ...both, outcome: 'different', why: 'it says something else on standard output' }
      : { ...both, outcome: 'alike', why: 'what it says is other each time, so only its exit status counts' };
  }
  const last = await again.after();
  if (last.status === 0 && !isOver(last))
    return { ...both, after: shown(last), outcome: 'alike', why: `it ${endOf(after)} when asked first` };
  return {
    ...both,
    outcome: 'different',
    why: `with the original it ${before.late ? 'runs on' : 'ends well'}, with the changes it ${endOf(last)}`,
  };
}

function endOf({ status, late }: CheckRun): string {
  return late ? 'does not come to an end' : `ends with exit status ${status}`;
}

function shown({ said: _, ...run }: Ran): CheckRun {
  return run;
}
