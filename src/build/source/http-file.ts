// A file by HTTP, in the store as a blob. The answer's validators are remembered, so that an unchanged file costs one
// conditional request; a file whose digest is known beforehand costs none once it is there.

import { type Digest, LIMITS, MilleError, redactUrls } from '../../core/index.ts';
import { createHasher, download, isOffline, sha256 } from '../../sys/index.ts';
import type { Report, SourceSession } from './session.ts';

/** A file to fetch. */
export interface FileRequest {
  readonly url: string;
  /** What its content must be. */
  readonly expected?: Digest;
  /** Who says so; `--checksum` if not given. */
  readonly expectedBy?: string;
  /** Bytes that it may have. */
  readonly limit?: number;
  readonly report: Report;
}

/** A file that was fetched. */
export interface FetchedFile {
  readonly digest: Digest;
  /** Absolute path of a file with its content, to be read only. */
  readonly path: string;
  /** Seconds since the epoch, where the server says it. */
  readonly modified?: number;
  /** The name that the server proposes. */
  readonly fileName?: string;
  /** Whether an earlier build had left it, and it is still valid. */
  readonly fromStore: boolean;
}

/** Begins the keys under which the store remembers files by HTTP. */
export const HTTP_KEY = 'http:';

interface Remembered {
  readonly digest: Digest;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly fileName?: string;
}

/**
 * Fetches a file, or finds the copy of last time still valid.
 * @throws MilleError `network`, or `digest-mismatch` where it is not the content that is expected.
 */
export async function fetchFile(session: SourceSession, request: FileRequest): Promise<FetchedFile> {
  const { store } = session;
  const { url, expected, expectedBy, limit = LIMITS.download, report } = request;
  // A URL may hold a password: the store keeps its digest only.
  const key = `${HTTP_KEY}${sha256(url)}`;
  // What was asked for by its digest is remembered beside what the URL gives by now.
  const ownKey = expected === undefined ? key : `${HTTP_KEY}${sha256(`${url} ${expected}`)}`;
  const own = ownKey === key ? undefined : usableOf(session, ownKey);
  if (own) return fetched(session, own, true);
  const usable = usableOf(session, key);
  // Bytes whose digest was asked for need no question to the server.
  if (expected !== undefined && usable?.digest === expected) {
    store.setValue(ownKey, JSON.stringify(usable));
    return fetched(session, usable, true);
  }
  // Where nobody may be asked, what the URL gave last time is what it gives.
  if (expected === undefined && usable && isOffline()) return fetched(session, usable, true);
  const writer = store.createBlobWriter();
  const hasher = createHasher();
  const authorization = authorizationFor(session, url);
  try {
    const answer = await download(url, {
      ...(usable ? { condition: pickValidators(usable) } : {}),
      ...(authorization === undefined ? {} : { authorization }),
      ...(session.ca === undefined ? {} : { ca: session.ca }),
      limit,
      signal: session.signal,
      sink: (chunk) => {
        hasher.update(chunk);
        writer.write(chunk);
      },
      onProgress: (done, total) => report(`fetching ${redactUrls(url)}`, done, total),
    });
    const digest = answer.notModified && usable ? usable.digest : hasher.digest();
    if (expected !== undefined && digest !== expected)
      throw mismatch({ url, digest, expected, by: expectedBy });
    if (answer.notModified && usable) return fetched(session, usable, true);
    writer.commit(digest);
    const { etag, lastModified, fileName } = answer;
    const remembered: Remembered = {
      digest,
      ...(etag ? { etag } : {}),
      ...(lastModified ? { lastModified } : {}),
      ...(fileName ? { fileName } : {}),
    };
    for (const one of new Set([key, ownKey])) store.setValue(one, JSON.stringify(remembered));
    return fetched(session, remembered, false);
  } finally {
    writer.abort();
  }
}

/** As in BuildKit: a secret named after the host, the header itself or a token. The token wins where both are given. */
function authorizationFor({ secrets }: SourceSession, url: string): string | undefined {
  const host = URL.parse(url)?.hostname ?? '';
  const text = (name: string) => {
    const bytes = secrets.values.get(`${name}_${host}`);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString().trim();
  };
  const token = text('HTTP_AUTH_TOKEN');
  const header = token === undefined ? text('HTTP_AUTH_HEADER') : `Bearer ${token}`;
  if (header === undefined || !/[\0\r\n]/.test(header)) return header;
  throw new MilleError('usage', `the secret HTTP_AUTH_…_${host} has more than one line`, {
    hint: 'it is a token, or the value of a header',
  });
}

/** What is remembered under a key, where its bytes are still there. */
function usableOf({ store }: SourceSession, key: string): Remembered | undefined {
  const text = store.getValue(key);
  const known = text === undefined ? undefined : (JSON.parse(text) as Remembered);
  return known && store.hasBlob(known.digest) ? known : undefined;
}

function pickValidators({ etag, lastModified }: Remembered): { etag?: string; lastModified?: string } {
  return { ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) };
}

function fetched({ store }: SourceSession, file: Remembered, fromStore: boolean): FetchedFile {
  const modified = file.lastModified === undefined ? Number.NaN : Date.parse(file.lastModified) / 1000;
  return {
    digest: file.digest,
    path: store.blobPath(file.digest),
    fromStore,
    ...(Number.isNaN(modified) ? {} : { modified }),
    ...(file.fileName === undefined ? {} : { fileName: file.fileName }),
  };
}

function mismatch(file: {
  readonly url: string;
  readonly digest: Digest;
  readonly expected: Digest;
  readonly by: string | undefined;
}): MilleError {
  const { url, digest, expected, by = '--checksum' } = file;
  const update = by === '--checksum' ? '' : '; `mille lock --update` takes what is there now';
  return new MilleError(
    'digest-mismatch',
    `${redactUrls(url)} is not the file that ${by} names\nwanted ${expected}\nfound  ${digest}`,
    { hint: `the file has changed, or ${by} is that of another file; nothing of it was used${update}` },
  );
}
