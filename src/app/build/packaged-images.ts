// The images of a build as they are written to one place: a manifest for each platform, and an index where there are
// several.

import { type BuiltStage, diffIds } from '../../build/execute/index.ts';
import { type Descriptor, MEDIA, type Platform } from '../../oci/image/index.ts';
import type { ImageDocuments, Store } from '../../oci/store/index.ts';
import { type AttestationDocuments, type Attested, packageAttestation } from '../attest/attested.ts';
import type { Annotation, ImageDescriptor } from '../types.ts';
import { annotationsOn } from './annotations.ts';
import { annotated, describeImage, layersOf, packageImage, type UnpackagedImage } from './finish-image.ts';

/** The image that was built for one platform. */
export interface BuiltImage {
  readonly built: BuiltStage;
  readonly image: UnpackagedImage;
  readonly platform: Platform;
  /** What is to be said of it, in this order. */
  readonly attested?: readonly Attested[];
}

/** How attestations stand beside images. */
export interface BesideImages {
  /** The names that the images have there. */
  readonly names: readonly string[];
  /** An index is made also for what is only to be attested where there is one. */
  readonly always: boolean;
  /** As artifacts that name their subjects. */
  readonly artifact: boolean;
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
  /** What lists them, where they are for several platforms or attested. */
  readonly index?: PackagedIndex;
  /** What is attested of them. */
  readonly attestations: readonly AttestationDocuments[];
}

/** An index that a build made. */
interface PackagedIndex extends ImageDescriptor {
  readonly bytes: Uint8Array;
}

/** Makes the index of images; it is in the store then, though nothing points to it. */
function packageIndex(
  store: Store,
  { images, attestations }: Pick<PackagedImages, 'images' | 'attestations'>,
  annotations: readonly Annotation[],
): PackagedIndex {
  const noted = annotationsOn(annotations, 'index');
  const own = images.map((image) => {
    const notes = annotationsOn(annotations, 'manifest-descriptor', image.config);
    return { ...describeImage(image), ...annotated(notes) };
  });
  const manifests = [...own, ...attestations.map(({ entry }) => entry)];
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

/** How images are packaged. */
export interface Packaging {
  readonly annotations: readonly Annotation[];
  /** Those of `allLayers`, or others in the place of each. */
  readonly layers?: readonly Descriptor[];
  /** Absent where there can be no attestations. */
  readonly beside?: BesideImages;
}

/** Makes the manifests, and the index where there are several, or something is attested of the one. */
export function packageImages(
  build: BuiltImages,
  { annotations, layers = allLayers(build), beside }: Packaging,
): PackagedImages {
  const { store } = build;
  let taken = 0;
  const images = build.images.map(({ image, built }) => {
    const first = taken;
    taken += diffIds(built.snapshot).length;
    return packageImage(store, image, { layers: layers.slice(first, taken), annotations });
  });
  const attestations = beside ? attest(build, images, beside) : [];
  const packaged = { images, attestations };
  if (images.length === 1 && attestations.length === 0) return packaged;
  return { ...packaged, index: packageIndex(store, packaged, annotations) };
}

function attest(
  { store, images: built }: BuiltImages,
  packaged: readonly ImageDocuments[],
  { names, always, artifact }: BesideImages,
): AttestationDocuments[] {
  const indexed = built.length > 1 || always || built.some(({ attested = [] }) => attested.some(isWanted));
  if (!indexed) return [];
  return built.flatMap(({ attested = [], platform }, i) => {
    if (attested.length === 0) return [];
    const { manifest, ...image } = packaged[i]!;
    const about = { image: describeImage({ manifest, ...image }), platform, names, layers: manifest.layers };
    return [packageAttestation(store, attested, about, artifact)];
  });
}

/** Not only where there is an index anyway. */
function isWanted({ inlineOnly }: Attested): boolean {
  return !inlineOnly;
}
