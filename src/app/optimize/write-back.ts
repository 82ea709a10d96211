// What was proved, written over the user's files: all of them or none, and only where they are still what was read.

import { displayPath, LIMITS, MilleError } from '../../core/index.ts';
import { CWD, isErrno, readSmallFile, realPath, replaceFile, statAt } from '../../sys/index.ts';
import type { ChangedText } from './types.ts';

/**
 * Writes texts in the place of files. A link stays one, and a file keeps its mode and owner.
 * @throws MilleError `file-changed` where one of them is another one by now: then nothing was written; `io`
 */
export function writeBack(texts: readonly ChangedText[]): ChangedText[] {
  for (const text of texts) checkUnchanged(text);
  return texts.map((text) => {
    const { path, after } = text;
    replaceFile(statAt(CWD, path) ? realPath(path) : path, Buffer.from(after, 'utf8'));
    return { ...text, written: true };
  });
}

function checkUnchanged({ name, path, before }: ChangedText): void {
  const now = readNow(path);
  const called = displayPath(name);
  if (before === undefined) {
    if (now === undefined) return;
    throw changed(`${called} was made meanwhile`);
  }
  if (now === undefined) throw changed(`${called} was removed meanwhile`);
  if (now.equals(Buffer.from(before, 'utf8'))) return;
  if (now.toString('utf8') !== before) throw changed(`${called} was changed meanwhile`);
  throw new MilleError('io', `${called} is not written: it holds bytes that are no UTF-8`, {
    hint: 'they would be lost; write the changes by hand, or save the file as UTF-8 first',
  });
}

function readNow(path: string): Buffer | undefined {
  try {
    return Buffer.from(readSmallFile(CWD, path, LIMITS.dockerfile));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function changed(what: string): MilleError {
  return new MilleError('file-changed', `${what}, so nothing was written`, {
    hint: 'what was proved is not of that text: run mille optimize again',
  });
}
