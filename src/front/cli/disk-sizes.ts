// Flags that hold a size on the disk.

import { MilleError, parseDiskSize } from '../../core/index.ts';

/** The bytes that a flag says; undefined where it wasn't given. @throws MilleError `usage` */
export function diskSize(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const bytes = parseDiskSize(text);
  if (bytes !== undefined) return bytes;
  throw new MilleError('usage', `${flag} can't be '${text}'`, {
    hint: 'write a size such as 10GB, 500MB or 2GiB',
  });
}
