// The real process as a `Host`: its streams, its terminal, its signals. The only file beside `main.ts` that touches
// them.

import type { Host, Interruption } from './spec.ts';

const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** The process that runs. */
export function processHost(): Host {
  const { stdin, stdout, stderr, env } = process;
  // A reader that went away (`mille images | head`) is no error: there is nobody left to tell.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: { code?: string }) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
  return {
    env,
    terminal: {
      stdin: stdin.isTTY === true,
      stdout: stdout.isTTY === true,
      stderr: stderr.isTTY === true,
    },
    size: () => ({ columns: stderr.columns || 80, rows: stderr.rows || 24 }),
    now: Date.now,
    out: (text) => new Promise((resolve) => stdout.write(text, () => resolve())),
    err: (text) => {
      if (text !== '') stderr.write(text);
    },
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
