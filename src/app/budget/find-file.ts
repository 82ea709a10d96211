// The file of a budget.

import { displayPath, MilleError, type SourceText } from '../../core/index.ts';
import { isErrno, readNamedFile } from '../../sys/index.ts';

const OWN = ['.mille-budget.yaml', '.mille-budget.yml', '.mille-budget.json'];
const DIVE = ['.dive-ci'];
const LARGEST = 1 << 20;

/** Reads the file that is named, or else that of the working directory. @throws MilleError `usage`, `io`, `file-format` */
export async function readBudgetFile(file: string | undefined, dive: boolean): Promise<SourceText> {
  const names = file === undefined ? (dive ? DIVE : OWN) : [file];
  for (const name of names) {
    try {
      const bytes = await readNamedFile(name, LARGEST);
      return { name: displayPath(name), text: new TextDecoder('utf-8').decode(bytes) };
    } catch (error) {
      if (isErrno(error, 'EFBIG')) {
        throw new MilleError('file-format', `${displayPath(name)} is larger than 1 MiB`, { cause: error });
      }
      if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw error;
    }
  }
  throw new MilleError('usage', `there is no budget: no file ${names.map(displayPath).join(', ')}`, {
    hint: dive
      ? "write one as dive's manual has it, or name it with --file"
      : 'begin with mille budget --suggest IMAGE > .mille-budget.yaml, or name a file with --file; budget.md tells what can stand in it',
  });
}
