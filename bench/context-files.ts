// Build contexts for the scenarios, the same bytes on every machine.

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A context directory that can take another name, so that nobody remembers anything of it. */
export class Context {
  #path: string;
  #moves = 0;

  constructor(readonly home: string) {
    this.#path = join(home, 'context-0');
    mkdirSync(this.#path, { recursive: true });
  }

  get path(): string {
    return this.#path;
  }

  /** Renames it: files keep their times, but no memory by path or name of the directory is valid. */
  rename(): void {
    const next = join(this.home, `context-${++this.#moves}`);
    renameSync(this.#path, next);
    this.#path = next;
  }

  write(name: string, content: string | Uint8Array): void {
    const file = join(this.#path, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
  }
}

/** Bytes that do not compress, from a seed (xorshift, 32 bits). */
export function noise(seed: number, length: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state >>> 0;
  }
  return new Uint8Array(words.buffer, 0, length);
}

/** A number that no earlier call gave: what makes a change a change. */
export function unique(): number {
  counter += 1;
  return counter;
}
let counter = Date.now();

/** Files cost peers and mille more while the kernel still writes them out, and mille trusts no file younger than this. */
export function settle(): void {
  Bun.spawnSync(['sync']);
  Bun.sleepSync(3000);
}
