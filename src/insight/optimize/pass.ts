// Whether a step can be done before another that stands above it, and nothing comes of that.

import { isAtOrBelow } from '../../core/index.ts';
import type { Entry, TableOfContents } from '../../oci/image/index.ts';
import type { BuiltInstruction } from '../lint/index.ts';
import { type ContextCopy, contextCopies, isLeftOut } from './context-copies.ts';
import type { StepEvidence } from './evidence.ts';
import { conflict } from './lower-copies.ts';
import type { Subject } from './subject.ts';

/** Whether it can be known what it has to do with others: a RUN that was watched, and a COPY that takes nothing of the context. */
export function isMovable(
  instruction: BuiltInstruction['instruction'],
  { reads, table }: StepEvidence,
): boolean {
  if (instruction.kind === 'run') return instruction.mounts.length === 0 && reads !== undefined && !reads.cut;
  return instruction.kind === 'copy' && instruction.from !== undefined && table !== undefined;
}

/** Whether a RUN, or a COPY from another stage, may be done before an instruction that stands above it. */
export function canPass(subject: Subject, step: StepEvidence, other: BuiltInstruction): boolean {
  const { instruction } = other;
  const there = subject.observed(instruction);
  switch (instruction.kind) {
    case 'run':
      return (
        there?.reads !== undefined &&
        !there.reads.cut &&
        there.table !== undefined &&
        (step.kind === 'copy' ? !conflict(step.table, there.table) : isApart(step, there.table)) &&
        step.table !== undefined &&
        isApart(there, step.table)
      );
    case 'copy':
    case 'add': {
      const copy = contextCopies(subject).get(other);
      const table = there?.table;
      if (!table || (copy?.makes ?? false)) return false;
      if (step.kind === 'copy')
        return (
          !conflict(step.table, table) &&
          (areElsewhere(step.table, copy?.destination ?? placeOf(table)) ||
            (copy !== undefined && areLeftOut(subject, copy, step.table)))
        );
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

/** Whether what is copied lies neither in a place nor around it, also what may be there one day. */
function areElsewhere(table: TableOfContents | undefined, place: string): boolean {
  const own = table && placeOf(table);
  return own !== undefined && own !== '' && !isAtOrBelow(own, place) && !isAtOrBelow(place, own);
}

/** Whether what is copied comes to lie where the context never brings anything, as the ignore file leaves it out. */
function areLeftOut(subject: Subject, copy: ContextCopy, table: TableOfContents | undefined): boolean {
  const own = table && placeOf(table);
  return own !== undefined && own !== '' && isLeftOut(subject, copy, own);
}

/** The directory that all files of a layer lie in, or the one file that it has. */
function placeOf({ entries }: TableOfContents): string {
  const [first, ...others] = entries.filter(({ type }) => type !== 'dir').map(({ path }) => path.split('/'));
  if (!first) return '';
  let length = others.length === 0 ? first.length : first.length - 1;
  for (const parts of others) {
    let same = 0;
    while (same < length && parts[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, length).join('/');
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
