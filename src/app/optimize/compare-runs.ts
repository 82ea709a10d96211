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
    /** What fails each time in the same way is an answer too. */
    readonly failing?: boolean;
  },
): Promise<CheckVerdict> {
  const told = { command, from, before: shown(before) };
  const silent = (why: string): CheckVerdict => ({ ...told, outcome: 'silent', why });
  const isFailing = again.failing === true && from === 'own-command' && isAnswer(before);
  if (before.status !== 0 && !isFailing) return silent(`with the original it ${endOf(before)}`);
  const after = await again.after();
  if (before.status !== 0) return await compareFailing({ told, before, after }, again.after);
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

/** Asked once more where it fails in another way: a message may come or not. */
async function compareFailing(
  {
    told,
    before,
    after,
  }: {
    readonly told: Pick<CheckVerdict, 'command' | 'from' | 'before'>;
    readonly before: Ran;
    readonly after: Ran;
  },
  again: () => Promise<Ran>,
): Promise<CheckVerdict> {
  const last = failsTheSame(before, after) ? after : await again();
  const both = { ...told, after: shown(last) };
  if (failsTheSame(before, last))
    return { ...both, outcome: 'alike', why: 'it fails in both, and says the same' };
  const otherwise = last.status === before.status && !last.late ? ', and says something else' : '';
  return {
    ...both,
    outcome: 'different',
    why: `with the original it ${endOf(before)}, with the changes it ${endOf(last)}${otherwise}`,
  };
}

/**
 * Whether two runs fail for the same reason, as far as they say: a server that finds no database has started, found its
 * libraries and read its settings before it says so.
 */
export function failsTheSame(a: Ran, b: Ran): boolean {
  return isAnswer(a) && a.status === b.status && b.late !== true && wordsOf(a) === wordsOf(b);
}

/** It was started, ended by itself, and said something. */
function isAnswer({ status, late, output }: Ran): boolean {
  return status > 0 && status < 125 && late !== true && output.some((line) => line.trim() !== '');
}

/** Lines in any order, as several threads write them, without numbers, times and addresses. */
function wordsOf({ output }: Ran): string {
  return output
    .map((line) => line.replace(/\b(0x)?[0-9a-f]*\d[0-9a-f]*\b/gi, '#').replace(/#([.,:+Tµnmsh/-]*#)*/g, '#'))
    .sort()
    .join('\n');
}

function endOf({ status, late }: CheckRun): string {
  return late ? 'does not come to an end' : `ends with exit status ${status}`;
}

function shown({ said: _, ...run }: Ran): CheckRun {
  return run;
}
