// ADD of a URL. The file is fetched to know its digest, which is the step's input; the answer's validators are
// remembered, so that an unchanged file costs one conditional request.

import { type Digest, isDigest, MilleError, redactUrls } from '../../core/index.ts';
import type { FileTree } from '../../oci/image/index.ts';
import {
  CWD,
  closeFd,
  createHasher,
  download,
  openForReading,
  readInto,
  sha256,
  statAt,
} from '../../sys/index.ts';
import type { AddSource, AddStep } from '../graph/index.ts';
import type { Selection } from './select-sources.ts';
import type { ExecuteServices } from './services.ts';

/** A downloaded file. */
export interface RemoteFile {
  readonly digest: Digest;
  readonly selection: Selection;
}

interface Remembered {
  readonly digest: Digest;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly fileName?: string;
}

/**
 * Fetches the file of a URL, or finds the copy of last time still valid.
 * @throws MilleError `network`, or `digest-mismatch` where --checksum names another content.
 */
export async function fetchRemoteFile(
  services: ExecuteServices,
  step: AddStep,
  source: Extract<AddSource, { kind: 'url' }>,
): Promise<RemoteFile> {
  const { store } = services;
  // A URL may hold a password: the store keeps its digest only.
  const key = `http:${sha256(source.url)}`;
  const expected = checksumOf(step);
  const known = recall(store.getValue(key));
  const usable = known && store.hasBlob(known.digest) ? known : undefined;
  // Bytes whose digest was asked for need no question to the server.
  if (expected !== undefined && store.hasBlob(expected) && usable?.digest === expected)
    return remote(services, source, usable);
  const writer = store.createBlobWriter();
  const hasher = createHasher();
  try {
    const answer = await download(source.url, {
      ...(usable ? { condition: pickValidators(usable) } : {}),
      signal: services.signal,
      ...(services.trust ? { ca: services.trust.certificates } : {}),
      sink: (chunk) => {
        hasher.update(chunk);
        writer.write(chunk);
      },
      onProgress: (done, total) =>
        services.events({
          type: 'step-progress',
          step: step.id,
          doing: `fetching ${redactUrls(source.url)}`,
          done,
          ...(total === undefined ? {} : { total }),
        }),
    });
    const digest = answer.notModified && usable ? usable.digest : hasher.digest();
    if (expected !== undefined && digest !== expected)
      throw mismatch(step, { url: source.url, digest, expected });
    if (!answer.notModified) writer.commit(digest);
    const { etag, lastModified, fileName } = answer;
    const remembered: Remembered = {
      digest,
      ...(etag ? { etag } : {}),
      ...(lastModified ? { lastModified } : {}),
      ...(fileName ? { fileName } : {}),
    };
    const kept = answer.notModified && usable ? usable : remembered;
    store.setValue(key, JSON.stringify(kept));
    return remote(services, source, kept);
  } catch (error) {
    throw error instanceof MilleError ? error.at(step.span) : error;
  } finally {
    writer.abort();
  }
}

function checksumOf(step: AddStep): Digest | undefined {
  if (step.checksum === undefined) return undefined;
  if (isDigest(step.checksum)) return step.checksum;
  throw new MilleError('digest-invalid', `--checksum '${step.checksum}' is not a sha256 digest`, {
    hint: 'write sha256: and 64 hexadecimal digits',
    ...(step.span ? { span: step.span } : {}),
  });
}

function recall(text: string | undefined): Remembered | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Remembered);
}

function pickValidators({ etag, lastModified }: Remembered): { etag?: string; lastModified?: string } {
  return { ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) };
}

function mismatch(step: AddStep, found: { url: string; digest: Digest; expected: Digest }): MilleError {
  return new MilleError(
    'digest-mismatch',
    `${redactUrls(found.url)} is not the file that --checksum names\nwanted ${found.expected}\nfound  ${found.digest}`,
    {
      hint: 'the file has changed, or --checksum is that of another file; nothing of it was used',
      ...(step.span ? { span: step.span } : {}),
    },
  );
}

function remote(
  services: ExecuteServices,
  source: { url: string; fileName: string },
  file: Remembered,
): RemoteFile {
  const local = services.store.blobPath(file.digest);
  const name = source.fileName !== '' ? source.fileName : (file.fileName ?? '__unnamed__');
  const modified = file.lastModified === undefined ? Number.NaN : Date.parse(file.lastModified) / 1000;
  const entry = {
    path: name,
    type: 'file' as const,
    mode: 0o600,
    uid: 0,
    gid: 0,
    size: statAt(CWD, local)?.size ?? 0,
    mtime: Number.isNaN(modified) ? services.now() : modified,
  };
  const tree: FileTree = {
    get: (path) => (path === name ? entry : undefined),
    children: (path) => (path === '' ? [name] : []),
    digest: () => file.digest,
    open: () => {
      const fd = openForReading(CWD, local);
      return { read: (buffer) => readInto(fd, buffer), close: () => closeFd(fd) };
    },
    localPath: () => local,
  };
  return {
    digest: file.digest,
    selection: { tree, name, path: source.url, root: entry, keepsOwner: false, below: [] },
  };
}
