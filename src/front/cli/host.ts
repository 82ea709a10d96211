// The real process as a `Host`: its streams, its terminal, its signals. Standard streams are written through `sys`,
// not through `process.stdout`: making that takes 10 ms, and its buffer is lost when the process ends early.

import {
  environment,
  isErrno,
  isTerminal,
  readStandardLine,
  terminalSize,
  writeStandardStream,
} from '../../sys/index.ts';
import type { Host, Interruption } from './spec.ts';

const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** 128 + SIGPIPE: what a shell sees of a program whose reader went away. */
export const BROKEN_PIPE_STATUS = 141;

/** The process that runs. */
export function processHost(): Host {
  const encoder = new TextEncoder();
  const write = (fd: 1 | 2, text: string) => {
    if (text === '') return;
    try {
      writeStandardStream(fd, encoder.encode(text));
    } catch (error) {
      // A reader that went away (`mille images | head`) is no error: there is nobody left to tell.
      if (isErrno(error, 'EPIPE')) process.exit(BROKEN_PIPE_STATUS);
      throw error;
    }
  };
  return {
    env: environment(),
    terminal: { stdin: isTerminal(0), stdout: isTerminal(1), stderr: isTerminal(2) },
    size: () => terminalSize(2) ?? { columns: 80, rows: 24 },
    now: Date.now,
    out: (text) => write(1, text),
    err: (text) => write(2, text),
    readLine: readStandardLine,
    every100ms: (callback) => {
      const timer = setInterval(callback, 100);
      return () => clearInterval(timer);
    },
    interruption: watchSignals,
    app: () => import('../../app/index.ts'),
  };
}

/** The first signal aborts; a second one, of an impatient user, ends the process at once. */
function watchSignals(): Interruption {
  const controller = new AbortController();
  let status: number | undefined;
  const handlers = Object.entries(SIGNALS).map(([name, number]) => {
    const handler = () => {
      if (status !== undefined) process.exit(128 + number);
      status = 128 + number;
      controller.abort();
    };
    process.on(name, handler);
    return () => process.off(name, handler);
  });
  return {
    signal: controller.signal,
    get status() {
      return status;
    },
    [Symbol.dispose]() {
      for (const remove of handlers) remove();
    },
  };
}
