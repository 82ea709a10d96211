// A file of the build context that a command in a container names by another path: WORKDIR and COPY lie between, which are
// not followed here; the place that fits best is taken.

import { parentPath } from '../../../core/index.ts';
import { CWD, closeFd, isErrno, O, openAt, openInRoot, readInto, statFd } from '../../../sys/index.ts';

/** Larger files are no lists of packages. */
const LARGEST = 32 * 1024 * 1024;

/** A file, with its path in the context. */
export interface ContextFile {
  readonly path: string;
  readonly text: string;
}

/** @param copied what COPY names: files by their own paths, directories with what is below */
export function contextFile(
  directory: string,
  path: string,
  copied: readonly string[],
): ContextFile | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const ends = parts.map((_, i) => parts.slice(i).join('/'));
  const name = parts.at(-1) ?? '';
  const clean = copied.map((one) => one.replace(/^\.?\/+/, '').replace(/\/+$/, ''));
  const places = [
    ...clean.filter((one) => one === name || one.endsWith(`/${name}`)),
    ...ends,
    ...clean.flatMap((one) => (one === '' || one === '.' ? [] : ends.map((end) => `${one}/${end}`))),
    // Beside another one, or of a pattern: COPY assets/package.json assets/*yarn* ./
    ...clean.flatMap((one) => (one.includes('/') ? [`${parentPath(one)}/${name}`] : [])),
  ];
  for (const place of new Set(places)) {
    const text = readInside(directory, place);
    if (text !== undefined) return { path: place, text };
  }
  return undefined;
}

function readInside(directory: string, path: string): string | undefined {
  if (path.split('/').includes('..')) return undefined;
  const found: Uint8Array[] = [];
  try {
    const root = openAt(CWD, directory, { flags: O.RDONLY | O.DIRECTORY });
    try {
      const fd = openInRoot(root, path, { flags: O.RDONLY | O.NONBLOCK });
      try {
        const { type, size } = statFd(fd);
        if (type !== 'file' || size > LARGEST) return undefined;
        const buffer = new Uint8Array(1 << 16);
        for (let count = readInto(fd, buffer); count > 0; count = readInto(fd, buffer))
          found.push(buffer.slice(0, count));
      } finally {
        closeFd(fd);
      }
    } finally {
      closeFd(root);
    }
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EISDIR', 'EXDEV')) return undefined;
    throw error;
  }
  return Buffer.concat(found).toString();
}
