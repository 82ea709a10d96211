// Documents of images that are not what their digest promises. One damaged image must not keep the others from being
// listed, measured and removed, nor itself from being removed.

import { type Digest, MilleError, shortDigest } from '../../core/index.ts';
import { isErrno } from '../../sys/index.ts';
import { formatReference, parseReference } from '../image/index.ts';

/** What the kernel says of a file that is there and cannot be read, whoever asks. */
const UNREADABLE = ['EIO', 'EISDIR', 'ELOOP', 'ENXIO', 'EUCLEAN', 'EBADMSG'];

/** What is wrong with a document. @throws the error itself where it says nothing of the document */
export function damageOf(error: unknown): string {
  const isDamage =
    isErrno(error, ...UNREADABLE) ||
    (error instanceof MilleError &&
      ['image-missing', 'image-invalid', 'digest-mismatch'].includes(error.code));
  if (!isDamage) throw error;
  return (error as MilleError).message;
}

/** What an image is called: by its names or, without any, by its id. */
export function imageTitle({
  names,
  imageId,
}: {
  readonly names: readonly string[];
  readonly imageId: Digest;
}): string {
  return names.map((name) => formatReference(parseReference(name))).join(', ') || shortDigest(imageId);
}

/** Reads an image. @throws where it is damaged, the same error with the image that it is about */
export function unlessDamaged<T>(entry: Parameters<typeof imageTitle>[0], read: () => T): T {
  try {
    return read();
  } catch (error) {
    const message = `the image ${imageTitle(entry)} is damaged: ${damageOf(error)}`;
    const code = error instanceof MilleError ? error.code : 'image-invalid';
    throw new MilleError(code, message, {
      hint: "pull, load or build it again, or remove it with 'mille rmi'",
      cause: error,
    });
  }
}
