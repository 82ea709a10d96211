// An opened image with its layers replayed: what all views of it are made from.

import { MilleError } from '../../core/index.ts';
import {
  type FoundBase,
  type LayerStack,
  layerStack,
  type Replay,
  replayLayers,
} from '../../insight/inspect/index.ts';
import { formatPlatform, normalizePlatform, type OpenedImage } from '../../oci/image/index.ts';
import { originsOf } from '../image-origins.ts';
import { type OpenImageOptions, openImage, readTables } from '../open-image/open-image.ts';
import { readTrust } from '../pull/read-trust.ts';
import { type Services, withServices } from '../services.ts';
import { hideSecrets } from '../why/secrets.ts';
import type { LookedAtImage, LookOptions, LookSurroundings } from './types.ts';

/** An image as its layers. */
export interface Survey {
  readonly image: OpenedImage;
  readonly about: LookedAtImage;
  readonly stack: LayerStack;
  readonly replay: Replay;
}

/**
 * Replays the layers of an opened image, and finds out where they come from.
 * @param base the image that it stands on, as somebody wrote it
 * @throws MilleError `usage` where it does not stand on that; what reading its tables throws
 */
export async function surveyImage(
  services: Services,
  image: OpenedImage,
  { base, ...how }: OpenImageOptions & { readonly base?: string } = {},
): Promise<Survey> {
  const said = base === undefined ? undefined : await baseThatIsSaid(services, image, { base, ...how });
  const tables = await readTables(image);
  const replay = replayLayers(tables);
  const layers: {
    diffId: (typeof image.layers)[number]['diffId'];
    blob: (typeof image.layers)[number]['blob'];
    bytes: number;
  }[] = [];
  for (const layer of image.layers)
    layers.push({ diffId: layer.diffId, blob: layer.blob, bytes: await layer.size() });
  const origins = originsOf(await services.store(), image, said);
  const { title, origin, imageId, manifestDigest, config } = image;
  return {
    image,
    about: {
      ...{ title, origin, imageId },
      ...(manifestDigest ? { manifestDigest } : {}),
      platform: formatPlatform(normalizePlatform(config)),
    },
    stack: withoutSecrets(layerStack({ config, layers, replay, ...origins })),
    replay,
  };
}

function withoutSecrets(stack: LayerStack): LayerStack {
  const layers = stack.layers.map((layer) => ({ ...layer, instruction: hideSecrets(layer.instruction) }));
  return { ...stack, layers };
}

/** Does some work with the image that options name, surveyed. */
export function withSurvey<T>(
  { image: name, platform, ca, base }: LookOptions,
  how: LookSurroundings & { readonly contents?: boolean },
  work: (survey: Survey) => Promise<T>,
): Promise<T> {
  return withServices('read', async (services) => {
    const trust = ca === undefined ? undefined : readTrust(await services.store(), ca);
    const options: OpenImageOptions = {
      ...how,
      ...(platform === undefined ? {} : { platform }),
      ...(trust === undefined ? {} : { ca: trust }),
    };
    const image = await openImage(services, name, options);
    try {
      return await work(
        await surveyImage(services, image, base === undefined ? options : { ...options, base }),
      );
    } finally {
      await image.close();
    }
  });
}

async function baseThatIsSaid(
  services: Services,
  image: OpenedImage,
  { base, ...how }: OpenImageOptions & { readonly base: string },
): Promise<FoundBase> {
  const below = await openImage(services, base, how);
  await below.close();
  const { length } = below.layers;
  const differs = below.layers.findIndex(({ diffId }, i) => image.layers[i]?.diffId !== diffId);
  if (differs < 0) return { title: below.title, layers: length };
  const where =
    differs >= image.layers.length ? `it has ${length} layers` : `layer ${differs + 1} is another one`;
  throw new MilleError('usage', `${image.title} does not stand on ${below.title}: ${where}`, {
    hint: 'perhaps it was built on another version of it; without --base the images of the store are compared',
  });
}
