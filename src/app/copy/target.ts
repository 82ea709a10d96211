// Where an image is copied to: blobs first, then documents, the name last. What was not finished is not to be seen.

import { displayPath, MilleError } from '../../core/index.ts';
import {
  type Descriptor,
  formatReference,
  parseConfig,
  parseManifest,
  type RawDocument,
  type Reference,
} from '../../oci/image/index.ts';
import { checkedBlob, openRepository, type RegistryAccess } from '../../oci/registry/index.ts';
import {
  type LayoutName,
  type LayoutWriter,
  loadArchive,
  openLayoutWriter,
  packLayout,
  type Store,
} from '../../oci/store/index.ts';
import { CWD, readSmallFile, statAt } from '../../sys/index.ts';
import { checkFile, intoFile } from '../into-file.ts';
import { nameToGive } from '../name-to-give.ts';
import { makeScratch } from '../open-image/scratch.ts';
import type { CopyDocuments } from './documents.ts';
import { type FileKind, splitTarget } from './place.ts';
import { absolutePath, type CopySource } from './source.ts';

/** How a blob came to be there. */
export type How = 'there' | 'mounted' | 'copied';

/** A place that is written to. */
export interface CopyTarget {
  readonly shown: string;
  blob(blob: Descriptor, progress: (bytes: number) => void): Promise<How>;
  document(document: RawDocument): Promise<void>;
  /** Puts the root there, and names it. */
  finish(documents: CopyDocuments): Promise<void>;
  close(): void;
}

/** What all targets are given. */
export interface TargetServices {
  readonly store: Store;
  readonly source: CopySource;
  readonly signal: AbortSignal;
}

/** Opens a repository. `blobs` are what is going to be copied: some of them may be mounted. */
export function registryTarget(
  { source, signal }: TargetServices,
  {
    reference,
    access,
    blobs,
  }: {
    readonly reference: Reference;
    readonly access: RegistryAccess;
    readonly blobs: readonly Descriptor[];
  },
): CopyTarget {
  const digests = blobs.map(({ digest }) => digest);
  const places = source.places(reference, digests);
  const repository = openRepository(reference, access, { push: true, mounts: [...new Set(places.values())] });
  return {
    shown: formatReference(reference),
    blob: async (blob, progress) => {
      const { digest, size } = blob;
      if (await repository.has(digest)) return 'there';
      const mountFrom = places.get(digest);
      const open = () => checkedBlob(source.stream(blob, signal), digest);
      const how = await repository.send(
        { digest, size, open },
        { onProgress: progress, ...(mountFrom === undefined ? {} : { mountFrom }) },
      );
      return how === 'sent' ? 'copied' : how;
    },
    document: async (document) => void (await repository.putManifest(document.digest, document)),
    finish: async ({ root }) => {
      await repository.putManifest(reference.tag ?? root.digest, root);
    },
    close: () => {},
  };
}

/** A layout that is written to, with what all kinds of targets made of one share. */
function layoutTarget(
  writer: LayoutWriter,
  { source, signal }: TargetServices,
): Pick<CopyTarget, 'blob' | 'document'> {
  return {
    blob: async (blob, progress) => {
      if (await writer.has(blob)) return 'there';
      const stream = counted(checkedBlob(source.stream(blob, signal), blob.digest), {
        blob,
        progress,
        signal,
      });
      await writer.put(blob.digest, stream);
      return 'copied';
    },
    document: (document) => putDocument(writer, document),
  };
}

