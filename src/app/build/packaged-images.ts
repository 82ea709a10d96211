// The images of a build as they are written to one place: a manifest for each platform, and an index where there are
// several.

import { type BuiltStage, diffIds } from '../../build/execute/index.ts';
import { type Descriptor, MEDIA, type Platform } from '../../oci/image/index.ts';
import type { ImageDocuments, Store } from '../../oci/store/index.ts';
import type { Annotation, ImageDescriptor } from '../types.ts';
import { annotationsOn } from './annotations.ts';
import { annotated, describeImage, layersOf, packageImage, type UnpackagedImage } from './finish-image.ts';

/** The image that was built for one platform. */
export interface BuiltImage {
  readonly built: BuiltStage;
  readonly image: UnpackagedImage;
  readonly platform: Platform;
}

/** The images of a build, and where their layers are. */
interface BuiltImages {
  readonly store: Store;
  /** One for each platform, in the order in which they were asked for. */
  readonly images: readonly BuiltImage[];
}

/** The images of a build as they are written to one place. */
export interface PackagedImages {
  readonly images: readonly ImageDocuments[];
  /** What lists them, where they are for several platforms. */
  readonly index?: PackagedIndex;
}

/** An index that a build made. */
interface PackagedIndex extends ImageDescriptor {
  readonly bytes: Uint8Array;
}

/** Makes the index of images; it is in the store then, though nothing points to it. */
function packageIndex(
  store: Store,
  images: readonly ImageDocuments[],
  annotations: readonly Annotation[],
): PackagedIndex {
  const noted = annotationsOn(annotations, 'index');
  const manifests = images.map((image) => {
    const own = annotationsOn(annotations, 'manifest-descriptor', image.config);
    return { ...describeImage(image), ...annotated(own) };
  });
  const index = { schemaVersion: 2, mediaType: MEDIA.index, manifests, ...annotated(noted) };
  const bytes = Buffer.from(JSON.stringify(index));
  return { mediaType: MEDIA.index, ...store.putBlob(bytes), bytes };
}

/** What was packaged as a whole, as an OCI descriptor. */
export function describeImages({ images, index }: PackagedImages): ImageDescriptor {
  if (!index) return describeImage(images[0]!);
  const { mediaType, digest, size } = index;
  return { mediaType, digest, size };
}

/** The layers of all images, one image after the other, as the store has them. */
export function allLayers({ store, images }: BuiltImages): Descriptor[] {
  return images.flatMap(({ built }) => layersOf(store, built));
}

/**
 * Makes the manifests, and the index where there are several.
 * @param layers those of `allLayers`, or others in the place of each
 */
export function packageImages(
  build: BuiltImages,
  {
    annotations,
    layers = allLayers(build),
  }: { readonly annotations: readonly Annotation[]; readonly layers?: readonly Descriptor[] },
): PackagedImages {
  const { store } = build;
  let taken = 0;
  const images = build.images.map(({ image, built }) => {
    const first = taken;
    taken += diffIds(built.snapshot).length;
    return packageImage(store, image, { layers: layers.slice(first, taken), annotations });
  });
  return images.length === 1 ? { images } : { images, index: packageIndex(store, images, annotations) };
}
