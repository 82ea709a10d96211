// Where a container's output goes: to our own standard streams, through pipes of ours, as with Docker. So a command
// without -t does not take our terminal for its own, a file of ours cannot be truncated by opening /dev/stdout, and
// when nobody reads any more the container ends: its first process would not be killed by SIGPIPE.

import type { ContainerIo } from '../../build/sandbox/index.ts';
import { isErrno, writeStandardStream } from '../../sys/index.ts';

/** Exit status of a command whose reader went away: 128 and SIGPIPE. */
const BROKEN_PIPE = 141;

/** Handlers for a container's output. */
export function outputHandlers(): Pick<ContainerIo, 'onStdout' | 'onStderr'> {
  return {
    onStdout: (chunk) => writeStandardStream(1, chunk),
    onStderr: (chunk) => writeStandardStream(2, chunk),
  };
}

/** The exit status where the container ended because nobody reads its output any more. */
export function statusOfBrokenPipe(error: unknown): number | undefined {
  return isErrno(error, 'EPIPE') ? BROKEN_PIPE : undefined;
}
