// The files of a context in groups: those that the same steps read, by the directory they are in, or by the pattern
// where a source names files and no directory.

import { hasWildcard, matchPattern } from '../../lang/ignore/index.ts';

/** What one source of a step reads of the context. */
export interface StepRead {
  readonly step: string;
  /** As written, clean; '' for all of the context. */
  readonly source: string;
  readonly directories: readonly string[];
  /** Paths that there are now. */
  readonly files: ReadonlySet<string>;
  /** What of a directory is left out, by paths from there. */
  readonly excludes?: (path: string) => boolean;
}

/** Files whose change means the same. */
export interface FileGroup {
  /** `src/`, `./*` for the files of the top directory alone, `*.json`. */
  readonly name: string;
  /** The steps that read them, in the order of the build. */
  readonly steps: readonly string[];
}

/** Tells the group of a path: of one that is there, or that once was. */
export type Grouping = (path: string) => FileGroup | undefined;

/**
 * Makes the grouping of a build.
 * @param reads in the order of the build
 * @param depth directories below one another that are told apart, from the top of the context
 * @returns gives the same object for paths of one group; undefined for a path that no step reads
 */
export function groupFiles(reads: readonly StepRead[], depth: number): Grouping {
  const groups = new Map<string, FileGroup>();
  return (path) => {
    const found = reads.filter((read) => read.files.has(path) || wouldRead(read, path));
    const [first] = found;
    if (!first) return undefined;
    const steps = [...new Set(found.map(({ step }) => step))];
    const name = nameFor(path, { first, reads, depth });
    const key = JSON.stringify([name, steps]);
    const group = groups.get(key) ?? { name, steps };
    groups.set(key, group);
    return group;
  };
}

/** Whether a file would be read if it were there: one that was removed, or moved, since a commit. */
function wouldRead({ source, directories, excludes }: StepRead, path: string): boolean {
  if (directories.some((directory) => isBelow(path, directory) && !excludes?.(from(path, directory))))
    return true;
  return source === path || (hasWildcard(source) && matchesPart(source, path));
}

function isBelow(path: string, directory: string): boolean {
  return directory === '' || path.startsWith(`${directory}/`);
}

function from(path: string, directory: string): string {
  return directory === '' ? path : path.slice(directory.length + 1);
}

/** A pattern brings what it matches, and all below that. */
function matchesPart(pattern: string, path: string): boolean {
  const parts = path.split('/');
  const wanted = pattern.split('/');
  return parts.length >= wanted.length && wanted.every((part, i) => matchPattern(part, parts[i] as string));
}

function nameFor(
  path: string,
  {
    first,
    reads,
    depth,
  }: { readonly first: StepRead; readonly reads: readonly StepRead[]; readonly depth: number },
): string {
  const directory = first.directories.find((one) => isBelow(path, one));
  if (directory === undefined) {
    // All files that an instruction names go together.
    const named = reads.filter(({ step, directories }) => step === first.step && directories.length === 0);
    return named.map(({ source }) => source).join(' ') || first.source;
  }
  const parents = path.split('/').slice(0, -1);
  const levels = Math.max(depth, directory === '' ? 0 : directory.split('/').length);
  const shown = parents.slice(0, levels).join('/');
  if (parents.length >= levels) return `${shown}/`;
  return `${shown === '' ? '.' : shown}/*`;
}
