// Which directory is the build context of a Dockerfile, where nobody said. Mostly it is the one it lies in; of
// `docker/Dockerfile` it is often one above. What COPY takes tells: it has to be there.

import { cleanRelative, parentPath } from '../../core/index.ts';
import type { Dockerfile } from '../../lang/dockerfile/index.ts';
import { hasWildcard } from '../../lang/ignore/index.ts';
import { CWD, statAt } from '../../sys/index.ts';

/** Directories above that are tried. */
const HIGHEST = 5;

/** A directory, and whether what is not in it is missing: where none fits, nobody knows what the context is. */
export interface GuessedContext {
  readonly directory: string;
  readonly sure: boolean;
}

/** @param home the directory that the Dockerfile lies in, absolute */
export function guessContext(dockerfile: Dockerfile, home: string): GuessedContext {
  const sources = literalSources(dockerfile);
  // Nothing to go by: everybody's habit.
  if (sources.length === 0) return { directory: home, sure: true };
  let best = { directory: home, found: -1 };
  for (const directory of candidates(home)) {
    const found = sources.filter((source) => statAt(CWD, `${directory}/${source}`)).length;
    if (found > best.found) best = { directory, found };
    if (found === sources.length) break;
  }
  return { directory: best.directory, sure: best.found > 0 };
}

/** The directory, and those above it: not beyond the top of a repository. */
function candidates(home: string): readonly string[] {
  const found = [home];
  for (let at = home; at !== '/' && found.length <= HIGHEST && !statAt(CWD, `${at}/.git`); ) {
    at = parentPath(at) || '/';
    if (at === '/') break;
    found.push(at);
  }
  return found;
}

/** What COPY and ADD take of the context, by names that say it without more. */
function literalSources({ instructions }: Dockerfile): readonly string[] {
  return instructions.flatMap((instruction) => {
    if (instruction.kind !== 'copy' && instruction.kind !== 'add') return [];
    if (instruction.kind === 'copy' && instruction.from) return [];
    return instruction.sources.flatMap(({ text }) => {
      if (/[$"'\\]|:\/\/|^git@/.test(text) || hasWildcard(text)) return [];
      const path = cleanRelative(text);
      return path === '' ? [] : [path];
    });
  });
}
