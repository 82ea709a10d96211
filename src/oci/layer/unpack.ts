// Unpacks a layer into a directory that overlayfs takes as one of its lower directories. Links are never
// followed and nothing outside the directory is touched, whatever the archive says.

import type { Entry } from '../image/index.ts';
import { both, createScanner } from './scan.ts';
import { asLayerEntry } from './tar/name.ts';
import { type ReadingHandler, readTar } from './tar/parse.ts';
import type { MergedTree, ScannedLayer } from './types.ts';
import { Unpacker } from './unpacker.ts';

/** How to unpack a layer. */
export interface UnpackOptions {
  /** Where overlayfs keeps its own attributes: `trusted` for real root, `user` in a user namespace (userxattr). */
  readonly overlayXattr: 'trusted' | 'user';
  /** What the layers below show; needed for a layer that is not self-contained. */
  readonly lower?: MergedTree;
  /** The absolute path of a file of the layers below, for hard links whose file is there. */
  readonly lowerPath?: (path: string) => string | undefined;
  /** Fails where the layer leans on those below: where it deletes something, or has a file in a directory that it does not list. */
  readonly alone?: boolean;
  /** Also hashes the tar and its files and makes its table of contents. */
  readonly scan?: boolean;
  /** Told the bytes of the tar read so far (with `scan`). */
  readonly onProgress?: (bytes: number) => void;
}

/** What came of it. */
export interface UnpackResult {
  /** Paths that could not be made, or not with all attributes, for want of privilege (devices when rootless). */
  readonly skipped: readonly string[];
  /** With `scan`. */
  readonly scanned?: ScannedLayer;
}

/**
 * Unpacks a layer's plain tar into the empty directory `target`. The directory's own attributes are those of the
 * layer's entry '', if it has one, and otherwise mode 0755: what the root of a container looks like is up to the
 * upper directory (see `MergedTree.get('')`). After an error the directory is to be removed.
 * @throws MilleError `archive-broken`, `archive-escape`, `archive-limit`, `disk-full`, `io`
 */
export async function unpackLayer(
  stream: AsyncIterable<Uint8Array>,
  target: string,
  options: UnpackOptions,
): Promise<UnpackResult> {
  const unpacker = new Unpacker(target, options);
  try {
    const handler = handlerOf(unpacker);
    if (!options.scan) {
      await readTar(stream, handler);
      return { skipped: unpacker.finish() };
    }
    const scanner = createScanner();
    const progress = options.onProgress ? { onProgress: options.onProgress } : {};
    await readTar(scanner.tap(stream, undefined, progress), both(scanner.handler, handler));
    return { skipped: unpacker.finish(), scanned: scanner.finish() };
  } finally {
    unpacker.close();
  }
}

/** What is found goes to an unpacker. */
export function handlerOf(unpacker: Unpacker): ReadingHandler {
  let current: Entry | undefined;
  return {
    entry(entry) {
      current = asLayerEntry(entry);
      if (current) unpacker.begin(current);
    },
    data(bytes) {
      if (current?.type === 'file') unpacker.write(bytes);
    },
    zeros(length) {
      if (current?.type === 'file') unpacker.skip(length);
    },
    end() {
      if (current?.type === 'file') unpacker.end(current);
    },
  };
}
