// A blob as a stream: never longer than its descriptor says, and taken up again where the connection was cut.

import { type Digest, MilleError } from '../../core/index.ts';
import type { Exchange } from '../../sys/index.ts';
import { REPETITIONS, type RegistryAccess, waitBefore } from './access.ts';
import type { RepositoryClient } from './client.ts';

/** Bytes that a connection must bring for its end to count as a new beginning. */
const PROGRESS = 1 << 20;

/**
 * Streams a blob, or what is left of it from byte `from` on. Exactly as many bytes come as there should be, or an error; whether they are the blob's is for the reader to check, who
 * hashes them anyway.
 * @throws MilleError `network` after several vain attempts, `digest-mismatch` for a blob of another size
 */
export async function* streamBlob(
  client: RepositoryClient,
  { digest, size }: { readonly digest: Digest; readonly size: number },
  access: RegistryAccess,
  from = 0,
): AsyncGenerator<Uint8Array, void, void> {
  let at = from;
  if (from > 0 && at >= size) return;
  for (let vain = 0; ; ) {
    const began = at;
    const answer = await client.ask({
      kind: 'blobs',
      name: digest,
      ...(at === 0 ? {} : { headers: { range: `bytes=${at}-` } }),
      ...(access.signal ? { signal: access.signal } : {}),
    });
    let skip = await firstByte(answer, at, { digest, size });
    try {
      for await (const chunk of answer.body()) {
        const fresh = chunk.subarray(Math.min(skip, chunk.length));
        skip -= chunk.length - fresh.length;
        if (at + fresh.length > size) throw otherSize(client, digest, `more than ${size} bytes`);
        at += fresh.length;
        if (fresh.length > 0) yield fresh;
      }
      if (at === size) return;
      throw new MilleError(
        'network',
        `the registry ${client.registry} ended ${digest} after ${at} of ${size} bytes`,
        { hint: 'try again: layers that are complete are kept' },
      );
    } catch (error) {
      if (!(error instanceof MilleError) || error.code !== 'network') throw error;
      vain = at - began >= PROGRESS ? 0 : vain + 1;
      if (vain > REPETITIONS) throw error;
      await waitBefore(Math.max(0, vain - 1), access);
    }
  }
}

/** How many bytes of the body were there before: none, or all where the server knows no ranges. */
async function firstByte(
  answer: Exchange,
  at: number,
  blob: { readonly digest: Digest; readonly size: number },
): Promise<number> {
  if (answer.status === 200) {
    const announced = answer.header('content-length');
    if (announced === undefined || Number(announced) <= blob.size) return at;
    await answer.discard();
    throw new MilleError(
      'digest-mismatch',
      `${blob.digest} should have ${blob.size} bytes, not ${announced}`,
      {
        hint: 'the registry or the image is damaged',
      },
    );
  }
  const start = /^bytes (\d+)-/.exec(answer.header('content-range') ?? '')?.[1];
  if (at > 0 && Number(start) === at) return 0;
  await answer.discard();
  throw new MilleError('network', `the registry gave another part of ${blob.digest} than was asked for`, {
    hint: 'this is for the registry to put right',
  });
}

function otherSize({ registry }: RepositoryClient, digest: Digest, what: string): MilleError {
  return new MilleError('digest-mismatch', `the registry ${registry} gave ${what} for ${digest}`, {
    hint: 'the registry or the image is damaged',
  });
}
