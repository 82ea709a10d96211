// Blobs that were cut while they came, kept for whoever asks for them next, in this process or another: files below
// tmp/, each locked by whoever writes it. What a kill or a power failure left in one is not believed: its bytes are read
// again, and the digest of the whole tells.

import { type Digest, digestHex } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  isErrno,
  lockFd,
  O,
  openAt,
  statAt,
  statFd,
  truncateFd,
  unlinkAt,
} from '../../sys/index.ts';
import { namesIn } from './names-in.ts';

const SUFFIX = '.partial';

/** Milliseconds after which nobody comes back for one. */
const KEPT = 7 * 24 * 3_600_000;
/** Bytes of all of them together; the oldest go. */
const MOST_BYTES = 20 * 1024 ** 3;
/** Bytes that are not worth a file. */
const WORTH = 256 * 1024;

/** A partial blob, open for writing at its end, and locked. */
export interface PartialFile {
  readonly path: string;
  readonly fd: number;
  /** Bytes that are there. */
  readonly size: number;
}

/** Opens or makes the file of a blob that comes; undefined where somebody else is at it. */
export function openPartial(tmp: string, digest: Digest, expected: number): PartialFile | undefined {
  const path = `${tmp}/${digestHex(digest)}${SUFFIX}`;
  for (;;) {
    const flags = O.RDWR | O.CREAT | O.NOFOLLOW;
    const fd = openAt(CWD, path, { flags, mode: 0o644 });
    if (!lockFd(fd, { exclusive: true, wait: false })) {
      closeFd(fd);
      return undefined;
    }
    // Between opening and locking somebody may have finished or removed it: then it is another file, or none.
    if (statAt(CWD, path)?.ino !== statFd(fd).ino) {
      closeFd(fd);
      continue;
    }
    const { size } = statFd(fd);
    if (size <= expected) return { path, fd, size };
    truncateFd(fd, 0);
    return { path, fd, size: 0 };
  }
}

/** Whether so much is worth being kept. */
export function isWorthKeeping(size: number): boolean {
  return size >= WORTH;
}

/** Whether a name below tmp/ is that of a partial blob. */
export function isPartial(name: string): boolean {
  return name.endsWith(SUFFIX);
}

/** Removes partial blobs that are old, or too many; with `all`, every one that nobody writes. */
export function sweepPartials(tmp: string, all: boolean): void {
  const files = namesIn(tmp)
    .filter(isPartial)
    .flatMap((name) => {
      const path = `${tmp}/${name}`;
      const stat = statAt(CWD, path);
      return stat ? [{ path, size: stat.size, changed: stat.mtime * 1000 }] : [];
    })
    .sort((a, b) => b.changed - a.changed);
  let bytes = 0;
  for (const { path, size, changed } of files) {
    bytes += size;
    if (all || Date.now() - changed > KEPT || bytes > MOST_BYTES) removePartial(path);
  }
}

function removePartial(path: string): void {
  let fd: number | undefined;
  try {
    fd = openAt(CWD, path, { flags: O.RDWR | O.NOFOLLOW });
    if (!lockFd(fd, { exclusive: true, wait: false })) return;
    if (statAt(CWD, path)?.ino === statFd(fd).ino) unlinkAt(CWD, path);
  } catch (error) {
    // A link is nobody's partial blob; whatever else it is, it is not ours to repair.
    if (isErrno(error, 'ELOOP')) unlinkAt(CWD, path);
  } finally {
    if (fd !== undefined) closeFd(fd);
  }
}
