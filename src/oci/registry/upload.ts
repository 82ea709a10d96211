// A blob on its way into a repository: mounted from another one where the registry can, sent in one request where it
// is small, piece by piece otherwise. An upload that the registry lost, or whose end was cut, begins again.

import { type Digest, MilleError } from '../../core/index.ts';
import { createHasher, type Exchange } from '../../sys/index.ts';
import { type RegistryAccess, waitBefore } from './access.ts';
import type { RepositoryClient } from './client.ts';
import { isTooLong } from './retry-after.ts';
import { finish, type Session, sendPiece, UploadLost } from './upload-session.ts';

/** A blob to be sent. */
export interface BlobToSend {
  readonly digest: Digest;
  readonly size: number;
  /** Its bytes from the start; opened only where they have to be sent, and again where they have to be sent again. */
  open(): AsyncIterable<Uint8Array>;
}

/** A blob that is made while it is sent: what it is turns out at its end. */
export interface BlobToMake {
  /** Its bytes from the start, the same ones each time. What fails before its end is not there. */
  open(): AsyncIterable<Uint8Array>;
  /** What came of it the last time: it may be mounted then. */
  readonly known?: Digest;
}

/** How a blob came to be there. */
export type Sent = 'mounted' | 'sent';

/** A blob that was made; of one that was mounted nothing new is known. */
export type Made = 'mounted' | { readonly digest: Digest; readonly size: number };

/** Where to report, and where else the blob is. */
export interface SendOptions {
  /** A repository of the same registry that has the blob. */
  readonly mountFrom?: string;
  readonly onProgress?: (bytes: number) => void;
}

/** Bytes of one request: a registry brings each of them to the disk before the next one. */
const PIECE = 16 * 1024 * 1024;
/** Up to here a blob is a request of its own. */
const ALONE = 8 * 1024 * 1024;
/** Pieces that a registry may ask for at most: each is held in memory. */
const LARGEST_PIECE = 64 * 1024 * 1024;
/** How often an upload begins again. */
const RESTARTS = 3;

type Around = SendOptions & { readonly access: RegistryAccess };

/** Sends a blob. @throws MilleError `network`, `registry-denied`, `interrupted`; what `open` throws */
export async function sendBlob(client: RepositoryClient, blob: BlobToSend, around: Around): Promise<Sent> {
  const { digest, size, open } = blob;
  const sent = await send(client, { open, known: digest, expected: { digest, size } }, around);
  return sent === 'mounted' ? 'mounted' : 'sent';
}

/** Sends a blob while it is made. @throws as `sendBlob` */
export function sendMade(client: RepositoryClient, blob: BlobToMake, around: Around): Promise<Made> {
  return send(client, blob, around);
}

interface Source extends BlobToMake {
  /** What it has to be. */
  readonly expected?: { readonly digest: Digest; readonly size: number };
}

