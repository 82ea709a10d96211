// Key rings that package sources name and no package brings, such as a company's for its own mirror: the image gets them
// where apt's documentation has them, and its sources name them there, whatever directory of this machine they lie in. Pure.

import type { AptSource } from './apt-source.ts';
import type { ImageFile } from './image-files.ts';

/** Where the administrator of a system puts key rings, and where packages do. */
const KEYRING_DIRECTORIES = /^\/(?:etc\/apt\/(?:keyrings|trusted\.gpg\.d)|usr\/share\/keyrings)\/[^/]+$/;

/** What they are looked up in. */
export interface Keyrings {
  /** Whether packages brought the path. */
  readonly has: (path: string) => boolean;
  /** A key ring of this machine; undefined where it cannot be read. */
  readonly read: (path: string) => Uint8Array | undefined;
}

/** The sources as the image has them, and the files that these name. */
export function bringKeyrings(
  sources: readonly AptSource[],
  { has, read }: Keyrings,
): { readonly sources: readonly AptSource[]; readonly files: readonly ImageFile[] } {
  const files = new Map<string, ImageFile>();
  const places = new Map<string, string>();
  for (const { signedBy: path } of sources) {
    if (!path?.startsWith('/') || places.has(path) || has(path.slice(1))) continue;
    const content = read(path);
    if (content === undefined) continue;
    const place = KEYRING_DIRECTORIES.test(path)
      ? path
      : freePlace(path, (one) => files.has(one) || has(one));
    places.set(path, place);
    files.set(place.slice(1), { path: place.slice(1), type: 'file', content });
  }
  return {
    sources: sources.map((source) => {
      const place = places.get(source.signedBy ?? '');
      return place === undefined ? source : { ...source, signedBy: place };
    }),
    files: [...files.values()],
  };
}

/** A path by the name of the file; two of one name from two directories are numbered. */
function freePlace(path: string, taken: (path: string) => boolean): string {
  const [, name, ending] = /^.*\/(.*?)(\.[^./]*)?$/s.exec(path)!;
  for (let number = 1; ; number++) {
    const place = `etc/apt/keyrings/${name}${number === 1 ? '' : `-${number}`}${ending ?? ''}`;
    if (!taken(place)) return `/${place}`;
  }
}
