// A tree of files that exist in memory only: the here-documents of COPY and ADD, a downloaded file, tests.

import { baseName, type Digest, parentPath } from '../../core/index.ts';
import { bytesReader, type FileTree, type TreeEntry } from '../../oci/image/index.ts';
import { sha256 } from '../../sys/index.ts';

/** A file, a link or a directory of a memory tree. Parents are made as needed, with mode 755. */
export interface MemoryFile {
  readonly path: string;
  readonly content?: Uint8Array | string;
  readonly link?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
  readonly inode?: string;
  readonly type?: 'dir' | 'fifo';
}

/** Makes a tree of the given files. */
export function memoryTree(files: readonly MemoryFile[]): FileTree {
  const entries = new Map<string, TreeEntry>([['', directory('')]]);
  const contents = new Map<string, Uint8Array>();
  const addParents = (path: string): void => {
    const parent = parentPath(path);
    if (!entries.has(parent)) {
      entries.set(parent, directory(parent));
      addParents(parent);
    }
  };
  for (const file of files) {
    const content =
      typeof file.content === 'string' ? Buffer.from(file.content) : (file.content ?? new Uint8Array());
    const type = file.link === undefined ? (file.type ?? 'file') : 'symlink';
    addParents(file.path);
    if (type === 'file') contents.set(file.path, content);
    entries.set(file.path, {
      path: file.path,
      type,
      mode: file.mode ?? (type === 'dir' ? 0o755 : type === 'symlink' ? 0o777 : 0o644),
      uid: file.uid ?? 0,
      gid: file.gid ?? 0,
      size: type === 'file' ? content.length : 0,
      mtime: file.mtime ?? 0,
      ...(file.link === undefined ? {} : { link: file.link }),
      ...(file.inode === undefined ? {} : { inode: file.inode }),
    });
  }
  const bytesOf = (path: string): Uint8Array => {
    const bytes = contents.get(path);
    if (!bytes) throw new Error(`not a file of the tree: ${path}`);
    return bytes;
  };
  return {
    get: (path) => entries.get(path),
    children: (path) =>
      [...entries.keys()]
        .filter((p) => p !== '' && parentPath(p) === path)
        .map((p) => baseName(p))
        .sort(),
    digest: (path): Digest => sha256(bytesOf(path)),
    open: (path) => bytesReader(bytesOf(path)),
  };
}

function directory(path: string): TreeEntry {
  return { path, type: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 };
}
