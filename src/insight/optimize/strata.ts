// What kind of change a commit is, by the paths that it touches: they are told apart, for each rebuilds something else.

import { DOCUMENT, MANIFEST } from './commits.ts';

/** Kinds of commits: one that touches several counts as the first that applies. */
export const STRATA = ['dockerfile', 'manifest', 'source', 'docs'] as const;

/** One of them. */
export type Stratum = (typeof STRATA)[number];

/**
 * The kind of a commit.
 * @param paths from the context
 * @param own paths of the Dockerfile and its ignore file, from the context
 */
export function stratumOf(paths: readonly string[], own: readonly string[]): Stratum {
  if (paths.some((path) => own.includes(path))) return 'dockerfile';
  if (paths.some((path) => MANIFEST.test(path))) return 'manifest';
  return paths.length > 0 && paths.every((path) => DOCUMENT.test(path)) ? 'docs' : 'source';
}
