// All that `run` mounts: `-v`, `--mount`, `--tmpfs` and the image's VOLUMEs. Pure.

import type { SandboxMount } from '../../build/sandbox/index.ts';
import { MilleError } from '../../core/index.ts';
import type { RunOptions } from '../types.ts';
import { tmpfsMount, tmpfsOfMount } from './tmpfs.ts';
import { parseVolume, type Volume, volumeOfMount, volumesOf } from './volume.ts';

/** What a container has beside its image's files. */
export interface MountsAsked {
  readonly volumes: readonly Volume[];
  readonly tmpfs: readonly SandboxMount[];
}

/**
 * Reads the flags.
 * @param here the absolute working directory
 * @throws MilleError `usage`, also for two at one place
 */
export function mountsAsked(
  { volumes, mounts = [], tmpfs = [] }: Pick<RunOptions, 'volumes' | 'mounts' | 'tmpfs'>,
  ofImage: readonly string[],
  here: string,
): MountsAsked {
  const inMemory = tmpfs.map(tmpfsMount);
  const given = volumes.map((text) => parseVolume(text, here));
  for (const mount of mounts) {
    if (mount.type === 'tmpfs') inMemory.push(tmpfsOfMount(mount));
    else given.push(volumeOfMount(mount, here));
  }
  const targets = [...given, ...inMemory].map(({ target }) => target);
  const twice = targets.find((target, i) => targets.indexOf(target) !== i);
  if (twice !== undefined)
    throw new MilleError('usage', `two mounts at ${twice}`, { hint: 'leave one of them out' });
  const taken = inMemory.map(({ target }) => target);
  return { volumes: volumesOf(given, ofImage, taken), tmpfs: inMemory };
}

/** In an order in which none hides another one: parents first. */
export function parentsFirst<T extends { readonly target: string }>(mounts: readonly T[]): T[] {
  const depth = ({ target }: T) => target.split('/').length;
  return [...mounts].sort((a, b) => depth(a) - depth(b));
}
