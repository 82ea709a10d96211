// The life cycles that a store goes by: those of the program, and newer ones that were fetched into `life-cycles.json`.

import { displayPath, MilleError } from '../../core/index.ts';
import {
  joinLifeCycles,
  LIFE_CYCLES,
  type LifeCycles,
  type RefreshedProducts,
  readRefreshed,
  writeRefreshed,
} from '../../insight/tags/index.ts';
import { CWD, isErrno, readSmallFile, replaceFile } from '../../sys/index.ts';

/** More than a hundred times what all products take. */
const LARGEST = 16 * 1024 * 1024;

/** What is known in a store. @throws MilleError `file-format` for a file that is damaged */
export function lifeCyclesOf(root: string): LifeCycles {
  return joinLifeCycles(LIFE_CYCLES, refreshedOf(root));
}

/** What was fetched. @throws MilleError `file-format` */
export function refreshedOf(root: string): RefreshedProducts {
  const path = placeOf(root);
  let text: string;
  try {
    text = Buffer.from(readSmallFile(CWD, path, LARGEST)).toString();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return {};
    throw error;
  }
  try {
    // Another version of the program fetches it anew; until then its own dates serve.
    return readRefreshed(text) ?? {};
  } catch (cause) {
    throw new MilleError('file-format', `${displayPath(path)}: ${(cause as Error).message}`, {
      hint: 'remove the file; mille base update fetches it anew',
      cause,
    });
  }
}

/** Keeps what was fetched: whole or not at all. */
export function keepRefreshed(root: string, products: RefreshedProducts): void {
  replaceFile(placeOf(root), Buffer.from(writeRefreshed(products)));
}

function placeOf(root: string): string {
  return `${root}/life-cycles.json`;
}
