// A container while it runs: what it says, and the signals it is sent.

import {
  CWD,
  catchesSignal,
  childProcesses,
  type ExitResult,
  onSignals,
  processName,
  type SignalName,
  type SlowPipe,
  signalNumber,
  signalProcess,
  sleep,
  slowPipe,
  spawn,
  statAt,
} from '../../sys/index.ts';
import { looksLikeRuntime } from './failure.ts';
import type { ContainerIo, ContainerSpec } from './spec.ts';

const FORWARDED: readonly SignalName[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

/** How long a signal that came too early is kept for a command that does not handle it, in milliseconds. */
const PATIENCE = 2000;

/** How long at most the runtime is given to become the command: longer than any machine needs. */
const START_PATIENCE = 60_000;

/** What runc calls its own processes that are to become the command. */
const RUNC_INIT = /^runc:\[/;

export class RunningContainer {
  /** The process id of `unshare`; its one child is the runtime. */
  private pid: number | undefined;
  private ended = false;
  private killed = false;
  private failure: { readonly error: unknown } | undefined;
  /** The first words on standard error, kept back while they may be the runtime's about its own failure. */
  private held: Uint8Array | undefined;
  private spoke = false;

  constructor(
    private readonly spec: ContainerSpec,
    private readonly io: ContainerIo,
  ) {}

  /**
   * Runs the chain to its end, with `input` for the chain itself on its standard input.
   * @returns the status as a shell shows it
   */
  async run(command: readonly string[], input?: Uint8Array): Promise<number> {
    const { io } = this;
    const abort = () => this.kill();
    const restore = io.forwardSignals
      ? onSignals(FORWARDED, (name) => void this.forward(signalNumber(name)))
      : undefined;
    io.signal?.addEventListener('abort', abort);
    try {
      const result = await this.spawn(command, input);
      if (this.failure) throw this.failure.error;
      return shellStatus(result);
    } finally {
      this.ended = true;
      io.signal?.removeEventListener('abort', abort);
      restore?.();
    }
  }

  private async spawn(command: readonly string[], input: Uint8Array | undefined): Promise<ExitResult> {
    const { io, spec } = this;
    const own = spec.terminal ? 'inherit' : io.stdin;
    if (input && own !== undefined && own !== 'none')
      throw new Error('secrets leave no standard input for the container');
    const stdin = input ?? own;
    const { trace } = io;
    const pipe = trace && slowPipe();
    const traced = pipe?.drain((bytes) => trace?.onText(Buffer.from(bytes).toString('latin1')));
    try {
      return await this.start(command, stdin, pipe);
    } finally {
      pipe?.started();
      await traced;
    }
  }

  private start(
    command: readonly string[],
    stdin: ContainerIo['stdin'],
    pipe: SlowPipe | undefined,
  ): Promise<ExitResult> {
    const { io, spec } = this;
    return spawn(command, {
      // Nothing of our environment: it may hold secrets, and /proc shows it to every process of the same user.
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
      ...(stdin === undefined || stdin === 'none' ? {} : { stdin }),
      ...(io.onStdout && !spec.terminal
        ? { onStdout: (chunk) => this.guard(() => io.onStdout?.(chunk)) }
        : {}),
      // With a terminal everything the container says goes to it; what is left is the runtime's own.
      ...(io.onStderr || spec.terminal ? { onStderr: (chunk) => this.guard(() => this.stderr(chunk)) } : {}),
      ...(pipe ? { third: pipe.writeEnd } : {}),
      onStart: (pid) => {
        pipe?.started();
        this.pid = pid;
        if (io.signal?.aborted) this.kill();
      },
      // In a session of its own a container does not get the keys of our terminal as signals a second time. With
      // a terminal it must stay in ours, or the runtime could not read from it.
      detached: !spec.terminal,
    });
  }

  /** What was kept back so far. */
  heldOutput(): string {
    return new TextDecoder().decode(this.held);
  }

  /** Hands over what was kept back, once it is known to be the container's. */
  releaseOutput(): void {
    const { held } = this;
    this.held = undefined;
    if (held) this.io.onStderr?.(held);
  }

  private stderr(chunk: Uint8Array): void {
    // Of a killed container only unshare still speaks, about its own child's death.
    if (this.killed) return;
    if (!this.spoke && looksLikeRuntime(new TextDecoder().decode(chunk.subarray(0, 200)))) {
      this.held = chunk;
    } else {
      this.releaseOutput();
      this.io.onStderr?.(chunk);
    }
    this.spoke = true;
  }

  /** A caller's handler that throws ends the container, and its error becomes ours. */
  private guard(call: () => void): void {
    if (this.failure) return;
    try {
      call();
    } catch (error) {
      this.failure = { error };
      this.kill();
    }
  }

  /** Kills all at once: the runtime is the first process of its namespace. `unshare` waits until all are gone. */
  private kill(): void {
    if (this.pid === undefined || this.ended) return;
    this.killed = true;
    const children = childProcesses(this.pid);
    for (const child of children) signalProcess(child, 9);
    if (children.length === 0) signalProcess(this.pid, 9);
  }

  /** Sends a signal to the runtime, which passes it on. Before it listens, the kernel would drop the signal. */
  private async forward(signal: number): Promise<void> {
    const early = !this.listens();
    while (!this.ended && !this.listens()) await sleep(10);
    await this.begun();
    if (early) await this.ready(signal);
    if (this.ended || this.pid === undefined) return;
    for (const child of childProcesses(this.pid)) signalProcess(child, signal);
  }

  /**
   * Waits until the first process is the command. Until then it is the runtime's, a program in Go: a signal that this
   * does not expect ends it with status 2.
   */
  private async begun(): Promise<void> {
    const deadline = performance.now() + START_PATIENCE;
    const isInit = (pid: number) => RUNC_INIT.test(processName(pid) ?? '');
    while (!this.ended && this.first().some(isInit) && performance.now() < deadline) await sleep(10);
  }

  /** The first processes of the container: one, once it is there. */
  private first(): number[] {
    return this.pid === undefined ? [] : childProcesses(this.pid).flatMap(childProcesses);
  }

  /**
   * Waits until the command, which has only just begun, has a handler for a signal: to the first process of a namespace
   * the kernel gives no other. It may never have one.
   */
  private async ready(signal: number): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    const isReady = () => this.first().some((first) => catchesSignal(first, signal));
    while (!this.ended && !isReady() && performance.now() < deadline) await sleep(10);
  }

  private listens(): boolean {
    return statAt(CWD, `${this.spec.bundle}/pid`) !== undefined && this.pid !== undefined;
  }
}

function shellStatus(result: ExitResult): number {
  return result.signal ? 128 + signalNumber(result.signal as SignalName) : result.status;
}