async function putDocument(writer: LayoutWriter, { digest, bytes }: RawDocument): Promise<void> {
  await writer.put(
    digest,
    (async function* () {
      yield bytes;
    })(),
  );
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  {
    blob,
    progress,
    signal,
  }: {
    readonly blob: Descriptor;
    readonly progress: (bytes: number) => void;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  for await (const chunk of chunks) {
    if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
    bytes += chunk.length;
    if (bytes > blob.size) break;
    progress(bytes);
    yield chunk;
  }
  if (bytes === blob.size) return;
  const message = `the blob ${blob.digest} does not have the ${blob.size} bytes that its manifest says`;
  throw new MilleError('digest-mismatch', message);
}

/** Opens a layout in a directory, or an archive, which appears when it is whole. @throws MilleError `io`, `image-invalid` */
export function fileTarget(services: TargetServices, kind: FileKind, rest: string): CopyTarget {
  const { path, name } = splitTarget(rest);
  const shown = `${kind}:${rest}`;
  if (kind === 'oci') {
    const there = statAt(CWD, `${path}/.`) ?? statAt(CWD, path);
    if (there && there.type !== 'dir') {
      throw new MilleError('io', `cannot write a layout to '${displayPath(path)}': it is a file`, {
        hint: 'name a directory, or write oci-archive:FILE or docker-archive:FILE',
      });
    }
    const writer = openLayoutWriter(absolutePath(path));
    const named = layoutName(name);
    return {
      shown,
      ...layoutTarget(writer, services),
      finish: async ({ root }) => {
        await putDocument(writer, root);
        writer.list(root, named);
      },
      close: () => {},
    };
  }
  checkFile(path);
  const forDocker = kind === 'docker-archive';
  const tagged = name === undefined ? undefined : forDocker ? canonicalOf(name) : layoutName(name);
  const scratch = makeScratch(services.store);
  const directory = `${scratch.path}/layout`;
  const writer = openLayoutWriter(directory);
  return {
    shown,
    ...layoutTarget(writer, services),
    finish: async (documents) => {
      const { root, members, blobs } = documents;
      await putDocument(writer, root);
      writer.list(root, tagged ?? { tag: 'latest' });
      const layout = {
        directory,
        digests: [root, ...members, ...blobs].map(({ digest }) => digest),
        index: readText(`${directory}/index.json`),
        ...(forDocker ? { docker: dockerImage(directory, root, tagged) } : {}),
      };
      await intoFile(path, (sink) => packLayout(layout, sink), services.signal);
    },
    close: () => scratch.remove(),
  };
}

function dockerImage(directory: string, root: RawDocument, name: LayoutName | undefined) {
  const manifest = parseManifest(new TextDecoder().decode(root.bytes));
  const config = parseConfig(readText(`${directory}/blobs/sha256/${manifest.config.digest.slice(7)}`));
  return { manifest, config, ...(name && 'canonical' in name ? { name: name.canonical } : {}) };
}

function readText(path: string): string {
  return new TextDecoder().decode(readSmallFile(CWD, path, 16 * 1024 * 1024));
}

/** The store: what comes is checked as an archive is that is loaded. */
export function storeTarget(services: TargetServices, name: string): CopyTarget {
  const { store } = services;
  const canonical = canonicalOf(name);
  const scratch = makeScratch(store);
  const directory = `${scratch.path}/layout`;
  const writer = openLayoutWriter(directory);
  return {
    shown: `store://${name}`,
    ...layoutTarget(writer, services),
    finish: async ({ root }) => {
      await putDocument(writer, root);
      writer.list(root, canonical);
      await loadArchive(store, directory);
    },
    close: () => scratch.remove(),
  };
}

function canonicalOf(name: string): { readonly canonical: string } {
  return { canonical: nameToGive(name) };
}

/** With a colon or a slash in it it is a whole name, as `mille load` and Docker look for it; else a tag alone. */
function layoutName(name: string | undefined): LayoutName {
  if (name === undefined) return { tag: 'latest' };
  if (/[:/@]/.test(name)) return canonicalOf(name);
  if (/^[A-Za-z0-9]+(?:(?:[-._+]|--)[A-Za-z0-9]+)*$/.test(name)) return { tag: name };
  throw new MilleError('usage', `'${displayPath(name)}' is no tag`, {
    hint: 'write letters, digits, and . _ - between them',
  });
}
