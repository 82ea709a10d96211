// `mille inspect`: one image as a document in the field names of `docker image inspect`.

import type { Digest } from '../core/index.ts';
import { familiarName, formatReference, parseReference } from '../oci/image/index.ts';
import type { StoredImage } from '../oci/store/index.ts';
import { findImageFor } from './find-image.ts';
import { withServices } from './services.ts';
import type { ImageDocument, PlatformChoice } from './types.ts';

/** Documents of images, in the order given. See `App.inspect`. */
export function inspect(
  names: readonly string[],
  options: PlatformChoice = {},
): Promise<readonly ImageDocument[]> {
  return withServices('read', async (services) => {
    const store = await services.store();
    const found = names.map((name) => findImageFor(store, name, options.platform).manifestDigest);
    return found.map((digest) => imageDocument(store.image(digest), (name) => store.indexOf(name)));
  });
}

/**
 * The document of an image. `GraphDriver` is left out: the layers' directories are nobody's to enter. `RepoDigests`
 * are those of the manifest or index as it is here; a push of the same bytes gives the same.
 * @param indexOf the index that a name points to, where it is one
 */
function imageDocument(
  image: StoredImage,
  indexOf: (name: string) => Digest | undefined = () => undefined,
): ImageDocument {
  const { config, manifestDigest, imageId } = image;
  const references = image.names.map((name) => parseReference(name));
  const digests = image.names.map(
    (name) => `${familiarName(parseReference(name))}@${indexOf(name) ?? manifestDigest}`,
  );
  const { architecture, variant, os, rootfs } = config;
  return {
    Id: imageId,
    RepoTags: references.map(formatReference),
    RepoDigests: [...new Set(digests)],
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
    ...(image.distant.length === 0 ? {} : { DistantLayers: image.distant.map(distantLayer) }),
    RootFS: { Type: 'layers', Layers: rootfs.diff_ids },
    Metadata: { LastTagTime: timeOf(image.tagged) },
    Descriptor: { mediaType: image.mediaType, digest: manifestDigest, size: image.manifestBytes.length },
  };
}

/** A layer that is not here, and the image of a registry that has it. */
function distantLayer({ descriptor, origin }: StoredImage['distant'][number]) {
  return { Digest: descriptor.digest, Size: descriptor.size, Origin: origin };
}

/** The fields that Docker always shows, and whatever else the config holds. */
export function configDocument({ config }: Pick<StoredImage, 'config'>): Record<string, unknown> {
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
