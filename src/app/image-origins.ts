// Where the layers of an image come from, as far as this store knows: lines of Dockerfiles by the records of builds, the
// base by those and by the chains of other images.

import { type BuildRecord, madeImage, openCache } from '../build/cache/index.ts';
import { baseName, type Digest } from '../core/index.ts';
import { type FoundBase, findBase, type KnownImage, type SourceLine } from '../insight/inspect/index.ts';
import { familiarName, type OpenedImage, parseReference } from '../oci/image/index.ts';
import { imageTitle, type Store, type StoredImage } from '../oci/store/index.ts';

/** What is known of an image's layers. */
export interface ImageOrigins {
  readonly base?: FoundBase;
  /** By the layers that they made. */
  readonly lines: ReadonlyMap<Digest, SourceLine>;
  /** The other images of the store. */
  readonly others: readonly KnownImage[];
}

/** Looks for what is known. @param base the image that it stands on, where somebody says so */
export function originsOf(store: Store, image: OpenedImage, base?: FoundBase): ImageOrigins {
  const builds = openCache(store.db, { hasLayer: () => false }).builds();
  const own = builds.filter((build) => madeImage(build, image.imageId));
  const stored = store.surveyImages().sound;
  const found = base ?? baseOf(image, stored, own);
  return {
    ...(found ? { base: found } : {}),
    lines: linesOf([...own, ...builds]),
    others: stored.filter(({ imageId }) => imageId !== image.imageId).map(knownImage),
  };
}

/**
 * What the record of the build says comes first, which knows bases without a name too. Of other images the one with the
 * most layers counts; but another version of the same image is not its base, whatever the two have in common.
 */
function baseOf(
  image: OpenedImage,
  stored: readonly StoredImage[],
  own: readonly BuildRecord[],
): FoundBase | undefined {
  const chain = image.layers.map(({ diffId }) => diffId);
  const others = stored.filter(({ imageId }) => imageId !== image.imageId);
  const recorded = new Set(own.flatMap(({ stages = [] }) => stages.flatMap((stage) => stage.image ?? [])));
  const byRecord = others.filter(({ imageId }) => recorded.has(imageId)).map(knownImage);
  const names = stored.find(({ imageId }) => imageId === image.imageId)?.names ?? [];
  const repositories = new Set([...names.map(repositoryOf), repositoryOf(image.title)]);
  const candidates = others.filter(
    ({ names: given }) => given.length > 0 && !given.some((name) => repositories.has(repositoryOf(name))),
  );
  return findBase(chain, byRecord, { whole: true }) ?? findBase(chain, candidates.map(knownImage));
}

function repositoryOf(name: string): string {
  try {
    return familiarName(parseReference(name));
  } catch {
    return name;
  }
}

function knownImage(image: StoredImage): KnownImage {
  return { title: imageTitle(image), imageId: image.imageId, diffIds: image.config.rootfs.diff_ids };
}

/** Of builds of the image itself first, else of any: the same layer was made by the same instruction. */
function linesOf(builds: readonly BuildRecord[]): ReadonlyMap<Digest, SourceLine> {
  const lines = new Map<Digest, SourceLine>();
  for (const { steps, dockerfile } of builds) {
    for (const { layer, line } of steps)
      if (layer !== undefined && line !== undefined && !lines.has(layer))
        lines.set(layer, { file: baseName(dockerfile) || 'Dockerfile', line });
  }
  return lines;
}
