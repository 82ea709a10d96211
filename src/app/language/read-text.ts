// The text of a file given on the command line, or of standard input.

import { decodePath, displayPath, LIMITS, MilleError, type SourceText } from '../../core/index.ts';
import { CWD, isErrno, readNamedFile, readStandardInput, statAt } from '../../sys/index.ts';

/**
 * Reads a file, or standard input where `file` is '-'. A byte that is no UTF-8 becomes U+FFFD.
 * @throws MilleError `io` where there is no such file, `file-format` where it is too large.
 */
export async function readText(file: string): Promise<SourceText> {
  const name = file === '-' ? 'standard input' : file;
  const text = decodePath(await readBytes(file, name)).replace(/\p{Surrogate}/gu, '\ufffd');
  return { name, text };
}

async function readBytes(file: string, name: string): Promise<Uint8Array> {
  try {
    if (file === '-') return await readStandardInput(LIMITS.dockerfile);
    if (statAt(CWD, file)?.type === 'dir') {
      throw new MilleError('io', `'${displayPath(file)}' is a directory`, { hint: 'name a file in it' });
    }
    return await readNamedFile(file, LIMITS.dockerfile);
  } catch (cause) {
    if (isErrno(cause, 'EFBIG')) {
      throw new MilleError('file-format', `${displayPath(name)} is larger than ${LIMITS.dockerfile} bytes`);
    }
    if (!isErrno(cause, 'ENOENT', 'ENOTDIR')) throw cause;
    throw new MilleError('io', `no such file: '${displayPath(file)}'`, {
      cause,
      hint: 'a relative path starts at the current directory; - is standard input',
    });
  }
}
