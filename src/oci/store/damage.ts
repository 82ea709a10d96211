// Documents of images that are not what their digest promises. One damaged image must not keep the others from being
// listed, measured and removed, nor itself from being removed.

import { MilleError } from '../../core/index.ts';
import { isErrno } from '../../sys/index.ts';

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
