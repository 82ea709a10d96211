// Allow files: what people have looked at and let pass.

import { displayPath, MilleError } from '../../core/index.ts';
import { parseAllowFile } from '../../secrets/index.ts';
import { CWD, isErrno, readSmallFile } from '../../sys/index.ts';

/** The allow file of a directory. */
export const ALLOW_FILE = '.millesecrets';

const MOST_ALLOWED = 1 << 20;

/** The patterns of an allow file. @throws MilleError `io` where it is not there and has to be, `file-format` */
export function readAllowFile(
  path: string,
  { missing }: { readonly missing: 'fine' | 'error' },
): readonly string[] {
  let bytes: Uint8Array;
  try {
    bytes = readSmallFile(CWD, path, MOST_ALLOWED);
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error;
    if (missing === 'fine') return [];
    throw new MilleError('io', `no such allow file: ${displayPath(path)}`, {
      cause: error,
      hint: 'a relative path of --allow-file starts at the current directory',
    });
  }
  const name = missing === 'fine' ? ALLOW_FILE : path;
  return parseAllowFile({ name, text: Buffer.from(bytes).toString('utf8') });
}
