// Where an image lies, as people write it: plain names as Docker has them, paths, and the prefixes known from skopeo,
// podman, syft and dive.

import { type Digest, displayPath, isDigest, MilleError } from '../../core/index.ts';

/** An image in a file or a directory. */
export interface ImageFile {
  readonly path: string;
  /** Which of the images in it. */
  readonly name?: string;
  readonly digest?: Digest;
}

/** Where to look for an image. */
export type ImagePlace =
  | ({ readonly kind: 'file' } & ImageFile)
  | { readonly kind: 'standard-input' }
  /** Of the store; of Docker's daemon; of a registry. */
  | { readonly kind: 'store' | 'daemon' | 'registry'; readonly name: string }
  /** Of the daemon, or else of a registry. */
  | { readonly kind: 'elsewhere'; readonly name: string }
  /** Of the store; or else the file, if there is one of that name; or else elsewhere. */
  | { readonly kind: 'anywhere'; readonly name: string; readonly file?: ImageFile };

/** Whether something is there. */
export type Exists = (path: string) => boolean;

const NAMED: readonly (readonly [RegExp, 'store' | 'daemon' | 'registry' | 'elsewhere'])[] = [
  [/^docker-daemon:(?:\/\/)?/, 'daemon'],
  [/^registry:\/\//, 'registry'],
  [/^store:\/\//, 'store'],
  // dive means the daemon by it, skopeo and podman mean the registry.
  [/^docker:\/\//, 'elsewhere'],
];

/** `oci:` alone could be the name of an image; with a slash behind it, or a directory, it is not. */
const FILES = /^(?:docker-archive|oci-archive|oci-layout|oci-dir|oci):(?:\/\/)?/;

/**
 * Reads where an image lies.
 * @throws MilleError `usage` where nothing is behind a prefix, `io` for a path where nothing is
 */
export function parsePlace(text: string, exists: Exists): ImagePlace {
  if (text === '-') return { kind: 'standard-input' };
  for (const [prefix, kind] of NAMED) {
    const found = prefix.exec(text)?.[0];
    if (found !== undefined) return { kind, name: behind(text, found) };
  }
  const prefix = FILES.exec(text)?.[0];
  if (prefix !== undefined) {
    const rest = text.slice(prefix.length);
    const file = splitFile(rest, exists);
    if (file) return { kind: 'file', ...file };
    if (prefix !== 'oci:' || rest.includes('/')) throw absent(behind(text, prefix));
  }
  const file = splitFile(text, exists);
  if (/^\.{0,2}\//.test(text)) {
    if (file) return { kind: 'file', ...file };
    throw absent(text);
  }
  return { kind: 'anywhere', name: text, ...(file ? { file } : {}) };
}

function behind(text: string, prefix: string): string {
  if (text.length > prefix.length) return text.slice(prefix.length);
  throw new MilleError('usage', `nothing is behind '${prefix}'`, {
    hint: 'write docker-daemon:NAME, registry://NAME, docker-archive:PATH, oci-archive:PATH or oci:PATH',
  });
}

/** `PATH`, `PATH:NAME` or `PATH@DIGEST`: the longest path that is there. */
function splitFile(text: string, exists: Exists): ImageFile | undefined {
  if (text === '') return undefined;
  if (exists(text)) return { path: text };
  const at = text.lastIndexOf('@');
  const digest = text.slice(at + 1);
  if (at > 0 && isDigest(digest) && exists(text.slice(0, at))) return { path: text.slice(0, at), digest };
  for (let colon = text.lastIndexOf(':'); colon > 0; colon = text.lastIndexOf(':', colon - 1)) {
    const path = text.slice(0, colon);
    if (exists(path) && colon + 1 < text.length) return { path, name: text.slice(colon + 1) };
  }
  return undefined;
}

function absent(path: string): MilleError {
  return new MilleError('io', `no such file: ${displayPath(path)}`, {
    hint: 'give the path of an archive of images or of an OCI layout, with :NAME behind it where there are several in it',
  });
}
