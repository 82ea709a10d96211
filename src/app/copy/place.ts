// Where `mille copy` copies from and to, as people write it. Plain names are names of registries, for that is where
// images are copied between; the prefixes are skopeo's, with `store://` beside them.

import { displayPath, MilleError } from '../../core/index.ts';
import { parseReference, type Reference } from '../../oci/image/index.ts';

/** The kinds of files. */
export type FileKind = 'oci' | 'oci-archive' | 'docker-archive';

/** A place that an image is copied from or to. */
export type CopyPlace =
  | { readonly kind: 'registry'; readonly reference: Reference }
  | { readonly kind: 'store'; readonly name: string }
  /** `rest` is PATH, PATH:NAME or PATH@DIGEST: only who knows which paths there are can tell. */
  | { readonly kind: FileKind; readonly rest: string };

const PREFIX = /^(docker|registry|store|oci|oci-archive|docker-archive):(\/\/(?!\/))?/;
/** What skopeo knows beside these. */
const OTHERS = /^(docker-daemon|dir|containers-storage|ostree|sif|tarball|atomic):/;

/**
 * Reads a place.
 * @throws MilleError `usage` for a place that nothing is copied from or to, `reference-invalid`
 */
export function parseCopyPlace(text: string): CopyPlace {
  const other = OTHERS.exec(text)?.[1];
  if (other !== undefined) {
    throw new MilleError('usage', `nothing is copied from or to ${other}:`, {
      hint:
        other === 'docker-daemon'
          ? 'write an archive with `docker save -o FILE NAME`, and copy docker-archive:FILE'
          : PLACES,
    });
  }
  const [prefix, kind, slashes] = PREFIX.exec(text) ?? [];
  if (prefix !== undefined && kind !== undefined) {
    const rest = text.slice(prefix.length);
    const isName = kind === 'docker' || kind === 'registry' || kind === 'store';
    // `docker:27` and `registry:2` are images of Docker Hub.
    if (!isName || slashes !== undefined) {
      if (rest === '')
        throw new MilleError('usage', `nothing is behind '${displayPath(prefix)}'`, { hint: PLACES });
      if (kind === 'store') return { kind, name: rest };
      if (isName) return { kind: 'registry', reference: parseReference(rest) };
      // Of `oci:///path` the path is /path, and of `oci:/path` too.
      return { kind: kind as FileKind, rest };
    }
  }
  if (/^\.{0,2}\/|^-$|^~/.test(text)) {
    throw new MilleError('usage', `'${displayPath(text)}' is a path, and does not say of what`, {
      hint: 'write oci:DIRECTORY, oci-archive:FILE or docker-archive:FILE',
    });
  }
  return { kind: 'registry', reference: parseReference(text) };
}

const PLACES =
  'write NAME or docker://NAME for a registry, store://NAME, oci:DIRECTORY[:NAME], oci-archive:FILE[:NAME] or docker-archive:FILE[:NAME]';

/** A path that is written to, and the name behind the first colon, as with skopeo. */
export function splitTarget(rest: string): { readonly path: string; readonly name?: string } {
  const colon = rest.indexOf(':');
  if (colon < 0) return { path: rest };
  const [path, name] = [rest.slice(0, colon), rest.slice(colon + 1)];
  if (path === '' || name === '') {
    throw new MilleError('usage', `'${displayPath(rest)}' is not PATH or PATH:NAME`, { hint: PLACES });
  }
  return { path, name };
}
