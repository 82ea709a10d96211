// Images of archives and of OCI layouts.

import { displayPath, MilleError } from '../../core/index.ts';
import { formatReference, type OpenedImage, type Platform, parseReference } from '../../oci/image/index.ts';
import { openArchivedImage, type Store } from '../../oci/store/index.ts';
import { CWD, statAt, workingDirectory } from '../../sys/index.ts';
import type { ReadingOptions } from './complete-layer.ts';
import { openElsewhere } from './elsewhere.ts';
import type { ImageFile } from './place.ts';
import { makeScratch } from './scratch.ts';

/** What an archive is opened with. */
export interface ArchiveInput extends ReadingOptions {
  /** What is read: a file or directory by its absolute path, a descriptor, or a stream. */
  readonly input: string | number | AsyncIterable<Uint8Array>;
  /** As messages call it. */
  readonly shown: string;
  readonly origin: OpenedImage['origin'];
  readonly choice: Pick<ImageFile, 'name' | 'digest'>;
  readonly platform?: Platform;
  readonly caches?: boolean;
}

/** Opens an image of a file or directory. */
export function openImageFile(
  store: Store,
  { path, name, digest }: ImageFile,
  how: Pick<ArchiveInput, 'platform' | 'signal' | 'progress' | 'caches'>,
): Promise<OpenedImage> {
  const input = path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
  return openArchive(store, {
    ...{ input, shown: displayPath(path) },
    origin: statAt(CWD, `${input}/.`) ? 'layout' : 'archive',
    choice: { ...(name === undefined ? {} : { name }), ...(digest === undefined ? {} : { digest }) },
    ...how,
  });
}

/** Opens an image of an archive. */
export async function openArchive(store: Store, archive: ArchiveInput): Promise<OpenedImage> {
  const { input, shown, origin, choice, platform, caches } = archive;
  const scratch = makeScratch(store);
  try {
    const image = await openArchivedImage(input, scratch.path, {
      ...choice,
      ...(platform ? { platform } : {}),
      ...(caches === undefined ? {} : { caches }),
    });
    const { imageId, manifestDigest, config, name, layers, surroundings, isCache } = image;
    const elsewhere = {
      title: name === undefined ? shown : formatReference(parseReference(name)),
      ...{ origin, imageId, config, layers },
      ...(manifestDigest ? { manifestDigest } : {}),
      ...(surroundings ? { surroundings } : {}),
      ...(isCache ? { isCache } : {}),
      close: async () => {
        image.close();
        scratch.remove();
      },
    };
    return openElsewhere(store, elsewhere, archive);
  } catch (error) {
    scratch.remove();
    throw named(error, shown);
  }
}

const OF_ARCHIVE: readonly string[] = [
  ...[
    'image-invalid',
    'image-missing',
    'archive-broken',
    'archive-escape',
    'archive-limit',
    'digest-mismatch',
  ],
  'platform-unsupported',
];

/** Says which file it was. */
function named(error: unknown, shown: string): unknown {
  if (!(error instanceof MilleError) || !OF_ARCHIVE.includes(error.code)) return error;
  const { code, message, hint } = error;
  return new MilleError(code, `${shown}: ${message}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}
