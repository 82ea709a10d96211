// Unpacks a layer while somebody else reads its tar, to whom it must not matter how that goes: a layer that cannot be
// unpacked so, for whatever reason, is read all the same, and unpacked later by itself where the reason is then told.

import { MilleError } from '../../core/index.ts';
import type { TableOfContents } from '../image/index.ts';
import { isSelfContained } from './self-contained.ts';
import type { ReadingHandler } from './tar/parse.ts';
import { handlerOf, type UnpackOptions } from './unpack.ts';
import { Unpacker } from './unpacker.ts';

/** A layer that is being unpacked. */
export interface UnpackingAside {
  /** To be told what is in the tar; throws for mistakes of this program only. */
  readonly handler: ReadingHandler;
  /** @returns whether all of the layer, with all its attributes, is there, and is the same on top of any other. */
  finish(toc: TableOfContents): boolean;
  /** To be called in any case. */
  close(): void;
}

/** Begins to unpack a layer into the empty directory `target`. */
export function unpackAside(
  target: string,
  { overlayXattr }: Pick<UnpackOptions, 'overlayXattr'>,
  onBytes: (bytes: number) => void,
): UnpackingAside {
  const unpacker = new Unpacker(target, { overlayXattr, alone: true });
  const inner = handlerOf(unpacker);
  let failed = false;
  const attempt = (work: () => void) => {
    if (failed) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof MilleError)) throw error;
      failed = true;
    }
  };
  return {
    handler: {
      entry: (entry, nanoseconds) => attempt(() => inner.entry(entry, nanoseconds)),
      data: (bytes, offset) =>
        attempt(() => {
          onBytes(bytes.length);
          inner.data(bytes, offset);
        }),
      zeros: (length) => attempt(() => inner.zeros(length)),
      end: (entry) => attempt(() => void inner.end(entry)),
    },
    finish: (toc) => {
      attempt(() => {
        if (!isSelfContained(toc) || unpacker.finish().length > 0) failed = true;
      });
      return !failed;
    },
    close: () => unpacker.close(),
  };
}
