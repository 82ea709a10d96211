// What a replay says in sentences: of the estimate, of single guesses, of what is still to be had.

import type { OptimizeChange, OptimizeResult } from '../../../app/index.ts';
import { formatSeconds } from '../time.ts';
import { percentage } from './figures.ts';
import { counted } from './proof.ts';
import { NO_SECONDS, shareOfPossible } from './replay.ts';

/** The sentences; none where nothing was replayed. */
export function replaySentences(result: OptimizeResult): readonly string[] {
  const { replay, changes } = result;
  if (!replay || replay.commits.length === 0) return [];
  return [
    estimateSentence(result) ?? [],
    shareOfPossible(replay) ?? [],
    changes.map((change, i) => guessSentence(change, i + 1) ?? []),
  ].flat(2);
}

/** What a commit was reckoned to cost, beside what these did. */
function estimateSentence({ before, after, replay }: OptimizeResult): string | undefined {
  const reckoned = [before, after].map((one) => one?.secondsPerCommit ?? one?.picture?.secondsPerCommit);
  const [old, now] = reckoned;
  if (!replay || old === undefined || now === undefined) return undefined;
  const mean = (side: 'before' | 'after') =>
    replay.commits.reduce((sum, commit) => sum + commit[side].seconds, 0) / replay.commits.length;
  const [oldMean, nowMean] = [mean('before'), mean('after')];
  const told = `A commit was reckoned to take ${formatSeconds(old)} → ${formatSeconds(now)}; these took ${formatSeconds(oldMean)} → ${formatSeconds(nowMean)} on average`;
  const isWrong = old - now >= NO_SECONDS.few && oldMean - nowMean < (old - now) * LITTLE_OF_IT;
  return `${told}${isWrong ? ': the estimate promised more than was kept' : ''}.`;
}

/** Less than that share of what was promised is less than was promised. */
const LITTLE_OF_IT = 0.7;

/** A step that takes no less than this share of its time takes as long as before. */
const AS_LONG = 0.95;

/** What became of a change whose gain was a guess. */
function guessSentence(
  { outcome, replayed, rewrite, claim }: OptimizeChange,
  number: number,
): string | undefined {
  if (outcome !== 'proved' || !replayed) return undefined;
  const { before, after, commits } = replayed;
  const took = `its steps took ${formatSeconds(before)} without it and ${formatSeconds(after)} with it, in the ${commits === 1 ? 'one commit' : counted(commits, 'commit')} that made them run in both`;
  if (after < before * AS_LONG)
    return `Change ${number} (${rewrite}) was a guess: ${took} (${percentage(before, after)}).`;
  const size = (claim.bytes ?? 0) > 0 ? 'saved no time, only bytes' : 'gained nothing';
  return `Change ${number} (${rewrite}) is proved, and ${size}: ${took}. --skip ${rewrite} leaves it out.`;
}