async function send(client: RepositoryClient, source: Source, around: Around): Promise<Made> {
  const { access, onProgress = () => {} } = around;
  const mountFrom = source.known === undefined ? undefined : around.mountFrom;
  let begun = await begin(client, source.known, mountFrom);
  // A registry that cannot mount begins an ordinary upload instead.
  if (begun.status === 201) return 'mounted';
  let whole = source.expected;
  for (let restarts = 0; ; restarts++) {
    const session: Session = { client, access, location: client.next(begun.header('location')), at: 0 };
    try {
      const size = pieceSize(begun.header('oci-chunk-min-length'));
      const last = await sendPieces(session, { source, size, onProgress });
      whole = last.whole;
      await finish(session, whole.digest, last.bytes);
      onProgress(whole.size);
      return whole;
    } catch (error) {
      if (!(error instanceof UploadLost)) throw error;
      if (restarts === RESTARTS || isTooLong(error.retryAfter)) throw error.reason;
      await waitBefore(restarts, access, error.retryAfter);
      // The answer may have been lost, and not the blob.
      if (whole && (await isThere(client, whole.digest))) {
        onProgress(whole.size);
        return whole;
      }
      begun = await begin(client, undefined, undefined);
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
  digest: Digest | undefined,
  mountFrom: string | undefined,
): Promise<Exchange> {
  const mount =
    digest !== undefined && mountFrom !== undefined ? { mount: digest, from: mountFrom } : undefined;
  try {
    const begun = await client.ask({
      kind: 'blobs',
      name: `uploads/${mount ? `?${new URLSearchParams(mount)}` : ''}`,
      method: 'POST',
      headers: { 'content-length': '0' },
      expected: mount ? [201, 202] : [202],
    });
    await begun.discard();
    return begun;
  } catch (error) {
    // Who may not read the other repository may still write to this one.
    const denied = error instanceof MilleError && ['registry-denied', 'image-missing'].includes(error.code);
    if (!mount || !denied) throw error;
    return await begin(client, undefined, undefined);
  }
}

interface Upload {
  readonly source: Source;
  /** Bytes of a piece. */
  readonly size: number;
  readonly onProgress: (bytes: number) => void;
}

/** All but the end of a blob. */
interface LastPiece {
  /** Bytes that are still to be sent: all of them where there are few. */
  readonly bytes: Uint8Array;
  readonly whole: { readonly digest: Digest; readonly size: number };
}

/** Sends a blob piece by piece, the next one made meanwhile; what is short is left for the last request. */
async function sendPieces(session: Session, { source, size, onProgress }: Upload): Promise<LastPiece> {
  const { expected } = source;
  const hasher = expected ? undefined : createHasher();
  async function* hashed() {
    for await (const chunk of source.open()) {
      hasher?.update(chunk);
      yield chunk;
    }
  }
  let bytes = new Uint8Array(0);
  for await (const piece of ahead(pieces(hashed(), { size, whole: expected?.size }))) {
    // Pieces are larger, so there is no other one.
    if (session.at === 0 && piece.length <= ALONE) {
      bytes = piece;
      continue;
    }
    if (expected && session.at + piece.length > expected.size) throw otherSize(expected);
    await sendPiece(session, piece);
    onProgress(session.at);
  }
  const sent = session.at + bytes.length;
  if (expected && sent !== expected.size) throw otherSize(expected);
  return { bytes, whole: expected ?? { digest: hasher!.digest(), size: sent } };
}

/** What a registry asks for at least (distribution spec, "Pushing a blob in chunks"), as long as that is bearable. */
function pieceSize(least: string | undefined): number {
  const asked = /^\d+$/.test(least ?? '') ? Number(least) : 0;
  return Math.min(Math.max(PIECE, asked), LARGEST_PIECE);
}

/** What memory for a piece begins with where nobody knows how long it will be. */
const FIRST = 1 << 20;

/**
 * Bytes in pieces of one size, the last one smaller; none of nothing. A piece is valid until the next but one is asked
 * for: while one is sent, another one is made.
 */
async function* pieces(
  chunks: AsyncIterable<Uint8Array>,
  { size, whole = FIRST }: { readonly size: number; readonly whole?: number | undefined },
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const spare: Uint8Array<ArrayBuffer>[] = [];
  let piece = new Uint8Array(Math.min(size, whole));
  let length = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      if (length === piece.length && length < size) piece = enlarged(piece, size);
      const part = chunk.subarray(at, at + piece.length - length);
      piece.set(part, length);
      length += part.length;
      at += part.length;
      if (length < size) continue;
      yield piece;
      spare.push(piece);
      piece = spare.length > 1 ? spare.shift()! : new Uint8Array(size);
      length = 0;
    }
  }
  if (length > 0) yield piece.subarray(0, length);
}

function enlarged(piece: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(size, Math.max(FIRST, 4 * piece.length)));
  larger.set(piece);
  return larger;
}

/** The same, where each one is made while the one before is used. */
async function* ahead<T>(all: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  const make = () => {
    const next = all.next();
    // Seen where it is waited for, if anybody does.
    next.catch(() => {});
    return next;
  };
  let next = make();
  try {
    for (let made = await next; !made.done; made = await next) {
      next = make();
      yield made.value;
    }
  } finally {
    await all.return();
  }
}

function otherSize({ digest, size }: { readonly digest: Digest; readonly size: number }): MilleError {
  return new MilleError(
    'digest-mismatch',
    `the blob ${digest} does not have the ${size} bytes it should have`,
    {
      hint: 'the store may be damaged: build it again',
    },
  );
}
