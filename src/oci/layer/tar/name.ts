// Names in archives: made clean and relative, or refused; and the names of whiteouts (OCI image spec, layer,
// "Whiteouts").

import { displayPath, encodePath, LIMITS, MilleError } from '../../../core/index.ts';
import type { Entry } from '../../image/index.ts';
import { brokenTar } from './format.ts';

/**
 * A name of an archive as a clean relative path ('' for the root).
 * @throws MilleError `archive-escape` for a `..` part, `archive-broken` for a NUL, `archive-limit` for its length
 */
export function cleanName(name: string): string {
  if (isClean(name)) return name;
  if (name.includes('\0')) throw brokenTar('a name holds a NUL byte');
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) {
    throw new MilleError('archive-escape', `the archive holds a name with '..': '${displayPath(name)}'`, {
      hint: 'such an archive could write outside its directory; nothing of this entry was unpacked',
    });
  }
  const clean = parts.join('/');
  if (clean.length > LIMITS.path)
    throw new MilleError('archive-limit', `the archive holds a name of more than ${LIMITS.path} bytes`);
  return clean;
}

// Only what cannot need any work: anything with a part that begins with a dot takes the slow way.
const CLEAN = /^[^/.\0][^/\0]*(?:\/[^/.\0][^/\0]*)*$/;

function isClean(name: string): boolean {
  return name.length <= LIMITS.path && CLEAN.test(name);
}

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/**
 * The name of an entry in a tar: directories end with a slash, deletions are whiteout files.
 * @throws MilleError `image-invalid` for a name that means a deletion, or that no file system can hold
 */
export function tarName(entry: Entry): string {
  const { path, type } = entry;
  if (type === 'opaque') return path === '' ? OPAQUE : `${path}/${OPAQUE}`;
  const base = path.lastIndexOf('/') + 1;
  if (type === 'whiteout') return `${path.slice(0, base)}${WHITEOUT}${path.slice(base)}`;
  if (path.startsWith(WHITEOUT, base)) {
    throw new MilleError('image-invalid', `'${displayPath(path)}' cannot be part of an image`, {
      hint: "names that begin with '.wh.' mark deletions in the layers of an image; rename or remove the file",
    });
  }
  if (isTooLong(path, base)) {
    throw new MilleError(
      'image-invalid',
      `a name of more than ${LONGEST_NAME} bytes: '${displayPath(path.slice(base))}'`,
      {
        hint: 'no file system of Linux can hold it: choose a shorter one',
      },
    );
  }
  return type !== 'dir' ? path : path === '' ? './' : `${path}/`;
}

/** NAME_MAX of Linux. */
const LONGEST_NAME = 255;

function isTooLong(path: string, base: number): boolean {
  // A character has three bytes at most.
  return (path.length - base) * 3 > LONGEST_NAME && encodePath(path.slice(base)).length > LONGEST_NAME;
}

/** Attributes that are overlayfs's own: in a layer they could only redirect it to where it should not look. */
export const OVERLAY_XATTR = /^(trusted|user)\.overlay\./;

/**
 * An entry of a layer's tar as what it means: whiteout files become `whiteout` and `opaque`, and attributes of
 * overlayfs are dropped.
 * @returns undefined for other files of that kind (`.wh..wh.plnk`), which mean nothing outside aufs
 * @throws MilleError `archive-escape` for the deletion of `.` or `..`, `archive-broken` for a directory's
 */
export function asLayerEntry(entry: Entry): Entry | undefined {
  const { path } = entry;
  const start = path.lastIndexOf('/') + 1;
  if (!path.startsWith(WHITEOUT, start)) return entry.xattrs ? withoutOverlay(entry, entry.xattrs) : entry;
  const parent = start === 0 ? '' : path.slice(0, start - 1);
  const base = path.slice(start);
  if (base === OPAQUE && entry.type !== 'dir') return marker('opaque', parent, entry.mtime);
  if (base.startsWith('.wh..wh.')) return undefined;
  if (entry.type === 'dir') throw brokenTar(`a directory is named as a deletion is: '${displayPath(path)}'`);
  const hidden = base.slice(WHITEOUT.length);
  if (hidden === '' || hidden === '.' || hidden === '..')
    throw new MilleError('archive-escape', `the layer holds a deletion of '${displayPath(path)}'`);
  return marker('whiteout', path.slice(0, start) + hidden, entry.mtime);
}

function withoutOverlay(entry: Entry, xattrs: Readonly<Record<string, string>>): Entry {
  const kept = Object.entries(xattrs).filter(([key]) => !OVERLAY_XATTR.test(key));
  if (kept.length === Object.keys(xattrs).length) return entry;
  const { xattrs: _, ...rest } = entry;
  return kept.length === 0 ? rest : { ...rest, xattrs: Object.fromEntries(kept) };
}

function marker(type: 'whiteout' | 'opaque', path: string, mtime: number): Entry {
  return { path, type, mode: 0, uid: 0, gid: 0, size: 0, mtime };
}
