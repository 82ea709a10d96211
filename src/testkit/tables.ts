// Tables of contents written by hand, for tests that compute with them.

import { createHash } from 'node:crypto';
import type { Digest } from '../core/index.ts';
import type { Entry, TableOfContents } from '../oci/image/index.ts';

/** A table of some entries. */
export function table(...entries: readonly Entry[]): TableOfContents {
  return { entries };
}

const PLAIN = { mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 1000 };

/** A file of a size; its content is told by a word. */
export function sized(path: string, size: number, content: string, more: Partial<Entry> = {}): Entry {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}` as Digest;
  return { ...PLAIN, path, type: 'file', size, digest, ...more };
}

export function directory(path: string, more: Partial<Entry> = {}): Entry {
  return { ...PLAIN, mode: 0o755, path, type: 'dir', ...more };
}

export function hardLink(path: string, link: string): Entry {
  return { ...PLAIN, path, type: 'hardlink', link };
}

export function symbolicLink(path: string, link: string): Entry {
  return { ...PLAIN, mode: 0o777, path, type: 'symlink', link };
}

export function whiteout(path: string): Entry {
  return { ...PLAIN, mode: 0, path, type: 'whiteout' };
}

export function opaque(path: string): Entry {
  return { ...PLAIN, mode: 0, path, type: 'opaque' };
}
