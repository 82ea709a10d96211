// Reading what tells of packages: each layer that has something is passed through once, and of each file no more is
// held than its reader wants.

import { displayPath, MilleError } from '../../core/index.ts';
import {
  CARGO_LIMIT,
  type PackageFile,
  type PackageReader,
  type ReaderTools,
  type Reading,
  readCargoList,
  scanForGo,
  startsLikeProgram,
} from '../../insight/packages/index.ts';
import type { ContentVisitor, Entry, OpenedImage } from '../../oci/image/index.ts';
import { loadInflate } from '../../sys/index.ts';
import { gather } from '../open-image/gather.ts';

const decoder = new TextDecoder();

/** The readers' tools. */
export async function readerTools(): Promise<ReaderTools> {
  return { text: (bytes) => decoder.decode(bytes), inflate: await loadInflate() };
}

/** What is to be read of which layers. */
export class ReadingPlan {
  readonly tools: ReaderTools;
  /** Several may want one entry: it carries the bytes of all of its hard links. */
  readonly #visitors: Map<Entry, (() => ContentVisitor)[]>[];

  constructor(layers: number, tools: ReaderTools) {
    this.tools = tools;
    this.#visitors = Array.from({ length: layers }, () => new Map());
  }

  /** Reads all of a file that is not too large. */
  whole(
    layer: number,
    entry: Entry,
    { limit, done, tooLarge }: { limit: number; done: (bytes: Uint8Array) => void; tooLarge: () => void },
  ): void {
    if (entry.size > limit) tooLarge();
    else this.#add(layer, entry, () => gather(entry, done));
  }

  /** Looks through a file that may be a program. */
  program(layer: number, entry: Entry, done: (reading: Reading) => void): void {
    this.#add(layer, entry, () => lookThrough(entry, done, this.tools));
  }

  #add(layer: number, entry: Entry, start: () => ContentVisitor): void {
    const visitors = this.#visitors[layer]!;
    const known = visitors.get(entry);
    if (known) known.push(start);
    else visitors.set(entry, [start]);
  }

  /** Reads it all. @throws MilleError for a damaged layer; `interrupted` */
  async carryOut(image: OpenedImage, signal: AbortSignal | undefined): Promise<void> {
    for (const [i, visitors] of this.#visitors.entries()) {
      if (visitors.size === 0) continue;
      await image.layers[i]!.read((entry) => {
        if (signal?.aborted) throw new MilleError('interrupted', 'interrupted');
        const wanted = visitors.get(entry);
        return wanted && together(wanted.map((start) => start()));
      });
    }
  }
}

function together(visitors: readonly ContentVisitor[]): ContentVisitor {
  const [first, ...others] = visitors;
  if (others.length === 0) return first!;
  return {
    data(bytes) {
      for (const visitor of visitors) visitor.data(bytes);
    },
    async end() {
      for (const visitor of visitors) await visitor.end?.();
    },
  };
}

function lookThrough(entry: Entry, done: (reading: Reading) => void, tools: ReaderTools): ContentVisitor {
  const go = scanForGo();
  let program: boolean | undefined;
  let held: ContentVisitor | undefined;
  return {
    data(bytes) {
      if (program === undefined) {
        program = startsLikeProgram(bytes);
        if (program && entry.size <= CARGO_LIMIT)
          held = gather(entry, (all) => done(readCargoList({ path: entry.path, bytes: all }, tools)));
      }
      if (!program) return;
      go.data(bytes);
      held?.data(bytes);
    },
    end() {
      if (!program) return;
      done(go.end());
      void held?.end?.();
    },
  };
}

/** Reads a file with its reader; a reader that fails is a note, since what it read is anybody's. */
export function readWith(reader: PackageReader, file: PackageFile, tools: ReaderTools): Reading {
  try {
    return reader.read(file, tools);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { packages: [], notes: [`/${displayPath(file.path)}: is damaged`] };
  }
}
