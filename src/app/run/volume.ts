// `-v`: what is mounted where, as written by the user. Pure.

import { MilleError } from '../../core/index.ts';
import { cleanAbsolute } from './process.ts';

/** A volume. Without a source it is a directory of the container's own that goes with it. */
export interface Volume {
  /** Absolute path on the host. */
  readonly source?: string;
  /** Absolute and clean. */
  readonly target: string;
  readonly readonly: boolean;
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
 * The volumes of a container: those given, and the image's own VOLUMEs where none is given, parents first.
 * @throws MilleError `usage` for two at one place.
 */
export function volumesOf(
  given: readonly string[],
  ofImage: readonly string[],
  here: string,
): readonly Volume[] {
  const volumes = new Map<string, Volume>();
  for (const text of given) {
    const volume = parseVolume(text, here);
    if (volumes.has(volume.target)) {
      throw new MilleError('usage', `two volumes at ${volume.target}`, { hint: 'leave one of them out' });
    }
    volumes.set(volume.target, volume);
  }
  for (const path of ofImage) {
    const target = cleanAbsolute(path);
    if (target !== '/' && !volumes.has(target)) volumes.set(target, { target, readonly: false });
  }
  const depth = (volume: Volume) => volume.target.split('/').length;
  return [...volumes.values()].sort((a, b) => depth(a) - depth(b));
}
