// Two processes that fetch the same blob at once: one does, the other waits and finds it. The turn is a lock on one byte
// of a file, which stands for the blob and goes with the process, however that ends. Who has a turn waits for no other.

import { type Digest, digestHex, MilleError } from '../../core/index.ts';
import { CWD, closeFd, lockByte, O, openAt, sleep } from '../../sys/index.ts';

/** Milliseconds between two looks: at first, and at most. */
const SOON = 20;
const LATER = 250;

/** Takes the turn for a blob of the store in a directory. @throws MilleError `interrupted` once a signal came */
export async function takeBlobTurn(
  root: string,
  digest: Digest,
  signals: readonly (AbortSignal | undefined)[],
): Promise<Disposable> {
  const fd = openAt(CWD, `${root}/fetches.lock`, { flags: O.RDWR | O.CREAT, mode: 0o644 });
  try {
    // Not a waiting lock: it would stop this whole process.
    for (let wait = SOON; !lockByte(fd, byteOf(digest), { exclusive: true, wait: false }); ) {
      await sleep(wait);
      if (signals.some((signal) => signal?.aborted)) throw new MilleError('interrupted', 'interrupted');
      wait = Math.min(LATER, wait * 2);
    }
  } catch (error) {
    closeFd(fd);
    throw error;
  }
  return { [Symbol.dispose]: () => closeFd(fd) };
}

/** Two blobs with one byte, if there ever are any, only mean that one waits for the other. */
function byteOf(digest: Digest): bigint {
  return BigInt(`0x${digestHex(digest).slice(0, 15)}`);
}
