// One fetched file as a tree that COPY can read.

import type { FileTree, TreeEntry } from '../../oci/image/index.ts';
import { CWD, closeFd, openForReading, readInto, statAt } from '../../sys/index.ts';
import type { FetchedFile } from './http-file.ts';

/** The tree that holds a fetched file under a name, with the mode and time that it has with Docker. */
export function fileTree(
  file: FetchedFile,
  name: string,
): { readonly tree: FileTree; readonly entry: TreeEntry } {
  const entry: TreeEntry = {
    path: name,
    type: 'file',
    mode: 0o600,
    uid: 0,
    gid: 0,
    size: statAt(CWD, file.path)?.size ?? 0,
    mtime: file.modified ?? 0,
  };
  const top: TreeEntry = { path: '', type: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: entry.mtime };
  const tree: FileTree = {
    get: (path) => (path === name ? entry : path === '' ? top : undefined),
    children: (path) => (path === '' ? [name] : []),
    digest: () => file.digest,
    settledDigest: () => file.digest,
    open: () => {
      const fd = openForReading(CWD, file.path);
      return { read: (buffer) => readInto(fd, buffer), close: () => closeFd(fd) };
    },
    localPath: (path) => (path === name ? file.path : undefined),
  };
  return { tree, entry };
}
