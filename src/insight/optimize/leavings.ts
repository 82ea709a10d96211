// What a RUN left in the image below some directories, by the table of contents of its layer.

import type { TableOfContents } from '../../oci/image/index.ts';
import { type BuiltInstruction, lineage, type Run, runsOf } from '../lint/index.ts';
import type { StepEvidence } from './evidence.ts';
import { neededStages } from './rebuild-cost.ts';
import type { Allowance } from './rewrite.ts';
import type { Subject } from './subject.ts';

/** Less than this is not worth a line of anybody's Dockerfile. */
export const FEW_BYTES = 64 * 1024;

/** Files below some directories. */
export interface Leavings {
  /** Without slashes at their ends, in order; where there is nothing but empty files they are left out. */
  readonly directories: readonly string[];
  readonly files: number;
  /** What the layer would be without: content that is linked to from elsewhere stays. */
  readonly bytes: number;
}

/** A RUN whose layer is in the image, and what was seen of it. */
export interface ShippedRun {
  readonly run: Run;
  readonly step: StepEvidence;
  readonly table: TableOfContents;
}

/** The RUN instructions whose layers the image has, in the order of the file. */
export function shippedRuns(subject: Subject): readonly ShippedRun[] {
  const layers = new Set(subject.evidence.image.diffIds);
  return ownRuns(subject).flatMap(({ run, built }): ShippedRun[] => {
    const step = subject.observed(built.instruction);
    if (step?.kind !== 'run' || !step.table || step.layer === undefined || !layers.has(step.layer)) return [];
    return [{ run, step, table: step.table }];
  });
}

/** A RUN whose layer the image will have, and that never ran. */
export interface UnseenRun {
  readonly run: Run;
  readonly built: BuiltInstruction;
}

/** Where nothing was built: the RUN instructions of which the words are all there is, in the order of the file. */
export function unseenRuns(subject: Subject): readonly UnseenRun[] {
  if (!subject.evidence.unbuilt) return [];
  return ownRuns(subject).filter(({ built }) => subject.observed(built.instruction) === undefined);
}

/** The RUN instructions of the stages that the image stands on, those of ONBUILD left out. */
function ownRuns(subject: Subject): readonly UnseenRun[] {
  const { lint } = subject;
  const shipped = shippedStages(subject);
  const built = new Map(lint.built.map((one) => [one.instruction.node, one]));
  return runsOf(lint).flatMap((run): UnseenRun[] => {
    const one = run.onbuild ? undefined : built.get(run.at);
    return one && shipped.has(run.stage.index) ? [{ run, built: one }] : [];
  });
}

/** The stages of whose layers the image consists, as the text is now. */
export function shippedStages(subject: Subject): ReadonlySet<number> {
  const needed = neededStages(subject);
  const { stages } = subject.lint.dockerfile;
  const target = stages.findLast(({ index }) => needed.has(index));
  return new Set(target ? lineage(stages, target).map(({ index }) => index) : []);
}

/**
 * What a layer has below some directories.
 * @param directory matches a path from its start to the end of the directory, where it lies in one
 */
export function leavings({ entries }: TableOfContents, directory: RegExp): Leavings {
  const directories = new Set<string>();
  const kept = new Set<string>();
  for (const { path, type, link } of entries)
    if (type === 'hardlink' && link !== undefined && !directory.test(path)) kept.add(link);
  let [files, bytes] = [0, 0];
  for (const { path, type, size } of entries) {
    const [found] = directory.exec(path) ?? [];
    if (found === undefined || type === 'whiteout' || type === 'opaque') continue;
    if (type === 'dir') continue;
    // Locks and the like are no reason to touch a directory.
    if (size > 0) directories.add(found);
    files++;
    if (!kept.has(path)) bytes += size;
  }
  return { directories: [...directories].sort(), files, bytes };
}

/**
 * That what some RUN instructions left in directories may be missing. With it those above that came to be with it, where
 * they hold nothing else: who makes `root/.cache/pip` makes `root/.cache` by the way. Whatever was there before these
 * RUN is none of it.
 */
export function removalOf(
  { evidence: { image } }: Subject,
  runs: readonly ShippedRun[],
  directories: readonly string[],
): readonly Allowance[] {
  const layers = new Set(runs.map(({ step }) => step.layer));
  const above = new Set(directories.flatMap(ancestorsOf));
  const made = [...above].filter((one) => {
    const first = image.tables.findIndex(({ entries }) =>
      entries.some(({ path }) => path === one || path.startsWith(`${one}/`)),
    );
    return layers.has(image.diffIds[first]);
  });
  const emptied: Allowance = {
    ...{ what: 'paths', change: 'removed', of: 'directories that held nothing else' },
    ...{ paths: made.sort(), emptied: true },
  };
  return [
    ...directories.map((below): Allowance => ({ what: 'files', change: 'removed', below })),
    ...(made.length === 0 ? [] : [emptied]),
  ];
}

/** `a/b/c`: `a/b` and `a`. */
function ancestorsOf(path: string): readonly string[] {
  const names = path.split('/');
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'));
}
