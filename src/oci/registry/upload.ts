// A blob on its way into a repository: mounted from another one where the registry can, sent in one request where it
// is small, piece by piece otherwise. An upload that the registry lost, or whose end was cut, begins again.

import { type Digest, MilleError } from '../../core/index.ts';
import type { Exchange } from '../../sys/index.ts';
import { type RegistryAccess, waitBefore } from './access.ts';
import type { RepositoryClient } from './client.ts';
import { finish, type Session, sendPiece, UploadLost } from './upload-session.ts';

/** A blob to be sent. */
export interface BlobToSend {
  readonly digest: Digest;
  readonly size: number;
  /** Its bytes from the start; opened only where they have to be sent, and again where they have to be sent again. */
  open(): AsyncIterable<Uint8Array>;
}

/** How a blob came to be there. */
export type Sent = 'mounted' | 'sent';

/** Where to report, and where else the blob is. */
export interface SendOptions {
  /** A repository of the same registry that has the blob. */
  readonly mountFrom?: string;
  readonly onProgress?: (bytes: number) => void;
}

/** Bytes of one request. */
const PIECE = 8 * 1024 * 1024;
/** Pieces that a registry may ask for at most: each is held in memory. */
const LARGEST_PIECE = 64 * 1024 * 1024;
/** How often an upload begins again. */
const RESTARTS = 3;

/** Sends a blob. @throws MilleError `network`, `registry-denied`, `interrupted`; what `open` throws */
export async function sendBlob(
  client: RepositoryClient,
  blob: BlobToSend,
  { access, mountFrom, onProgress = () => {} }: SendOptions & { readonly access: RegistryAccess },
): Promise<Sent> {
  let begun = await begin(client, blob, mountFrom);
  // A registry that cannot mount begins an ordinary upload instead.
  if (begun.status === 201) return 'mounted';
  for (let restarts = 0; ; restarts++) {
    try {
      await upload(begun, { client, access, blob, onProgress });
      return 'sent';
    } catch (error) {
      if (!(error instanceof UploadLost)) throw error;
      if (restarts === RESTARTS) throw error.reason;
      await waitBefore(restarts, access, error.retryAfter);
      // The answer may have been lost, and not the blob.
      if (await isThere(client, blob.digest)) {
        onProgress(blob.size);
        return 'sent';
      }
      begun = await begin(client, blob, undefined);
    }
  }
}

/** Whether a repository has a blob. */
export async function isThere(client: RepositoryClient, digest: Digest): Promise<boolean> {
  const answer = await client.ask({ kind: 'blobs', name: digest, method: 'HEAD', expected: [200, 404] });
  await answer.discard();
  return answer.status === 200;
}

async function begin(
  client: RepositoryClient,
  { digest }: BlobToSend,
  mountFrom: string | undefined,
): Promise<Exchange> {
  const query = mountFrom === undefined ? '' : `?${new URLSearchParams({ mount: digest, from: mountFrom })}`;
  try {
    const begun = await client.ask({
      kind: 'blobs',
      name: `uploads/${query}`,
      method: 'POST',
      headers: { 'content-length': '0' },
      expected: mountFrom === undefined ? [202] : [201, 202],
    });
    await begun.discard();
    return begun;
  } catch (error) {
    // Who may not read the other repository may still write to this one.
    const denied = error instanceof MilleError && ['registry-denied', 'image-missing'].includes(error.code);
    if (mountFrom === undefined || !denied) throw error;
    return await begin(client, { digest } as BlobToSend, undefined);
  }
}

interface Upload {
  readonly client: RepositoryClient;
  readonly access: RegistryAccess;
  readonly blob: BlobToSend;
  readonly onProgress: (bytes: number) => void;
}

async function upload(begun: Exchange, { client, access, blob, onProgress }: Upload): Promise<void> {
  const session: Session = { client, access, location: client.next(begun.header('location')), at: 0 };
  const size = pieceSize(begun.header('oci-chunk-min-length'));
  let last = new Uint8Array(0);
  for await (const piece of pieces(blob, size)) {
    if (session.at + last.length + piece.length > blob.size) throw otherSize(blob);
    if (last.length > 0) await sendPiece(session, last);
    onProgress(session.at);
    last = piece;
  }
  if (session.at + last.length !== blob.size) throw otherSize(blob);
  const alone = session.at === 0 && last.length <= size;
  if (!alone) {
    await sendPiece(session, last);
    last = new Uint8Array(0);
  }
  await finish(session, blob.digest, last);
  onProgress(blob.size);
}

/** What a registry asks for at least (distribution spec, "Pushing a blob in chunks"), as long as that is bearable. */
function pieceSize(least: string | undefined): number {
  const asked = /^\d+$/.test(least ?? '') ? Number(least) : 0;
  return Math.min(Math.max(PIECE, asked), LARGEST_PIECE);
}

/** The bytes of a blob in pieces of one size, the last one smaller. Each is memory of its own. */
async function* pieces(blob: BlobToSend, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let piece = new Uint8Array(Math.min(size, Math.max(blob.size, 1)));
  let length = 0;
  let left = blob.size;
  for await (const chunk of blob.open()) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + piece.length - length);
      piece.set(part, length);
      length += part.length;
      at += part.length;
      if (length < piece.length) continue;
      yield piece;
      left -= piece.length;
      piece = new Uint8Array(Math.min(size, Math.max(left, 1)));
      length = 0;
    }
  }
  if (length > 0) yield piece.subarray(0, length);
}

function otherSize({ digest, size }: BlobToSend): MilleError {
  return new MilleError(
    'digest-mismatch',
    `the blob ${digest} does not have the ${size} bytes it should have`,
    {
      hint: 'the store may be damaged: build it again',
    },
  );
}
