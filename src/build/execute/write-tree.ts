// Files of a tree as a directory on the disk, with everything they have in the tree: by way of a layer, which knows
// how to keep all of it.

import { type LayerSourceEntry, unpackLayer, writeLayer } from '../../oci/layer/index.ts';
import { CWD, chmodAt, chownAt, setTimesAt } from '../../sys/index.ts';
import { EMPTY_DESTINATION } from './destination.ts';
import { placeSources } from './place-sources.ts';
import type { Selection } from './select-sources.ts';
import type { ExecuteServices } from './services.ts';

const NAME = 'content';

/**
 * Writes what was selected below an existing empty directory.
 * @returns the absolute path of the file or directory
 */
export async function writeTree(
  services: ExecuteServices,
  selection: Selection,
  directory: string,
): Promise<string> {
  const entries: LayerSourceEntry[] = placeSources([selection], {
    destination: EMPTY_DESTINATION,
    path: `/${NAME}`,
    now: services.now(),
  });
  const channel = new Channel();
  const { privilege } = services.store;
  await Promise.all([
    writeLayer(entries, (bytes) => channel.push(bytes), { trustDigests: true }).then(
      () => channel.end(),
      (error: unknown) => channel.end({ error }),
    ),
    unpackLayer(channel.chunks(), directory, { overlayXattr: privilege === 'root' ? 'trusted' : 'user' }),
  ]);
  const path = `${directory}/${NAME}`;
  const { root, keepsOwner } = selection;
  if (root.type === 'dir') {
    chownAt(CWD, path, keepsOwner ? root : { uid: 0, gid: 0 });
    chmodAt(CWD, path, root.mode);
    setTimesAt(CWD, path, { seconds: root.mtime });
  }
  return path;
}

/** Hands chunks from a writer to a reader, one at a time: nothing is held, nothing is stored. */
class Channel {
  private chunk: { readonly bytes: Uint8Array; readonly taken: () => void } | undefined;
  private ended: { readonly error?: unknown } | undefined;
  private wake: (() => void) | undefined;
  private reading = true;

  push(bytes: Uint8Array): Promise<void> | undefined {
    if (!this.reading) return undefined;
    return new Promise((taken) => {
      this.chunk = { bytes, taken };
      this.wake?.();
    });
  }

  end(failure: { readonly error?: unknown } = {}): void {
    this.ended = failure;
    this.wake?.();
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const { chunk } = this;
        if (chunk) {
          this.chunk = undefined;
          yield chunk.bytes;
          chunk.taken();
        } else if (this.ended) {
          if ('error' in this.ended) throw this.ended.error;
          return;
        } else {
          await new Promise<void>((wake) => {
            this.wake = wake;
          });
        }
      }
    } finally {
      // A reader that failed lets the writer run to its end.
      this.reading = false;
      this.chunk?.taken();
    }
  }
}
