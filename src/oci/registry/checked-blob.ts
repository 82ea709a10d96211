// Blobs that are checked on their way: no digest, no content.

import { type Digest, LIMITS, MilleError } from '../../core/index.ts';
import { checkedChunks } from '../../sys/index.ts';

/** What is known of a blob. */
interface KnownBlob {
  readonly digest: Digest;
  readonly size: number;
}

/** Reads the config of an image. @throws as `checkedBlob`; MilleError `image-invalid` where it is no small one */
export async function readConfig<B extends KnownBlob>(
  from: { readonly stream: (blob: B) => AsyncIterable<Uint8Array> },
  blob: B,
): Promise<Uint8Array> {
  if (blob.size > LIMITS.manifest)
    throw new MilleError('image-invalid', `the config is larger than ${LIMITS.manifest} bytes`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of checkedBlob(from.stream(blob), blob.digest)) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}

/**
 * Passes a blob on and fails at its end where it is another one: before the other side is asked to keep it.
 * @throws MilleError `digest-mismatch`
 */
export function checkedBlob(chunks: AsyncIterable<Uint8Array>, digest: Digest): AsyncGenerator<Uint8Array> {
  return checkedChunks(
    chunks,
    digest,
    (actual) =>
      new MilleError('digest-mismatch', `a blob should be ${digest} but is ${actual}`, {
        hint: 'the registry that it comes from is damaged, or somebody on the way changed it',
      }),
  );
}
