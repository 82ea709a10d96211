// One upload that a registry has begun: pieces, one after the other, and the end. A piece that was cut is taken up again
// where the registry says it ended.

import { type Digest, MilleError } from '../../core/index.ts';
import type { Exchange } from '../../sys/index.ts';
import { mayPass, REPETITIONS, type RegistryAccess, waitBefore } from './access.ts';
import type { RepositoryClient } from './client.ts';
import { isTooLong, untilWhen } from './retry-after.ts';

/** Where an upload goes on. */
export interface Session {
  readonly client: RepositoryClient;
  readonly access: RegistryAccess;
  location: URL;
  /** Bytes that the registry has. */
  at: number;
}

/** An upload that cannot be taken up again; another one may succeed. */
export class UploadLost extends Error {
  constructor(
    /** What a user is told where no other one does. */
    readonly reason: MilleError,
    readonly retryAfter?: string,
  ) {
    super(reason.message, { cause: reason });
  }
}

const BINARY = { 'content-type': 'application/octet-stream' };
/** Answers of a registry that knows nothing of the upload any more, or has something else in it than was sent. */
const LOST = [404, 416];
const PASSING = [408, 429, 500, 502, 503, 504];

/** Sends the next bytes. @throws UploadLost; MilleError `network`, `registry-denied`, `interrupted` */
export async function sendPiece(session: Session, piece: Uint8Array): Promise<void> {
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
        expected: [202, 204, ...LOST, ...PASSING],
        once: true,
      });
      await answer.discard();
      retryAfter = answer.header('retry-after');
      if (answer.status === 202 || answer.status === 204) {
        session.at = end;
        session.location = client.next(answer.header('location'), session.location);
        continue;
      }
      if (answer.status === 404) throw new UploadLost(refused(client, answer));
      if (vain >= REPETITIONS || isTooLong(retryAfter)) throw refused(client, answer);
    } catch (error) {
      if (!isCut(error) || vain >= REPETITIONS) throw error;
    }
    await waitBefore(vain, access, retryAfter);
    await resume(session, end);
    vain = session.at > before ? 0 : vain + 1;
  }
}

/** Asks how much has arrived. */
async function resume(session: Session, end: number): Promise<void> {
  const { client } = session;
  const answer = await client.ask({
    kind: 'blobs',
    name: 'uploads/',
    location: session.location,
    expected: [200, 204, ...LOST],
  });
  await answer.discard();
  const last = /^(?:bytes=)?0-(\d+)$/.exec(answer.header('range') ?? '')?.[1];
  // `0-0` stands for nothing as well as for one byte: what was sent before is known.
  const there = last === undefined || last === '0' ? session.at : Number(last) + 1;
  if (LOST.includes(answer.status) || there < session.at || there > end) {
    throw new UploadLost(
      new MilleError('network', `the registry ${client.registry} lost a part of a blob`, {
        hint: 'try again: blobs that are there are not sent again',
      }),
    );
  }
  session.at = there;
  const location = answer.header('location');
  if (location !== undefined) session.location = client.next(location, session.location);
}

/** Says what it was, with the last bytes. @throws UploadLost where it may have arrived; as `sendPiece` */
export async function finish({ client, location }: Session, digest: Digest, body: Uint8Array): Promise<void> {
  const url = new URL(location);
  url.searchParams.set('digest', digest);
  try {
    const answer = await client.ask({
      kind: 'blobs',
      name: 'uploads/',
      location: url,
      method: 'PUT',
      headers: { ...BINARY, 'content-length': String(body.length) },
      body,
      expected: [201, 204, ...LOST, ...PASSING],
      once: true,
    });
    await answer.discard();
    if (answer.status === 201 || answer.status === 204) return;
    throw new UploadLost(refused(client, answer), answer.header('retry-after'));
  } catch (error) {
    throw isCut(error) ? new UploadLost(error) : error;
  }
}

/** A connection that failed, as opposed to an answer that says no. */
function isCut(error: unknown): error is MilleError {
  return error instanceof MilleError && error.code === 'network' && error.cause !== undefined;
}

function refused({ registry }: RepositoryClient, answer: Exchange): MilleError {
  const { status } = answer;
  const until = untilWhen(answer.header('retry-after'));
  const message = `the registry ${registry} answered ${status} to a part of a blob${until}`;
  return new MilleError('network', message, {
    hint: mayPass(status) ? 'try again later' : 'this is for the registry to put right',
  });
}
