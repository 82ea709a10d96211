// What a container of an image starts: the files that its ENTRYPOINT and CMD name.

import type { ImageConfig } from '../../oci/image/index.ts';
import { inPath } from './needs.ts';
import type { SeenTree } from './seen-tree.ts';

/**
 * The program, links to it before it; behind a shell the shell and what it starts.
 * @returns undefined where there is none, or nobody can tell which
 */
export function commandFiles(tree: SeenTree, image: ImageConfig): readonly string[] | undefined {
  const { Entrypoint, Cmd } = image.config ?? {};
  const words = [...(Entrypoint ?? []), ...(Cmd ?? [])];
  const [first, ...others] = words;
  if (first === undefined || first === '') return undefined;
  if (PASSING.test(first)) {
    const rest = { ...image, config: { ...image.config, Entrypoint: [], Cmd: others } };
    const [wrapper, program] = [inPath(tree, first, image), commandFiles(tree, rest)];
    return wrapper && program ? [...wrapper, ...program] : undefined;
  }
  const program = inPath(tree, first, image);
  if (!program) return undefined;
  if (!/(^|\/)(ba|da|a)?sh$/.test(first) || others[0] !== '-c') return program;
  const inner = started(others[1] ?? '');
  const further = inner === undefined ? undefined : inPath(tree, inner, image);
  return further && [...program, ...further];
}

/** Scripts of base images that do something first, and then start whatever they are told to. */
const PASSING = /(^|\/)(mvn-entrypoint\.sh|__cacert_entrypoint\.sh)$/;

/** Whether an ENTRYPOINT says nothing about what is started: CMD does. */
export function isPassing(entrypoint: readonly string[] | null | undefined): boolean {
  const [first, ...others] = entrypoint ?? [];
  return first === undefined || (others.length === 0 && PASSING.test(first));
}

/** The one program that a plain command line starts. */
function started(line: string): string | undefined {
  const words = line.trim().split(/\s+/);
  while (words[0] === 'exec' || /^\w+=[\w./:-]*$/.test(words[0] ?? '')) words.shift();
  return /^[\w./+-]+$/.test(words[0] ?? '') && !/[;&|<>`(]/.test(line) ? words[0] : undefined;
}
