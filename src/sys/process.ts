// Other programs, and this process itself.

import { existsSync, statSync } from 'node:fs';
import { encodePath } from '../core/index.ts';
import { check, cstring, libc, O, ptr } from './calls.ts';
import { closeFd } from './files.ts';

/** How a child ended: an exit status, or the signal that killed it. */
export interface ExitResult {
  readonly status: number;
  readonly signal?: string;
}

/** How to run a child. Without handlers, its output is inherited. */
export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Bytes for its standard input, a descriptor, or `inherit`; nothing by default. */
  readonly stdin?: Uint8Array | number | 'inherit';
  /** A descriptor that becomes its descriptor 3. */
  readonly third?: number;
  readonly onStdout?: (chunk: Uint8Array) => void;
  readonly onStderr?: (chunk: Uint8Array) => void;
  /** Told the process id once it runs. */
  readonly onStart?: (pid: number) => void;
  /** Makes the child leader of a session of its own. */
  readonly detached?: boolean;
}

/** Runs a program to its end. @throws MilleError of `Bun.spawn` where it cannot be started. */
export async function spawn(command: readonly string[], options: SpawnOptions = {}): Promise<ExitResult> {
  const stdout = options.onStdout ? outputPipe(options.onStdout) : undefined;
  const stderr = options.onStderr ? outputPipe(options.onStderr) : undefined;
  let child: ReturnType<typeof start>;
  try {
    child = start(command, options, { stdout: stdout?.writeEnd, stderr: stderr?.writeEnd });
  } catch (error) {
    for (const pipe of [stdout, stderr]) if (pipe) closeFd(pipe.readEnd);
    throw error;
  } finally {
    // The child has its own descriptors, or there is none: only now does a pipe end with the child.
    for (const pipe of [stdout, stderr]) if (pipe) closeFd(pipe.writeEnd);
  }
  options.onStart?.(child.pid);
  await Promise.all([stdout?.drain(), stderr?.drain()]);
  const status = await child.exited;
  return child.signalCode ? { status, signal: String(child.signalCode) } : { status };
}

function start(
  command: readonly string[],
  options: SpawnOptions,
  output: { readonly stdout: number | undefined; readonly stderr: number | undefined },
) {
  return Bun.spawn([...command], {
    env: options.env ?? process.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.detached ? { detached: true } : {}),
    stdio: [
      options.stdin ?? null,
      output.stdout ?? 'inherit',
      output.stderr ?? 'inherit',
      ...(options.third === undefined ? [] : [options.third]),
    ],
  });
}

/** A pipe for a child's output. Bun would give it a socket, and a socket cannot be opened as /dev/stdout. */
function outputPipe(sink: (chunk: Uint8Array) => void) {
  const ends = new Int32Array(2);
  check(libc().pipe2(new Uint8Array(ends.buffer), O.CLOEXEC), 'pipe');
  const [readEnd, writeEnd] = ends as unknown as [number, number];
  return {
    readEnd,
    writeEnd,
    drain: async () => {
      try {
        for await (const chunk of Bun.file(readEnd).stream()) sink(chunk);
      } finally {
        closeFd(readEnd);
      }
    },
  };
}

/** PATH, with the system directories that a user's may lack. */
export function searchPath(): string {
  return `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin`;
}

/** The absolute path of a program on PATH (with the system directories that a user's PATH may lack). */
export function findProgram(name: string): string | undefined {
  for (const directory of searchPath().split(':')) {
    const file = `${directory}/${name}`;
    if (
      directory.startsWith('/') &&
      existsSync(file) &&
      statSync(file).isFile() &&
      statSync(file).mode & 0o111
    )
      return file;
  }
  return undefined;
}

/** The effective user id of this process. */
export function effectiveUid(): number {
  return libc().geteuid();
}

/** Sends a signal (by number); false where there is no such process. */
export function signalProcess(pid: number, signal: number): boolean {
  return libc().kill(pid, signal) === 0;
}

/** Replaces this process by another program (execve(2)), keeping its id. Returns only by throwing. */
export function replaceProcess(
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): never {
  const keep: Uint8Array[] = [];
  const vector = (items: readonly string[]) => {
    const pointers = new BigUint64Array(items.length + 1);
    items.forEach((item, i) => {
      const text = encodePath(`${item}\0`);
      keep.push(text);
      pointers[i] = BigInt(ptr(text));
    });
    return pointers;
  };
  const variables = Object.entries(env).flatMap(([k, v]) => (v === undefined ? [] : [`${k}=${v}`]));
  const program = command[0]!;
  check(libc().execve(cstring(program), vector(command), vector(variables)), 'execute', program);
  throw new Error('execve returned');
}

/** Resolves after some milliseconds. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
