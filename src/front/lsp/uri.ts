// Addresses of files, as the protocol has them, and paths.

import { workingDirectory } from '../../sys/index.ts';

/** The absolute path of a file's address; undefined for what is no file. */
export function toPath(uri: string): string | undefined {
  if (!/^file:\/\//i.test(uri)) return undefined;
  try {
    return decodeURIComponent(new URL(uri).pathname);
  } catch {
    return undefined;
  }
}

/** The address of a path. */
export function toUri(path: string): string {
  const absolute = path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
  return `file://${absolute.split('/').map(encodeURIComponent).join('/')}`;
}
