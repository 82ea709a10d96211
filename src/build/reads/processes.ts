// The processes of a container, by what decides where their paths lead. The runtime is in the trace too: a process
// belongs to the container once it has changed its root, and executed something after that; so do all that it starts.

/** What processes that share it change for one another. Paths are absolute, as the container's root sees them. */
export interface Surroundings {
  cwd: string;
  root: string;
}

interface Process {
  readonly inside: boolean;
  readonly surroundings: Surroundings;
  /** Not yet named by its parent. */
  guessed?: true;
}

const OUTSIDE: Process = { inside: false, surroundings: { cwd: '/', root: '/' } };

/** Held back until a process's parent is known, for all processes together. */
const MOST_HELD = 100_000;

/**
 * Keeps track of them. A child's calls can come before its parent's call that made it: they are held back where it is
 * not clear whose child it is.
 */
export class Processes<T> {
  private readonly known = new Map<number, Process>();
  /** Processes that are making another one, and whether that is to share their surroundings. */
  private readonly making = new Map<number, boolean>();
  private readonly held = new Map<number, T[]>();
  private heldCount = 0;
  /** Processes that were guessed, and ended before their parents named them. */
  private readonly endedEarly = new Set<number>();

  constructor(private readonly release: (pid: number, what: T) => void) {}

  /** Whether it is clear whose child a process is. `what` is held back where it is not, and released when it is. */
  knows(pid: number, what: T): boolean {
    if (this.known.has(pid) || this.guess(pid)) return true;
    const held = this.held.get(pid);
    if (held) held.push(what);
    else this.held.set(pid, [what]);
    if (++this.heldCount > MOST_HELD) throw new Error('processes whose parents are not known');
    return false;
  }

  /** The surroundings of a process of the container; undefined for others. */
  of(pid: number): Surroundings | undefined {
    const process = this.known.get(pid);
    return process?.inside ? process.surroundings : undefined;
  }

  private guess(pid: number): boolean {
    // The first of all, before anything was made.
    if (this.known.size === 0) {
      this.known.set(pid, OUTSIDE);
      return true;
    }
    // One that is held back may be making another, too.
    if (this.making.size !== 1 || this.held.size > 0) return false;
    const [[parent, shares]] = [...this.making] as [[number, boolean]];
    this.known.set(pid, { ...this.child(this.known.get(parent) ?? OUTSIDE, shares), guessed: true });
    return true;
  }

  private child(parent: Process, shares: boolean): Process {
    const { inside, surroundings } = parent;
    return { inside, surroundings: shares ? surroundings : { ...surroundings } };
  }

  /** A process begins to make another one. @param shares whether they will share their surroundings */
  begins(pid: number, shares: boolean): void {
    this.making.set(pid, shares);
  }

  /** A process has tried to make another one. @param shares whether they share their surroundings */
  made(pid: number, child: number | undefined, shares: boolean): void {
    this.making.delete(pid);
    if (child === undefined) return;
    if (this.endedEarly.delete(child)) return;
    const parent = this.known.get(pid) ?? OUTSIDE;
    const guess = this.known.get(child);
    if (guess?.guessed) {
      delete guess.guessed;
      return;
    }
    this.known.set(child, this.child(parent, shares));
    const held = this.held.get(child) ?? [];
    this.held.delete(child);
    this.heldCount -= held.length;
    for (const one of held) this.release(child, one);
  }

  /** A process is one of the container from now on. */
  enters(pid: number, cwd: string): void {
    this.known.set(pid, { inside: true, surroundings: { cwd, root: '/' } });
  }

  ended(pid: number): void {
    if (this.known.get(pid)?.guessed) this.endedEarly.add(pid);
    this.known.delete(pid);
    this.making.delete(pid);
  }

  /** A thread took the place of its process. */
  superseded(pid: number, by: number): void {
    const thread = this.known.get(by);
    this.known.delete(by);
    if (thread) this.known.set(pid, { ...thread, surroundings: { ...thread.surroundings } });
  }
}
