// Files that last as long as an opened image.

import type { Store } from '../../oci/store/index.ts';
import {
  CWD,
  closeFd,
  environment,
  makeTemporaryDirectory,
  O,
  openAt,
  readChunks,
  removeTree,
  SystemError,
  statAt,
  unlinkAt,
  writeAll,
} from '../../sys/index.ts';

/** A directory for temporary files. */
export interface Scratch {
  readonly path: string;
  remove(): void;
}

/**
 * Makes one: in the store, whose file system is there for large things; elsewhere for who may not write to it, or where
 * there is none. Never where memory would be filled unasked: /tmp often is memory.
 */
export function makeScratch(store: Store): Scratch {
  try {
    if (statAt(CWD, store.paths.tmp)) return store.makeTemporary('look');
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
  const path = makeTemporaryDirectory('mille-look-', environment().TMPDIR ?? largest());
  return { path, remove: () => removeTree(CWD, path) };
}

function largest(): string {
  return statAt(CWD, '/var/tmp')?.type === 'dir' ? '/var/tmp' : '/tmp';
}

/** A stream that can be opened again, having come from far away once. */
export interface Spool {
  open(): AsyncIterable<Uint8Array>;
  close(): void;
}

/** Keeps what is streamed in a file without a name, once all of it has come. */
export function spooled(fetch: () => AsyncIterable<Uint8Array>, directory: string): Spool {
  let kept: number | undefined;
  async function* keeping(): AsyncGenerator<Uint8Array, void, void> {
    const fd = openUnnamed(directory);
    try {
      for await (const chunk of fetch()) {
        writeAll(fd, chunk);
        yield chunk;
      }
    } catch (error) {
      closeFd(fd);
      throw error;
    }
    if (kept === undefined) kept = fd;
    else closeFd(fd);
  }
  return {
    open: () => (kept === undefined ? keeping() : readChunks(kept, { start: 0 })),
    close: () => {
      if (kept !== undefined) closeFd(kept);
      kept = undefined;
    },
  };
}

function openUnnamed(directory: string): number {
  const name = `${directory}/blob-${crypto.randomUUID()}`;
  const fd = openAt(CWD, name, { flags: O.RDWR | O.CREAT | O.EXCL, mode: 0o600 });
  // It lives as long as its descriptor: nothing is left behind, whatever happens.
  unlinkAt(CWD, name);
  return fd;
}
