// A blob on its way into a repository: mounted from another one where the registry can, sent in one request where it
// is small, piece by piece otherwise. A piece that was cut is taken up again where the registry says it ended.

import { type Digest, MilleError } from '../../core/index.ts';
import type { Exchange } from '../../sys/index.ts';
import { mayPass, REPETITIONS, type RegistryAccess, waitBefore } from './access.ts';
import type { RepositoryClient } from './client.ts';

/** A blob to be sent. */
export interface BlobToSend {
  readonly digest: Digest;
  readonly size: number;
  /** Its bytes from the start; opened only where they have to be sent. */
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
const BINARY = { 'content-type': 'application/octet-stream' };

/** Where an upload goes on. */
interface Session {
  readonly client: RepositoryClient;
  readonly access: RegistryAccess;
  location: URL;
  /** Bytes that the registry has. */
  at: number;
}

/** Sends a blob. @throws MilleError `network`, `registry-denied`, `interrupted`; what `open` throws */
export async function sendBlob(
  client: RepositoryClient,
  blob: BlobToSend,
  { access, mountFrom, onProgress = () => {} }: SendOptions & { readonly access: RegistryAccess },
): Promise<Sent> {
  const query =
    mountFrom === undefined ? '' : `?${new URLSearchParams({ mount: blob.digest, from: mountFrom })}`;
  const begun = await client.ask({
    kind: 'blobs',
    name: `uploads/${query}`,
    method: 'POST',
    headers: { 'content-length': '0' },
    expected: [201, 202],
  });
  await begun.discard();
  // A registry that cannot mount begins an ordinary upload instead.
  if (begun.status === 201) return 'mounted';
  const session: Session = { client, access, location: client.next(begun.header('location')), at: 0 };
  let last = new Uint8Array(0);
  for await (const piece of pieces(blob)) {
    if (session.at + last.length + piece.length > blob.size) throw otherSize(blob);
    if (last.length > 0) await sendPiece(session, last);
    onProgress(session.at);
    last = piece;
  }
  if (session.at + last.length !== blob.size) throw otherSize(blob);
  const alone = session.at === 0 && last.length <= PIECE;
  if (!alone) {
    await sendPiece(session, last);
    last = new Uint8Array(0);
  }
  await finish(session, blob, last);
  onProgress(blob.size);
  return 'sent';
}

/** The bytes of a blob in pieces of one size, the last one smaller. Each is memory of its own. */
async function* pieces(blob: BlobToSend): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let piece = new Uint8Array(Math.min(PIECE, Math.max(blob.size, 1)));
  let length = 0;
  for await (const chunk of blob.open()) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + piece.length - length);
      piece.set(part, length);
      length += part.length;
      at += part.length;
      if (length < piece.length) continue;
      yield piece;
      piece = new Uint8Array(PIECE);
      length = 0;
    }
  }
  if (length > 0) yield piece.subarray(0, length);
}

async function sendPiece(session: Session, piece: Uint8Array): Promise<void> {
  const { client, access } = session;
  const end = session.at + piece.length;
  for (let vain = 0; session.at < end; ) {
    const rest = piece.subarray(piece.length - (end - session.at));
    const before = session.at;
    let retryAfter: string | undefined;
    try {
      const answer = await client.ask({
        kind: 'blobs',
        name: 'uploads/',
        location: session.location,
        method: 'PATCH',
        headers: { ...BINARY, 'content-range': `${session.at}-${end - 1}` },
        body: rest,
        expected: [202, 204, 408, 416, 429, 500, 502, 503, 504],
        once: true,
      });
      await answer.discard();
      retryAfter = answer.header('retry-after');
      if (answer.status === 202 || answer.status === 204) {
        session.at = end;
        session.location = client.next(answer.header('location'), session.location);
        continue;
      }
      if (vain >= REPETITIONS) throw gaveUp(client, answer);
    } catch (error) {
      const broken = error instanceof MilleError && error.code === 'network' && error.cause !== undefined;
      if (!broken || vain >= REPETITIONS) throw error;
    }
    await waitBefore(vain, access, retryAfter);
    await resume(session, end);
    vain = session.at > before ? 0 : vain + 1;
  }
}

function gaveUp({ registry }: RepositoryClient, { status }: Exchange): MilleError {
  return new MilleError('network', `the registry ${registry} answered ${status} to a part of a blob`, {
    hint: mayPass(status) ? 'try again later' : 'this is for the registry to put right',
  });
}

/** Asks how much has arrived. */
async function resume(session: Session, end: number): Promise<void> {
  const { client } = session;
  const answer = await client.ask({
    kind: 'blobs',
    name: 'uploads/',
    location: session.location,
    expected: [200, 204],
  });
  await answer.discard();
  const last = /^(?:bytes=)?0-(\d+)$/.exec(answer.header('range') ?? '')?.[1];
  // `0-0` stands for nothing as well as for one byte: what was sent before is known.
  const there = last === undefined || last === '0' ? session.at : Number(last) + 1;
  if (there < session.at || there > end) {
    throw new MilleError('network', `the registry ${client.registry} lost a part of a blob`, {
      hint: 'try again: blobs that are there are not sent again',
    });
  }
  session.at = there;
  const location = answer.header('location');
  if (location !== undefined) session.location = client.next(location, session.location);
}

async function finish(
  { client, location }: Session,
  { digest }: BlobToSend,
  body: Uint8Array,
): Promise<void> {
  const url = new URL(location);
  url.searchParams.set('digest', digest);
  const answer = await client.ask({
    kind: 'blobs',
    name: 'uploads/',
    location: url,
    method: 'PUT',
    headers: { ...BINARY, 'content-length': String(body.length) },
    body,
    expected: [201, 204],
    once: true,
  });
  await answer.discard();
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
