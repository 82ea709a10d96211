// `--iidfile` and `--metadata-file`: what a build gave, in a file, written as Docker writes it: without a line break.

import { MilleError } from '../../core/index.ts';

/** Writes the text. */
type Write = (text: string) => void;

/**
 * Makes ready for a file, removing that of an earlier build. It appears whole, in the place of whatever lies there by then:
 * no link is followed, for somebody else may have laid it. What is no file (`/dev/stdout`, a pipe) is written to.
 * @returns writes the text; undefined where no file is wanted
 * @throws MilleError `usage` without a path, `io` where no file can be
 */
export async function resultFile(flag: string, path: string | undefined): Promise<Write | undefined> {
  if (path === undefined) return undefined;
  if (path === '') throw new MilleError('usage', `${flag} has no path`, { hint: `write ${flag} PATH` });
  const sys = await import('../../sys/index.ts');
  const { CWD, statAt, unlinkAt, writeFileAtomically } = sys;
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.';
  const there = statAt(CWD, path);
  if (there?.type === 'dir' || statAt(CWD, `${parent}/.`)?.type !== 'dir') {
    throw new MilleError('io', `cannot write the file of ${flag} to '${path}'`, {
      hint: 'it must be a file in a directory that is there',
    });
  }
  if (there && there.type !== 'file' && leadsToStream(sys, path)) return (text) => writeTo(sys, path, text);
  if (there) unlinkAt(CWD, path);
  return (text) => writeFileAtomically(path, text);
}

type Sys = typeof import('../../sys/index.ts');

/** Whether it is a device or a pipe, or a link that leads to one. Also where a redirection is a file (`/dev/stdout`). */
function leadsToStream({ CWD, closeFd, O, openAt, statFd }: Sys, path: string): boolean {
  if (/^\/(?:dev\/(?:fd\/\d+|std(?:out|err))|proc\/self\/fd\/\d+)$/.test(path)) return true;
  let fd: number;
  try {
    fd = openAt(CWD, path, { flags: O.PATH });
  } catch {
    // A link that leads nowhere.
    return false;
  }
  try {
    return !['file', 'dir'].includes(statFd(fd).type);
  } finally {
    closeFd(fd);
  }
}

function writeTo({ CWD, closeFd, O, openAt, writeAll }: Sys, path: string, text: string): void {
  const fd = openAt(CWD, path, { flags: O.WRONLY });
  try {
    writeAll(fd, new TextEncoder().encode(text));
  } finally {
    closeFd(fd);
  }
}
