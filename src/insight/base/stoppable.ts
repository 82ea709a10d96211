// Programs of the system that are killed, with all that they started, when a signal says so or this process ends.

import {
  type ExitResult,
  findProgram,
  type SpawnOptions,
  signalNumber,
  signalProcess,
  spawn,
} from '../../sys/index.ts';

/**
 * What a command starts with so that all of its processes end when it is killed, and it when this process ends in
 * any way: a namespace of process ids dies with its first process. util-linux is essential on Debian.
 */
function leash(): string[] {
  const setpriv = findProgram('setpriv');
  const unshare = findProgram('unshare');
  if (!setpriv || !unshare) return [];
  return [setpriv, '--pdeathsig', 'KILL', '--', unshare, '--pid', '--fork', '--kill-child=KILL', '--'];
}

/**
 * Runs a program to its end. It is killed rather than asked: mmdebstrap and apt defer other signals; their mounts are in
 * a namespace that goes with them, their files are the caller's to remove.
 */
export async function spawnStoppable(
  command: readonly string[],
  options: SpawnOptions,
  signal: AbortSignal | undefined,
): Promise<ExitResult> {
  let pid = 0;
  const stop = () => {
    if (pid > 0) signalProcess(pid, signalNumber('SIGKILL'));
  };
  signal?.addEventListener('abort', stop);
  try {
    return await spawn([...leash(), ...command], {
      ...options,
      detached: true,
      onStart: (started) => {
        pid = started;
        if (signal?.aborted) stop();
      },
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Cuts a byte stream into lines; also at carriage returns, with which apt overwrites its own. */
export function lineSplitter(onLine: (line: string) => void): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = '';
  return (chunk) => {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    rest = parts.pop() ?? '';
    for (const part of parts) if (part.trim() !== '') onLine(part);
  };
}
