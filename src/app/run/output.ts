// Where a container's output goes: to our own standard streams. Through pipes of ours, as with Docker, so that a
// command without -t does not take our terminal for its own, and a file of ours cannot be truncated by opening
// /dev/stdout. A pipe is handed on as it is: its reader's pace and end are then the command's own affair.

import type { ContainerIo } from '../../build/sandbox/index.ts';
import { isErrno, statFd, writeStandardStream } from '../../sys/index.ts';

/** Exit status of a command whose reader went away: 128 and SIGPIPE. */
const BROKEN_PIPE = 141;

/** Handlers for a container's output. */
export function outputHandlers(): Pick<ContainerIo, 'onStdout' | 'onStderr'> {
  return {
    ...(statFd(1).type === 'fifo' ? {} : { onStdout: (chunk) => writeStandardStream(1, chunk) }),
    onStderr: (chunk) => writeStandardStream(2, chunk),
  };
}

/** The exit status where the container ended because nobody reads its output any more. */
export function statusOfBrokenPipe(error: unknown): number | undefined {
  return isErrno(error, 'EPIPE') ? BROKEN_PIPE : undefined;
}
