// A program in a terminal, as somebody sits before it: a pseudo-terminal, and an emulator that says what is to be seen.

import { Terminal } from '@xterm/headless';

export interface ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** How long something may take to appear, on a busy machine. */
const PATIENCE = 20_000;

/** A running program and its screen. */
export class Screen {
  readonly #emulator: Terminal;
  readonly #child: Bun.Subprocess & {
    readonly terminal: { write(data: string): void; resize(c: number, r: number): void; close(): void };
  };
  /** All that it has sent. */
  raw = '';

  constructor(command: readonly string[], { columns, rows, env, cwd }: ScreenOptions) {
    this.#emulator = new Terminal({ cols: columns, rows, allowProposedApi: true });
    const decoder = new TextDecoder();
    const data = (_: unknown, bytes: Uint8Array) => {
      this.raw += decoder.decode(bytes, { stream: true });
      this.#emulator.write(bytes.slice());
    };
    const options = { cwd, env: { ...process.env, ...env }, terminal: { cols: columns, rows, data } };
    this.#child = Bun.spawn([...command], options as never) as never;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What is to be seen, without spaces at the ends of lines. */
  lines(): string[] {
    const { active } = this.#emulator.buffer;
    return Array.from(
      { length: this.#emulator.rows },
      (_, i) =>
        active
          .getLine(active.viewportY + i)
          ?.translateToString(true)
          .trimEnd() ?? '',
    );
  }

  /** Whether it shows another screen than the shell's. */
  get isAlternate(): boolean {
    return this.#emulator.buffer.active.type === 'alternate';
  }

  /** Types, then waits for a text to appear. @returns what is to be seen then */
  async type(keys: string, shows: string): Promise<string[]> {
    this.#child.terminal.write(keys);
    return this.shows(shows);
  }

  async shows(text: string): Promise<string[]> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const lines = this.lines();
      if (lines.some((line) => line.includes(text))) return lines;
      if (Date.now() > end) throw new Error(`'${text}' does not appear:\n${lines.join('\n')}`);
      await Bun.sleep(5);
    }
  }

  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows);
    this.#child.terminal.resize(columns, rows);
  }

  /** Waits for its end; the status. */
  async ended(): Promise<number> {
    return await this.#child.exited;
  }

  close(): void {
    this.#child.kill('SIGKILL');
    this.#child.terminal.close();
    this.#emulator.dispose();
  }
}
