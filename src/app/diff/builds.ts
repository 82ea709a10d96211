// The images of builds, by what is remembered of them.

import { type BuildRecord, openCache } from '../../build/cache/index.ts';
import { MilleError } from '../../core/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { workingDirectory } from '../../sys/index.ts';
import { lookUpImage } from '../find-image.ts';
import { type OpenImageOptions, openImage } from '../open-image/open-image.ts';
import type { Services } from '../services.ts';
import { findBuild } from '../why/find-build.ts';

/** The id of a build, or its beginning: no image can be called so, for names are in lower case. */
const BUILD_ID = /^[0-9]{8}T[0-9]{0,6}(?:-[0-9a-f]{0,8})?$/;

/** Opens an image; or that of a build, by the build's id. @throws MilleError `build-missing` */
export async function openEither(
  services: Services,
  name: string,
  how: OpenImageOptions,
): Promise<OpenedImage> {
  if (!BUILD_ID.test(name)) return openImage(services, name, how);
  const store = await services.store();
  const build = findBuild({ store, builds: buildsOf(store), here: workingDirectory() }, name);
  const { imageId } = build;
  if (imageId !== undefined && lookUpImage(store, imageId)) return openImage(services, imageId, how);
  throw new MilleError('image-missing', `the build ${build.id} has no image that is still here`, {
    hint: imageId === undefined ? 'it made none' : 'it was removed since; build it again',
  });
}

function buildsOf(store: Store): readonly BuildRecord[] {
  return openCache(store.db, { hasLayer: () => false }).builds();
}

/**
 * The id of the image that was built before another one: from the same Dockerfile and target, something else, and still
 * here. @throws MilleError `build-missing`
 */
export async function buildBefore(services: Services, image: OpenedImage): Promise<string> {
  const store = await services.store();
  const builds = buildsOf(store);
  const at = builds.findIndex(({ imageId }) => imageId === image.imageId);
  const own = builds[at];
  if (!own) {
    throw new MilleError(
      'build-missing',
      `no build of '${image.title}' is remembered, so there is none before it`,
      {
        hint: 'name both images: mille diff BEFORE AFTER',
      },
    );
  }
  const earlier = builds
    .slice(at + 1)
    .filter(
      ({ scope, target, imageId }) => scope === own.scope && target === own.target && imageId !== undefined,
    );
  const other = earlier.find(({ imageId }) => imageId !== image.imageId && lookUpImage(store, imageId!));
  if (other) return other.imageId!;
  throw new MilleError(
    'build-missing',
    `there is no other build of '${image.title}' whose image is still here`,
    {
      hint:
        earlier.length === 0
          ? 'build it again after a change, or name both images: mille diff BEFORE AFTER'
          : 'images of earlier builds were pruned, or all were the same; name both images: mille diff BEFORE AFTER',
    },
  );
}
