// `-v` and `--mount` of directories: what is mounted where, as written by the user. Pure.

import { MilleError } from '../../core/index.ts';
import type { RunMount } from '../types.ts';
import { cleanAbsolute } from './process.ts';

/** A volume. Without a source it is a directory of the container's own that goes with it. */
export interface Volume {
  /** Absolute path on the host. */
  readonly source?: string;
  /** Absolute and clean. */
  readonly target: string;
  readonly readonly: boolean;
  /** A source that is missing is an error, and is not made. */
  readonly mustExist?: boolean;
}

/** Options that ask for what is so anyway, or for what has no meaning on this machine. */
const HARMLESS = new Set([
  'rw',
  'z',
  'Z',
  'nocopy',
  'consistent',
  'cached',
  'delegated',
  'private',
  'rprivate',
]);

/**
 * Reads `host:container[:options]` or `container`. A host path that begins with `.` counts from `here`, the
 * absolute working directory. `z` and `Z` are accepted; nothing is relabelled.
 * @throws MilleError `usage`
 */
export function parseVolume(text: string, here: string): Volume {
  const parts = text.split(':');
  const fail = (why: string, hint: string) =>
    new MilleError('usage', `invalid volume '${text}': ${why}`, { hint });
  if (parts.length > 3 || parts.some((part) => part === '')) {
    throw fail('it is not HOST:CONTAINER[:OPTIONS]', 'for example -v "$PWD/data:/data:ro"');
  }
  const [source, destination, options = ''] = (parts.length === 1 ? [undefined, ...parts] : parts) as [
    string | undefined,
    string,
    string?,
  ];
  if (!destination.startsWith('/')) {
    throw fail(`the path in the container, '${destination}', is not absolute`, 'begin it with a slash');
  }
  const target = cleanAbsolute(destination);
  if (target === '/') throw fail('the root cannot be a volume', 'mount a directory below it');
  const words = options.split(',').filter((word) => word !== '');
  const odd = words.find((word) => word !== 'ro' && !HARMLESS.has(word));
  if (odd !== undefined) throw fail(`unknown option '${odd}'`, 'ro and rw are supported');
  return {
    ...(source === undefined ? {} : { source: hostPath(source, text, here) }),
    target,
    readonly: words.includes('ro'),
  };
}

function hostPath(source: string, text: string, here: string): string {
  if (source.startsWith('/')) return cleanAbsolute(source);
  if (/^\.\.?(\/|$)/.test(source)) return cleanAbsolute(`${here}/${source}`);
  throw new MilleError('usage', `named volumes are not supported yet: '${source}' in -v ${text}`, {
    hint: `to mount a directory, write -v ./${source}:… or its absolute path`,
  });
}

/**
 * The volume of a `--mount`.
 * @throws MilleError `usage`
 */
export function volumeOfMount(mount: Exclude<RunMount, { type: 'tmpfs' }>, here: string): Volume {
  const target = mountTarget(mount.target);
  const { readonly } = mount;
  if (mount.type === 'volume') return { target, readonly };
  const { source } = mount;
  if (!/^(\/|\.\.?(\/|$))/.test(source)) {
    throw new MilleError('usage', `the source of --mount, '${source}', is not absolute`, {
      hint: `write source=./${source}, or its absolute path`,
    });
  }
  const absolute = source.startsWith('/') ? source : `${here}/${source}`;
  return { source: cleanAbsolute(absolute), target, readonly, mustExist: true };
}

/** Where a `--mount` goes: absolute and clean. @throws MilleError `usage` */
export function mountTarget(target: string): string {
  const clean = cleanAbsolute(target);
  if (target.startsWith('/') && clean !== '/') return clean;
  throw new MilleError('usage', `the target of --mount can't be '${target}'`, {
    hint: 'it is an absolute path in the container, and not its root',
  });
}

/** The volumes of a container: those given, and the image's own VOLUMEs where nothing is given for their place. */
export function volumesOf(
  given: readonly Volume[],
  ofImage: readonly string[],
  taken: readonly string[] = [],
): readonly Volume[] {
  const places = new Set([...taken, ...given.map(({ target }) => target), '/']);
  const own = [...new Set(ofImage.map(cleanAbsolute))].filter((target) => !places.has(target));
  return [...given, ...own.map((target) => ({ target, readonly: false }))];
}
