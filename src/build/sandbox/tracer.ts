// strace around the runtime: it sees the system calls of every process of a container, from outside of it.
//
// It is the first process of the container's namespace, in the runtime's place: with it everything ends. What it writes
// goes into a pipe, by a descriptor that the runtime does not inherit.

import { MilleError } from '../../core/index.ts';
import { findProgram, spawn } from '../../sys/index.ts';

/** A program that can trace here. */
export interface Tracer {
  readonly path: string;
  /** Whether it can let a filter in the kernel choose the calls at which it stops. */
  readonly filters: boolean;
}

/** What is to be traced of a container, and who listens. */
export interface TraceRequest {
  readonly tracer: Tracer;
  /** Names of system calls; those that this processor lacks do not matter. */
  readonly calls: readonly string[];
  /** Given the trace as text, part by part. It must not throw. */
  readonly onText: (text: string) => void;
}

const COMMON = ['-f', '-q', '-y', '--decode-pids=pidns', '-s', '0', '-e', 'signal=none'];

/** Stops only where a call is asked for. It takes from every program the right to gain privileges. */
const QUICK = '--seccomp-bpf';

/**
 * Finds strace, and whether it can do here what is needed.
 * @throws MilleError `tool-missing`, which says why not
 */
export async function probeTracer(): Promise<Tracer> {
  const path = findProgram('strace');
  if (!path) {
    throw new MilleError('tool-missing', 'the program strace is not installed', {
      hint: 'install strace (on Debian and Ubuntu: apt install strace)',
    });
  }
  const filtered = await trial(path, [QUICK]);
  // What it says on the way it would say in every RUN.
  if (filtered.status === 0 && filtered.said === '') return { path, filters: true };
  const { status, said } = await trial(path, []);
  if (status === 0 && said === '') return { path, filters: false };
  throw new MilleError(
    'tool-missing',
    `strace cannot trace here: ${firstLine(said) ?? `exit code ${status}`}`,
    {
      hint: 'strace 5.9 or newer is needed, and the right to trace (ptrace)',
    },
  );
}

async function trial(
  path: string,
  flags: readonly string[],
): Promise<{ readonly status: number; readonly said: string }> {
  let said = '';
  const hear = (chunk: Uint8Array) => {
    said += new TextDecoder().decode(chunk);
  };
  const command = [path, ...COMMON, ...flags, '-e', 'trace=execve', '-o', '/dev/null', 'true'];
  const { status } = await spawn(command, { onStdout: hear, onStderr: hear });
  return { status, said };
}

function firstLine(text: string): string | undefined {
  return text.split('\n').find((line) => line.trim() !== '');
}

/**
 * The command that traces another one; descriptor 3 takes the trace.
 * @param quick allowed where no program of the container can gain privileges that it does not have: for root
 */
export function tracedCommand(
  { tracer, calls }: TraceRequest,
  command: readonly string[],
  { quick }: { readonly quick: boolean },
): string[] {
  return [
    ...[tracer.path, ...COMMON, ...(quick && tracer.filters ? [QUICK] : [])],
    ...['-e', `trace=${calls.map((name) => `?${name}`).join(',')}`, '-o', '/proc/self/fd/3', '--'],
    ...['sh', '-c', 'exec 3>&-; exec "$@"', 'sh', ...command],
  ];
}
