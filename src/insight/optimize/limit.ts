// The least that a commit's rebuild could take: if only those steps ran whose inputs it changes, by what they were seen to
// read, and what such a step makes ran only what reads that. No order of instructions can do better; a cache within a step
// can.

import type { Evidence, StepEvidence } from './evidence.ts';

/**
 * Seconds of the steps that the commit's paths really meet, the original's as they were observed.
 * @returns undefined where a RUN was not watched, for which nobody can say it
 */
export function limitOf({ steps }: Evidence, paths: readonly string[]): number | undefined {
  const touched = new Set(paths);
  /** Paths of images that steps make anew, whichever stage they are of. */
  const made = new Set<string>();
  let seconds = 0;
  let any = false;
  for (const step of steps) {
    if (step.kind === 'run' && !step.reads) return undefined;
    const isDirty = meets(step, { touched, made }) || (isCopyOfStage(step) && any);
    if (!isDirty) continue;
    seconds += step.seconds;
    // What COPY takes of the context is told by its readers, file by file.
    if (takesAsItIs(step)) continue;
    any = true;
    for (const { path, type } of step.table?.entries ?? []) if (type !== 'dir') made.add(path);
  }
  return seconds;
}

function meets(
  { reads, copies }: StepEvidence,
  { touched, made }: { readonly touched: ReadonlySet<string>; readonly made: ReadonlySet<string> },
): boolean {
  if (copies?.some((path) => touched.has(path))) return true;
  if (!reads) return false;
  for (const path of reads.fromContext.values()) if (touched.has(path)) return true;
  for (const path of reads.files) if (made.has(path)) return true;
  return false;
}

/** COPY from the context, and ADD of what it does not unpack: what is read of it is known by where it came from. */
function takesAsItIs({ kind, copies }: StepEvidence): boolean {
  if (!copies) return false;
  return kind === 'copy' || (kind === 'add' && !copies.some((path) => ARCHIVE.test(path)));
}

const ARCHIVE = /\.(tar|tgz|tbz2?|txz|gz|bz2|xz|zst)$/;

function isCopyOfStage({ kind, copies }: StepEvidence): boolean {
  return (kind === 'copy' || kind === 'add') && !copies;
}
