// A trace becomes what was read: every call of a process of the container, in its order.

import type { StepReads } from '../graph/index.ts';
import { CALLS, type CallShape } from './calls.ts';
import { Effects } from './effects.ts';
import { type Ground, type MountPoint, Places } from './places.ts';
import { Processes } from './processes.ts';
import { Seen } from './seen.ts';
import { type Call, type TraceLine, TraceReader } from './trace-line.ts';

/** What a trace is of. */
export interface ObserverOptions {
  readonly ground: Ground;
  /** What else is mounted. */
  readonly mounts: readonly MountPoint[];
  /** Absolute: where the command begins. */
  readonly cwd: string;
  /** Paths that are kept at most. */
  readonly most?: number;
}

const MOST = 500_000;

/** Follows the trace of one container. */
export class ReadsObserver {
  private readonly effects: Effects;
  private readonly cwd: string;
  private readonly reader = new TraceReader((line) => this.line(line));
  private readonly processes = new Processes<TraceLine>((_, line) => this.line(line));
  /** Who has changed its root, but not executed the container's command yet. */
  private pivoted: number | undefined;
  private entered = false;

  constructor({ ground, mounts, cwd, most = MOST }: ObserverOptions) {
    const places = new Places(ground, [...mounts]);
    this.cwd = `/${places.resolve(cwd, { from: '/', root: '/', follow: true }).path}`;
    this.effects = new Effects(places, new Seen(most));
  }

  /** Whether the container's command was reached. */
  get hasBegun(): boolean {
    return this.entered;
  }

  /** A file, absolute, that was read in the command's name by somebody else. */
  alsoReads(path: string): void {
    this.effects.read(path);
  }

  /** Takes the next part of the trace. @throws where it cannot be followed */
  push(text: string): void {
    this.reader.push(text);
  }

  /**
   * What was read in all.
   * @param interpreterOf the program, absolute, that the kernel opens beside one that it executes
   */
  finish(interpreterOf: (path: string) => string | undefined): StepReads {
    return this.effects.finish(interpreterOf);
  }

  private line(line: TraceLine): void {
    const { pid } = line;
    if (line.kind === 'superseded') this.processes.superseded(pid, line.by);
    else if (this.processes.knows(pid, line)) this.known(line);
  }

  private known(line: Exclude<TraceLine, { kind: 'superseded' }>): void {
    const { pid } = line;
    if (line.kind === 'ended') {
      this.processes.ended(pid);
      return;
    }
    const shape = CALLS.get(line.kind === 'begun' ? line.name : line.call.name);
    if (!shape) return;
    if (line.kind === 'call') this.call(pid, line.call, shape);
    else if (shape.does === 'fork') this.processes.begins(pid, sharesSurroundings([line.text]));
  }

  private call(pid: number, call: Call, shape: CallShape): void {
    if (shape.does === 'fork') {
      this.processes.made(pid, childOf(call), sharesSurroundings(call.words));
      return;
    }
    if (!this.entered) this.runtimeCall(pid, call, shape);
    const surroundings = this.processes.of(pid);
    if (surroundings) this.effects.apply(surroundings, call, shape);
  }

  /** The runtime's last steps: the first program after the change of root is the container's. */
  private runtimeCall(pid: number, { result }: Call, { does }: CallShape): void {
    if (result !== '0') return;
    if (does === 'pivot') {
      this.pivoted = pid;
    } else if (does === 'execute' && this.pivoted === pid) {
      this.entered = true;
      this.processes.enters(pid, this.cwd);
    }
  }
}

/** The number of a new process as the tracer knows it; undefined where none was made. */
function childOf({ result }: Call): number | undefined {
  const match = /^(\d+)(?: \/\* (\d+) in )?/.exec(result);
  const number = match ? Number(match[2] ?? match[1]) : Number.NaN;
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

function sharesSurroundings(words: readonly string[]): boolean {
  return words.some((word) => word.includes('CLONE_FS'));
}
