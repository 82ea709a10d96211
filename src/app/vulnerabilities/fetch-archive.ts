// An archive from a server, to a file: begun again where it was cut, if the server has the same one still, and checked
// against what the server says of it.

import { MilleError, redactUrls } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  createPackageHasher,
  download,
  O,
  openAt,
  readChunks,
  readSmallFile,
  skipFd,
  statAt,
  truncateFd,
  unlinkAt,
  writeAll,
  writeFileAtomically,
} from '../../sys/index.ts';

/** Bytes that an archive of records may have. */
const LARGEST = 8 * 1024 ** 3;
const LONGEST_ETAG = 1024;

/** An archive that was fetched. */
export interface FetchedArchive {
  readonly etag?: string;
}

/** How to fetch one. */
export interface FetchOptions {
  /** Where it goes; what was cut stays there for the next time, with a note beside it. */
  readonly path: string;
  /** What the server called the one that is had already. */
  readonly known?: string;
  readonly ca?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

/**
 * Fetches it.
 * @returns undefined where it is the one that is had already
 * @throws MilleError `network`, `disk-full`
 */
export async function fetchArchive(url: string, options: FetchOptions): Promise<FetchedArchive | undefined> {
  const { path, known, ca, signal, onProgress } = options;
  const note = `${path}.etag`;
  const fd = openAt(CWD, path, { flags: O.RDWR | O.CREAT | O.NOFOLLOW, mode: 0o644 });
  try {
    // A byte less than there is: of what is complete a server has no part to send.
    const cut = (statAt(CWD, path)?.size ?? 0) - 1;
    const etag = cut > 0 ? readNote(note) : undefined;
    const answer = await download(url, {
      ...(etag === undefined ? {} : { resume: { offset: cut, etag } }),
      ...(known === undefined || etag !== undefined ? {} : { condition: { etag: known } }),
      ...(ca === undefined ? {} : { ca }),
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
      limit: LARGEST,
      onStart(offset, now) {
        truncateFd(fd, offset);
        skipFd(fd, offset);
        // A weak one does not say that bytes are the same.
        if (now === undefined || now.startsWith('W/') || now.length > LONGEST_ETAG) removeNote(note);
        else writeFileAtomically(note, now);
      },
      sink: (bytes) => writeAll(fd, bytes),
    });
    removeNote(note);
    if (answer.notModified) return undefined;
    if (answer.md5 !== undefined && (await md5Of(path)) !== answer.md5) {
      truncateFd(fd, 0);
      throw new MilleError('network', `${redactUrls(url)} came damaged: its MD5 is another`, {
        hint: 'try again',
      });
    }
    return answer.etag === undefined ? {} : { etag: answer.etag };
  } finally {
    closeFd(fd);
  }
}

function readNote(path: string): string | undefined {
  if (!statAt(CWD, path)) return undefined;
  const text = new TextDecoder().decode(readSmallFile(CWD, path, LONGEST_ETAG));
  return /^"[\x21-\x7e]*"$/.test(text) ? text : undefined;
}

function removeNote(path: string): void {
  if (statAt(CWD, path)) unlinkAt(CWD, path);
}

async function md5Of(path: string): Promise<string> {
  const hasher = createPackageHasher();
  for await (const chunk of readChunks(path)) hasher.update(chunk);
  return Buffer.from(hasher.sums().md5, 'hex').toString('base64');
}
