// One repository of a registry, read and written blob by blob: what pushing an image and a cache that travels stand on.

import { type Digest, isDigest, LIMITS, MilleError } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import { MEDIA, type Reference } from '../image/index.ts';
import type { RegistryAccess } from './access.ts';
import { streamBlob } from './blob.ts';
import { openClient } from './client.ts';
import { readBody } from './read-body.ts';
import {
  type BlobToMake,
  type BlobToSend,
  isThere,
  type Made,
  type SendOptions,
  type Sent,
  sendBlob,
  sendMade,
} from './upload.ts';

/** A manifest or an index as a registry has it. */
export interface RemoteDocument {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/** A repository. Every call throws MilleError `network`, `registry-denied`, `interrupted`. */
export interface Repository {
  readonly registry: string;
  /** Without its registry: `library/python`. */
  readonly name: string;
  /** A manifest or an index by tag or digest. @throws MilleError `image-missing`, `digest-mismatch` */
  manifest(name: string): Promise<RemoteDocument>;
  /** A blob, or the rest of it: of exactly its size, its digest to be checked by the reader. */
  stream(
    blob: { readonly digest: Digest; readonly size: number },
    signal?: AbortSignal,
    from?: number,
  ): AsyncIterable<Uint8Array>;
  /** Whether a blob is there. */
  has(digest: Digest): Promise<boolean>;
  /** Puts a blob there, which is not. */
  send(blob: BlobToSend, options?: SendOptions): Promise<Sent>;
  /** Puts a blob there whose digest shows at its end. */
  sendMade(blob: BlobToMake, options?: SendOptions): Promise<Made>;
  /** Puts a manifest or an index there, whose blobs are there already, under a tag or its digest. */
  putManifest(
    name: string,
    document: { readonly mediaType: string; readonly bytes: Uint8Array },
  ): Promise<Digest>;
}

/** How a repository is opened. */
export interface RepositoryOptions {
  /** Whether something is put there: the login must allow that. */
  readonly push?: boolean;
  /** Repositories of the same registry that blobs may be mounted from. */
  readonly mounts?: readonly string[];
}

const ACCEPT = [MEDIA.index, MEDIA.dockerManifestList, MEDIA.manifest, MEDIA.dockerManifest].join(', ');

/** Makes ready to work with the repository of a reference; nothing is sent yet. */
export function openRepository(
  reference: Reference,
  access: RegistryAccess,
  options: RepositoryOptions = {},
): Repository {
  const client = openClient(reference, access, options);
  return {
    registry: client.registry,
    name: reference.repository,
    manifest: async (name) => {
      const answer = await client.ask({ kind: 'manifests', name, headers: { accept: ACCEPT } });
      const bytes = await readBody(answer, `the manifest ${name}`, LIMITS.manifest);
      const digest = sha256(bytes);
      if (isDigest(name) && name !== digest) {
        throw new MilleError('digest-mismatch', `the manifest should be ${name} but is ${digest}`, {
          hint: 'the registry is damaged, or somebody on the way changed it',
        });
      }
      return { digest, bytes };
    },
    stream: (blob, signal, from) => {
      const signals = [signal, access.signal].filter((one) => one !== undefined);
      return streamBlob(client, blob, { ...access, signal: AbortSignal.any(signals) }, from);
    },
    has: (digest) => isThere(client, digest),
    send: (blob, sending = {}) => sendBlob(client, blob, { ...sending, access }),
    sendMade: (blob, sending = {}) => sendMade(client, blob, { ...sending, access }),
    putManifest: async (name, { mediaType, bytes }) => {
      const answer = await client.ask({
        kind: 'manifests',
        name,
        method: 'PUT',
        headers: { 'content-type': mediaType },
        body: bytes,
        expected: [200, 201, 202],
      });
      await answer.discard();
      const digest = sha256(bytes);
      const kept = answer.header('docker-content-digest');
      if (kept?.startsWith('sha256:') && kept !== digest) throw keptOther(client.registry, { digest, kept });
      return digest;
    },
  };
}

/** Whoever pulls it would get something else than was pushed. */
function keptOther(
  registry: string,
  { digest, kept }: { readonly digest: Digest; readonly kept: string },
): MilleError {
  const other = isDigest(kept) ? kept : 'something else';
  return new MilleError(
    'digest-mismatch',
    `the manifest that was sent is ${digest}, and ${registry} says that it keeps ${other}`,
    {
      hint: 'the registry is damaged, or somebody on the way changed it: what it has under this name now is not this image',
    },
  );
}
