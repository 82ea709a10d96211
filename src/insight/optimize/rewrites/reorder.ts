// What takes long and seldom changes, a RUN or what is copied from another stage, above what changes often and has nothing
// to do with it.

import type { BuiltInstruction } from '../../lint/index.ts';
import { basisOf, commitsOf } from '../commits.ts';
import { gainOf } from '../gain.ts';
import { insertAbove, linesOf, replaceLines } from '../lines.ts';
import { canPass, isMovable } from '../pass.ts';
import { neededStages } from '../rebuild-cost.ts';
import type { Proposal, Rewrite } from '../rewrite.ts';
import { builtOf, type Subject } from '../subject.ts';
import { inSeconds, shortened } from '../words.ts';

export const reorder: Rewrite = {
  name: 'reorder',
  summary: 'put steps that seldom change above those that often do',
  goal: 'rebuild',
  page: `A step runs again when anything above it did. A RUN that has nothing to do with what stands above it, and takes long,
is better off higher.

That it has nothing to do with it was seen: both were watched, and neither read, looked for or listed what the other wrote;
they wrote no file both. That is so for what no Dockerfile shows, too: users and groups, alternatives, the database of the
package manager, the cache of libraries are files, and who adds a user writes those that the other reads. A RUN that was not
watched is not moved, and none goes above an ENV, ARG, USER, WORKDIR or SHELL, which it may depend on, or the mounts and the
network of which may have changed meanwhile.

What is copied from another stage is done again with the COPY of the context above it, though it seldom is another: it goes
above that, where none of its files comes to lie where the context is copied to, today or one day (what the ignore file leaves
out never does), and no RUN between them read, looked for or listed them.

Nothing in the image may change.`,
  examples: [
    {
      before:
        'FROM debian:trixie\nCOPY src /src\nRUN make -C /src\nRUN fetch-model /opt/model\nCMD ["/src/app"]\n',
      after:
        'FROM debian:trixie\nRUN fetch-model /opt/model\nCOPY src /src\nRUN make -C /src\nCMD ["/src/app"]\n',
      context: { 'src/a.c': 900, 'src/Makefile': 100 },
      steps: { 3: { seconds: 2, reads: ['src/a.c', 'src/Makefile'] }, 4: { seconds: 30, reads: [] } },
    },
    {
      before:
        'FROM node:24 AS modules\nWORKDIR /m\nRUN npm install express\n\nFROM node:24\nWORKDIR /app\nCOPY src ./src\nCOPY --from=modules /m/node_modules ./node_modules\nCMD ["node", "src"]\n',
      after:
        'FROM node:24 AS modules\nWORKDIR /m\nRUN npm install express\n\nFROM node:24\nWORKDIR /app\nCOPY --from=modules /m/node_modules ./node_modules\nCOPY src ./src\nCMD ["node", "src"]\n',
      context: { 'src/index.js': 900 },
      steps: {
        3: { seconds: 9, reads: [], layer: { 'm/node_modules/a.js': 900 } },
        8: { seconds: 0.4, layer: { 'app/node_modules/a.js': 900 } },
      },
    },
  ],
  propose: (subject) => {
    const found = [...neededStages(subject)].flatMap((stage) => {
      const items = builtOf(subject, stage);
      return items.flatMap((_, from) => proposalOf(subject, items, from) ?? []);
    });
    return found.sort((a, b) => (b.claim.secondsPerCommit ?? 0) - (a.claim.secondsPerCommit ?? 0));
  },
};

function proposalOf(
  subject: Subject,
  items: readonly BuiltInstruction[],
  from: number,
): Proposal | undefined {
  const { instruction } = items[from]!;
  const step = subject.observed(instruction);
  if (!step || !isMovable(instruction, step)) return undefined;
  const lines = linesOf(subject, instruction);
  let best: { readonly proposal: Proposal; readonly gain: number } | undefined;
  for (let to = from - 1; to >= 0 && canPass(subject, step, items[to]!); to--) {
    const edits = [insertAbove(subject, items[to]!.instruction, lines.text), ...replaceLines(lines, '')];
    const gain = gainOf(subject, { edits });
    if (!gain) continue;
    const seconds = gain.before - gain.after;
    if (best && seconds <= best.gain * 1.01) continue;
    const isRun = instruction.kind === 'run';
    const what = shortened(isRun ? instruction.text.replace(/^run\s+/i, '') : instruction.text, 50);
    const above = shortened(items[to]!.instruction.text, 50);
    best = {
      gain: seconds,
      proposal: {
        title: isRun ? `run ${what} above ${above}` : `${what} goes above ${above}`,
        reason:
          `it took ${inSeconds(step.seconds)} and ${isRun ? 'was seen to read nothing that those write, nor they what it writes' : 'brings nothing that those write or read'}. ` +
          `A commit's rebuild goes from ${inSeconds(gain.before)} to ${inSeconds(gain.after)}, ${basisOf(commitsOf(subject))}`,
        span: instruction.span,
        edits,
        claim: { secondsPerCommit: seconds },
        allows: [],
      },
    };
  }
  return best?.proposal;
}
