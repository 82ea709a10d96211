// `mille inspect`: one image as a document in the field names of `docker image inspect`.

import { familiarName, formatReference, parseReference } from '../oci/image/index.ts';
import type { StoredImage } from '../oci/store/index.ts';
import { findImage } from './find-image.ts';
import { withServices } from './services.ts';
import type { ImageDocument } from './types.ts';

/** Documents of images, in the order given. See `App.inspect`. */
export function inspect(names: readonly string[]): Promise<readonly ImageDocument[]> {
  return withServices('read', async (services) => {
    const store = await services.store();
    const found = names.map((name) => findImage(store, name).manifestDigest);
    return found.map((digest) => imageDocument(store.image(digest)));
  });
}

/**
 * The document of an image. `GraphDriver` is left out: the layers' directories are nobody's to enter. `RepoDigests`
 * are those of the manifest as it is here; a push of the same bytes gives the same.
 */
export function imageDocument(image: StoredImage): ImageDocument {
  const { config, manifestDigest, imageId } = image;
  const references = image.names.map((name) => parseReference(name));
  const { architecture, variant, os, rootfs } = config;
  return {
    Id: imageId,
    RepoTags: references.map(formatReference),
    RepoDigests: [...new Set(references.map((ref) => `${familiarName(ref)}@${manifestDigest}`))],
    Parent: '',
    Comment: config.history?.at(-1)?.comment ?? '',
    Created: config.created ?? '',
    DockerVersion: '',
    Author: config.author ?? '',
    Config: configDocument(image),
    Architecture: architecture,
    ...(variant === undefined ? {} : { Variant: variant }),
    Os: os,
    Size: image.size,
    RootFS: { Type: 'layers', Layers: rootfs.diff_ids },
    Metadata: { LastTagTime: timeOf(image.tagged) },
    Descriptor: { mediaType: image.mediaType, digest: manifestDigest, size: image.manifestBytes.length },
  };
}

/** The fields that Docker always shows, and whatever else the config holds. */
function configDocument({ config }: StoredImage): Record<string, unknown> {
  const given = config.config ?? {};
  return {
    User: '',
    Env: null,
    Cmd: null,
    Volumes: null,
    WorkingDir: '',
    Entrypoint: null,
    OnBuild: null,
    Labels: null,
    ...given,
  };
}

/** As Docker says it, "never" included. */
function timeOf(seconds: number | undefined): string {
  return seconds === undefined ? '0001-01-01T00:00:00Z' : new Date(seconds * 1000).toISOString();
}
