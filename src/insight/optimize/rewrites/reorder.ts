// A RUN that takes long and seldom changes, above what changes often and has nothing to do with it.

import type { Entry, TableOfContents } from '../../../oci/image/index.ts';
import type { BuiltInstruction } from '../../lint/index.ts';
import { basisOf, commitsOf } from '../commits.ts';
import { contextCopies } from '../context-copies.ts';
import type { StepEvidence } from '../evidence.ts';
import { gainOf } from '../gain.ts';
import { insertAbove, linesOf, replaceLines } from '../lines.ts';
import { conflict } from '../lower-copies.ts';
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
  if (instruction.kind !== 'run' || instruction.mounts.length > 0) return undefined;
  const step = subject.observed(instruction);
  if (!step?.reads || step.reads.cut) return undefined;
  const lines = linesOf(subject, instruction);
  let best: { readonly proposal: Proposal; readonly gain: number } | undefined;
  for (let to = from - 1; to >= 0 && canPass(subject, step, items[to]!); to--) {
    const edits = [insertAbove(subject, items[to]!.instruction, lines.text), ...replaceLines(lines, '')];
    const gain = gainOf(subject, { edits });
    if (!gain) continue;
    const seconds = gain.before - gain.after;
    if (best && seconds <= best.gain * 1.01) continue;
    const what = shortened(instruction.text.replace(/^run\s+/i, ''), 50);
    const above = shortened(items[to]!.instruction.text, 50);
    best = {
      gain: seconds,
      proposal: {
        title: `run ${what} above ${above}`,
        reason:
          `it took ${inSeconds(step.seconds)} and was seen to read nothing that those write, nor they what it writes. ` +
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

/** Whether a RUN may run before an instruction that stands above it. */
function canPass(subject: Subject, step: StepEvidence, other: BuiltInstruction): boolean {
  const { instruction } = other;
  const there = subject.observed(instruction);
  switch (instruction.kind) {
    case 'run':
      return (
        there?.reads !== undefined &&
        !there.reads.cut &&
        there.table !== undefined &&
        isApart(step, there.table) &&
        step.table !== undefined &&
        isApart(there, step.table)
      );
    case 'copy':
    case 'add': {
      const copy = contextCopies(subject).get(other);
      const table = there?.table;
      if (!table || (copy?.makes ?? false)) return false;
      return isApart(step, table) && !conflict(step.table, table);
    }
    case 'label':
    case 'expose':
    case 'cmd':
    case 'entrypoint':
    case 'healthcheck':
    case 'stopsignal':
    case 'maintainer':
      return true;
    default:
      return false;
  }
}

/** Whether a step was seen to have nothing to do with what a layer holds. */
function isApart({ reads, table: own }: StepEvidence, table: TableOfContents): boolean {
  if (!reads || conflict(own, table)) return false;
  return !table.entries.some((entry) => touches(reads, entry));
}

function touches(reads: NonNullable<StepEvidence['reads']>, { path, type }: Entry): boolean {
  // Every layer has the directories on the way to what it changes.
  if (type === 'dir') return reads.missing.has(path) || isListedAbove(reads, path);
  return (
    reads.files.has(path) || reads.looked.has(path) || reads.missing.has(path) || isListedAbove(reads, path)
  );
}

/** Whether a name that comes or goes would be noticed. */
function isListedAbove({ listed }: NonNullable<StepEvidence['reads']>, path: string): boolean {
  return listed.has(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
}
