// Whether a step reads files of the context: by what was seen of it, or, where it was not watched, by what its commands
// are.

import { runsOf } from '../../lint/index.ts';
import type { ContextCopy } from '../context-copies.ts';
import { installOf, isHarmless } from '../installs.ts';
import { neededStages } from '../rebuild-cost.ts';
import { builtOf, type Subject } from '../subject.ts';

/** How sure it has to be. */
export interface ReadOptions {
  /** A RUN that was not watched, and of which nobody knows what it reads, may read them. */
  readonly careful: boolean;
  /** The COPY instructions that take them. */
  readonly taking: readonly ContextCopy[];
}

/** Whether a RUN reads what is at some paths of the context, or below them. */
export function isReadBy(
  subject: Subject,
  roots: readonly string[],
  { careful, taking }: ReadOptions,
): boolean {
  const isMeant = (path: string) => roots.some((root) => path === root || path.startsWith(`${root}/`));
  const stages = new Set(taking.map(({ built }) => built.facts.stage.index));
  return [...neededStages(subject)].some((stage) =>
    builtOf(subject, stage).some(({ instruction }) => {
      if (instruction.kind !== 'run') return false;
      const reads = subject.observed(instruction)?.reads;
      if (!reads || reads.cut) return careful && stages.has(stage) && !isKnown(subject, instruction.node);
      return [...reads.fromContext].some(([place, path]) => reads.files.has(place) && isMeant(path));
    }),
  );
}

/** Whether all commands of a RUN are such that what they read is known. */
function isKnown({ lint }: Subject, at: object): boolean {
  const run = runsOf(lint).find((one) => one.at === at);
  if (!run?.facts.script || run.commands.length === 0) return false;
  return run.commands.every(({ placed }) => {
    const install = installOf(placed);
    return install ? !install.needsWatching : isHarmless(placed);
  });
}
