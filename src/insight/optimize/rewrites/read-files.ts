// Whether a step reads files of the context: by what was seen of it, or, where it was not watched, by what its commands
// are.

import { type Command, lineage, type Run, runsOf } from '../../lint/index.ts';
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
  const { stages } = subject.lint.dockerfile;
  // What stands above the COPY does not find them.
  const isBelow = (run: { readonly node: { readonly start: number } }, stage: number) =>
    taking.some(({ built, instruction }) => {
      const from = built.facts.stage.index;
      if (from === stage) return run.node.start > instruction.node.start;
      return lineage(stages, stages[stage]!).some(({ index }) => index === from);
    });
  return [...neededStages(subject)].some((stage) =>
    builtOf(subject, stage).some(({ instruction }) => {
      if (instruction.kind !== 'run') return false;
      const { reads, table } = subject.observed(instruction) ?? {};
      const run = runsOf(subject.lint).find((one) => one.at === instruction.node);
      if (run?.facts.script && run.commands.every(isBlind)) return false;
      if (!reads || reads.cut) return careful && isBelow(instruction, stage) && !(run && isKnown(run));
      // What gets another owner is in its layer as if it had been read.
      const isRewritten = run?.commands.some(({ name }) => OWNERS.has(name));
      const written = new Set(isRewritten ? table?.entries.map(({ path }) => path) : []);
      return [...reads.fromContext].some(
        ([place, path]) => reads.files.has(place) && isMeant(path) && !written.has(place),
      );
    }),
  );
}

const OWNERS = new Set(['chown', 'chmod', 'chgrp']);

/** Commands to which it is the same what is in a file. */
const BLIND = new Set([
  ...[
    ...OWNERS,
    'rm',
    'rmdir',
    'mkdir',
    'touch',
    'ln',
    'mv',
    'ls',
    'useradd',
    'adduser',
    'groupadd',
    'addgroup',
  ],
  ...['usermod', 'echo', 'printf', 'true', ':'],
]);

function isBlind({ name, placed }: Command): boolean {
  return BLIND.has(name) && placed.command.redirects.every(({ operator }) => operator.startsWith('>'));
}

/** Whether all commands of a RUN are such that what they read is known. */
function isKnown({ facts, commands }: Run): boolean {
  if (!facts.script || commands.length === 0) return false;
  return commands.every((command) => {
    const install = installOf(command.placed);
    return install ? !install.needsWatching : isHarmless(command.placed) || isBlind(command);
  });
}
