// Blobs from one repository to another, of the same registry or not, without the store: what is there already stays,
// what the registry can mount is mounted, the rest passes through and is checked on the way.

import { type Digest, inParallel, LIMITS, MilleError } from '../../core/index.ts';
import { checkedChunks } from '../../sys/index.ts';
import type { Repository } from './repository.ts';
import type { Sent } from './upload.ts';

/** A blob to be copied. */
export interface BlobToCopy {
  readonly digest: Digest;
  readonly size: number;
}

/** How a blob came to be there: it was, or it came. */
export type Copied = 'there' | Sent;

/** Where to report: for each blob the bytes that have arrived, and how it ended. */
export interface CopyOptions {
  readonly onProgress?: (blob: BlobToCopy, bytes: number) => void;
  readonly onCopied?: (blob: BlobToCopy, how: Copied) => void;
  readonly signal?: AbortSignal;
}

/**
 * Copies a blob. To mount it, `to` has to be opened with the repository of `from` among its `mounts`.
 * @throws MilleError `digest-mismatch` for bytes that are another blob's: nothing is there then; what either side throws
 */
export async function copyBlob(
  from: Repository,
  to: Repository,
  blob: BlobToCopy,
  { onProgress, onCopied, signal }: CopyOptions = {},
): Promise<Copied> {
  const ended = (how: Copied): Copied => {
    onCopied?.(blob, how);
    return how;
  };
  const near = from.registry === to.registry;
  if ((near && from.name === to.name) || (await to.has(blob.digest))) return ended('there');
  const open = () => checkedBlob(from.stream(blob, signal), blob.digest);
  const sent = await to.send(
    { ...blob, open },
    {
      ...(near ? { mountFrom: from.name } : {}),
      ...(onProgress ? { onProgress: (bytes) => onProgress(blob, bytes) } : {}),
    },
  );
  return ended(sent);
}

/** Copies blobs, some at a time, each digest once. @throws as `copyBlob`, after all that was begun has ended */
export async function copyBlobs(
  from: Repository,
  to: Repository,
  blobs: Iterable<BlobToCopy>,
  options: CopyOptions = {},
): Promise<void> {
  const once = new Map([...blobs].map((blob) => [blob.digest, blob]));
  await inParallel(once.values(), async (blob) => void (await copyBlob(from, to, blob, options)));
}

/** Reads the config of an image. @throws as `checkedBlob`; MilleError `image-invalid` where it is no small one */
export async function readConfig<B extends BlobToCopy>(
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
