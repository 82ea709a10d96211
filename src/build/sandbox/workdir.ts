// The working directory of a process, where the image lacks it: made before the process starts, with its owner. The
// inner shell makes it right after mounting the root, when no code of the container has run: the path is resolved
// here, from the layers alone, and holds no link.

import { parentPath } from '../../core/index.ts';
import { lookUp, resolveIn, type Stack } from './lower-view.ts';
import type { ContainerSpec } from './spec.ts';

/** The branch of the inner shell's `case`. */
export const WORKDIR_SCRIPT: readonly string[] = [
  '  directory) mkdir -m 755 "$2" && chown "$3" "$2" || exit 125; shift 3 ;;',
];

/** The words that make the inner shell make the working directory, if the spec says who shall own it. */
export function workdirArguments(spec: ContainerSpec, bundle: string): string[] {
  if (!spec.ownsWorkdir) return [];
  const stack = spec.lowers.map((name) => `${spec.lowerBase}/${name}`);
  const owner = `${spec.user.uid}:${spec.user.gid}`;
  return missingDirectories(stack, spec.cwd).flatMap((path) => [
    'directory',
    `${bundle}/rootfs/${path}`,
    owner,
  ]);
}

/**
 * The directories on the way to `path` that a stack lacks, topmost first, without links. None where something that is
 * no directory, or a loop of links, is in the way: then the runtime has the better words for it.
 */
export function missingDirectories(stack: Stack, path: string): readonly string[] {
  const missing: string[] = [];
  let at = resolveIn(stack, path) ?? '';
  for (; at !== ''; at = parentPath(at)) {
    const file = lookUp(stack, at);
    if (file) return file.stat.type === 'dir' ? missing : [];
    missing.unshift(at);
  }
  return missing;
}
