// The base that an image stands on: as it is asked for, or as annotations, records of builds and other images say.

import { MilleError } from '../../core/index.ts';
import type { ImageConfig, OpenedImage } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { lookUpImage } from '../find-image.ts';
import { originsOf } from '../image-origins.ts';
import { type OpenImageOptions, withImage } from '../open-image/open-image.ts';
import type { Services } from '../services.ts';
import type { RebaseImage } from './types.ts';

/** Annotations of the OCI image spec. */
export const BASE_NAME = 'org.opencontainers.image.base.name';
export const BASE_DIGEST = 'org.opencontainers.image.base.digest';

/** A base, by its documents. */
export interface OldBase extends Omit<RebaseImage, 'bytes'> {
  readonly config: ImageConfig;
}

/** Finds it. @param from as somebody says. @throws MilleError `base-unknown`, and as `openImage` */
export async function findOldBase(
  services: Services,
  image: OpenedImage,
  { from, options }: { readonly from?: string; readonly options: OpenImageOptions },
): Promise<OldBase> {
  if (from !== undefined) {
    const base = await withImage(services, from, options, async (opened) => oldBase(opened));
    if (isBelow(base, image)) return base;
    throw new MilleError('base-unknown', `${image.title} does not stand on ${from}`, {
      hint: `the layers of ${from} are not its first ones: name the version of the base that it was built on, by its digest if the tag has moved`,
    });
  }
  const store = await services.store();
  for (const name of await namesSaid(store, image)) {
    const found = lookUpImage(store, name);
    if (!found) continue;
    const { imageId, config } = store.image(found.manifestDigest);
    const base = { title: name, imageId, config, layers: config.rootfs.diff_ids.length };
    if (isBelow(base, image)) return base;
  }
  throw new MilleError('base-unknown', `nothing says which base ${image.title} stands on`, {
    hint: 'name it with --from: the image that FROM meant when it was built',
  });
}

function oldBase({ title, imageId, config, layers }: OpenedImage): OldBase {
  return { title, imageId, config, layers: layers.length };
}

function isBelow({ config }: OldBase, image: OpenedImage): boolean {
  const { diff_ids } = config.rootfs;
  return diff_ids.length > 0 && diff_ids.every((diffId, i) => image.layers[i]?.diffId === diffId);
}

async function namesSaid(store: Store, image: OpenedImage): Promise<string[]> {
  const { annotated = [] } = (await image.surroundings?.()) ?? {};
  const said = annotated.flatMap(({ annotations }) => {
    const [digest, name] = [annotations[BASE_DIGEST], annotations[BASE_NAME]];
    return [...(digest === undefined ? [] : [digest]), ...(name === undefined ? [] : [name])];
  });
  const { base } = originsOf(store, image);
  return [...said.filter((name) => isReference(store, name)), ...(base ? [base.title] : [])];
}

/** What others wrote into an annotation may be anything. */
function isReference(store: Store, name: string): boolean {
  try {
    lookUpImage(store, name);
    return true;
  } catch (error) {
    if (error instanceof MilleError) return false;
    throw error;
  }
}
