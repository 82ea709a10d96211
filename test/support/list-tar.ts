// An archive of a root file system as plain data, read by Python and not by the program under test.

import { join } from 'node:path';
import { command } from './docker.ts';

/** One path of an archive. */
export interface Listed {
  readonly path: string;
  readonly type: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly size?: number;
  readonly sha256?: string;
  readonly link?: string;
  readonly device?: readonly number[];
  /** Values in base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
  /** All names of a file that has several. */
  readonly names?: readonly string[];
  /** Whole seconds since the epoch, where asked for. */
  readonly mtime?: number;
}

/** What an archive holds, by path. */
export function listTar(archive: string, options: { readonly times?: boolean } = {}): Map<string, Listed> {
  const lister = ['python3', join(import.meta.dir, 'list-tar.py'), archive];
  const { status, stdout, stderr } = command(options.times ? [...lister, '--times'] : lister);
  if (status !== 0) throw new Error(`list-tar.py failed: ${stderr}`);
  const lines = stdout.toString().split('\n').filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line) as Listed).map((entry) => [entry.path, entry]));
}
