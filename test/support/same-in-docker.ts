// The files of what a builder wrote as a tar, as containers see them, to compare those of two builders.

import { INCOMPARABLE_PATHS } from './incomparable-paths.ts';
import { type Listed, listTar } from './list-tar.ts';

/** By path: type, mode, owner, content, links, extended attributes. */
export type Files = Readonly<Record<string, Listed>>;

/** The files of a tar, without those that each builder's runtime writes in its own way. */
export async function filesOfTar(archive: string): Promise<Files> {
  const entries = [...(await listTar(archive))];
  return Object.fromEntries(entries.filter(([path]) => !INCOMPARABLE_PATHS.has(path)));
}
