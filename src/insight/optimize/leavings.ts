// What a RUN left in the image below some directories, by the table of contents of its layer.

import type { TableOfContents } from '../../oci/image/index.ts';
import { lineage, type Run, runsOf } from '../lint/index.ts';
import type { StepEvidence } from './evidence.ts';
import { neededStages } from './rebuild-cost.ts';
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
  const shipped = shippedStages(subject);
  const instructions = new Map(
    subject.lint.dockerfile.stages.flatMap(({ instructions }) => instructions.map((one) => [one.node, one])),
  );
  return runsOf(subject.lint).flatMap((run): ShippedRun[] => {
    if (!shipped.has(run.stage.index)) return [];
    const step = run.onbuild ? undefined : subject.observed(instructions.get(run.at)!);
    if (step?.kind !== 'run' || !step.table || step.layer === undefined || !layers.has(step.layer)) return [];
    return [{ run, step, table: step.table }];
  });
}

/** The stages of whose layers the image consists, as the text is now. */
function shippedStages(subject: Subject): ReadonlySet<number> {
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
 * The directories with those above them that are there for nothing else: `root/.cache` where all that the image has below
 * it lies in `root/.cache/pip`. Only hidden ones: nobody makes others by the way.
 */
export function withOwnParents({ evidence }: Subject, directories: readonly string[]): readonly string[] {
  const isWithin = (path: string) => directories.some((one) => path === one || path.startsWith(`${one}/`));
  const widened = directories.map((directory) => {
    let widest = directory;
    for (;;) {
      const parent = widest.slice(0, Math.max(0, widest.lastIndexOf('/')));
      const isAlone = () =>
        evidence.image.tables.every(({ entries }) =>
          entries.every(
            ({ path }) =>
              !path.startsWith(`${parent}/`) ||
              isWithin(path) ||
              directories.some((one) => one.startsWith(`${path}/`)),
          ),
        );
      if (!/(^|\/)\.[^/]+$/.test(parent) || !isAlone()) return widest;
      widest = parent;
    }
  });
  return [...new Set(widened)];
}
