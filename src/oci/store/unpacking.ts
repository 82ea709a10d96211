// A layer that is unpacked while it comes, out of sight until it has proved to be what was promised. Only a layer that
// is the same on top of any other can be: the layers below may not be there yet.

import type { Digest } from '../../core/index.ts';
import type { TableOfContents } from '../image/index.ts';
import { type ReadingHandler, unpackAside } from '../layer/index.ts';
import type { Place } from './place.ts';

/** Such a layer. Exactly one of `keep` and `abort` ends it; `abort` after `keep` does nothing. */
export interface Unpacking {
  /** To be told what is in the layer's tar. */
  readonly handler: ReadingHandler;
  /** Says that it was the layer. It is kept where all of it could be unpacked, and else unpacked when it is needed. */
  keep(toc: TableOfContents): void;
  abort(): void;
}

/** @param moveIn takes a directory as the unpacked form of a layer of its own */
export function beginUnpacking(
  place: Place,
  diffId: Digest,
  moveIn: (directory: string, diffId: Digest) => void,
): Unpacking {
  const room = place.budget.room();
  const temporary = place.workspace.makeTemporary('unpack');
  const aside = unpackAside(
    temporary.path,
    { overlayXattr: place.privilege === 'root' ? 'trusted' : 'user' },
    room.grow,
  );
  let open = true;
  const end = (toc: TableOfContents | undefined) => {
    if (!open) return;
    open = false;
    try {
      if (toc && aside.finish(toc)) moveIn(temporary.path, diffId);
    } finally {
      aside.close();
      temporary.remove();
      room.release();
    }
  };
  return { handler: aside.handler, keep: end, abort: () => end(undefined) };
}
