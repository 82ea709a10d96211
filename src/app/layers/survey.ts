// An opened image with its layers replayed: what all views of it are made from.

import { hideSecrets, MilleError } from '../../core/index.ts';
import {
  type Contents,
  contentsOf,
  type FoundBase,
  figuresOf,
  type LayerStack,
  type LayerSurvey,
  layerStack,
  type Replay,
  replayLayers,
  surveyLayers,
} from '../../insight/inspect/index.ts';
import { formatPlatform, normalizePlatform, type OpenedImage } from '../../oci/image/index.ts';
import { originsOf } from '../image-origins.ts';
import { entriesInPassing, type OpenImageOptions, openImage, readTables } from '../open-image/open-image.ts';
import { readTrust } from '../pull/read-trust.ts';
import { type Services, withServices } from '../services.ts';
import type { LookedAtImage, LookOptions, LookSurroundings } from './types.ts';

/** An image as its layers. */
interface Stacked {
  readonly image: OpenedImage;
  readonly about: LookedAtImage;
  readonly stack: LayerStack;
  readonly contents: Contents;
}

/** With all that its layers did to every path. */
export interface Survey extends Stacked {
  readonly replay: Replay;
}

/** With what its layers did in numbers. */
export interface LeanSurvey extends Stacked {
  readonly layers: LayerSurvey;
}

/** How an image is looked at, and on which one it stands, as somebody wrote it. */
type SurveyOptions = OpenImageOptions & { readonly base?: string };

/**
 * Replays the layers of an opened image, and finds out where they come from.
 * @param base the image that it stands on, as somebody wrote it
 * @throws MilleError `usage` where it does not stand on that; what reading its tables throws
 */
async function surveyImage(
  services: Services,
  image: OpenedImage,
  options: SurveyOptions = {},
): Promise<Survey> {
  const said = await saidBase(services, image, options);
  const replay = replayLayers(await readTables(image));
  const contents = contentsOf(replay);
  return { ...(await stackOf(services, image, { said, contents, figures: figuresOf(replay) })), replay };
}

/** The same in much less memory, for who needs no more than numbers. */
export async function surveyLean(
  services: Services,
  image: OpenedImage,
  options: SurveyOptions = {},
): Promise<LeanSurvey> {
  const said = await saidBase(services, image, options);
  const layers = await surveyLayers(entriesInPassing(image));
  const { contents, figures } = layers;
  return { ...(await stackOf(services, image, { said, contents, figures })), layers };
}

async function stackOf(
  services: Services,
  image: OpenedImage,
  found: Pick<LayerSurvey, 'contents' | 'figures'> & { readonly said: FoundBase | undefined },
): Promise<Stacked> {
  const { said, contents, figures } = found;
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
    stack: withoutSecrets(layerStack({ config, layers, figures, contents, ...origins })),
    contents,
  };
}

function withoutSecrets(stack: LayerStack): LayerStack {
  const layers = stack.layers.map((layer) => ({ ...layer, instruction: hideSecrets(layer.instruction) }));
  return { ...stack, layers };
}

type Surroundings = LookSurroundings & { readonly contents?: boolean };

/** Does some work with the image that options name, surveyed. */
export function withSurvey<T>(
  look: LookOptions,
  how: Surroundings,
  work: (survey: Survey) => Promise<T>,
): Promise<T> {
  return withSurveyed(look, how, { survey: surveyImage, work });
}

/** The same for who needs no more than numbers. */
export function withLeanSurvey<T>(
  look: LookOptions,
  how: Surroundings,
  work: (survey: LeanSurvey) => Promise<T>,
): Promise<T> {
  return withSurveyed(look, how, { survey: surveyLean, work });
}

function withSurveyed<S, T>(
  { image: name, platform, ca, base }: LookOptions,
  how: Surroundings,
  {
    survey,
    work,
  }: {
    readonly survey: (services: Services, image: OpenedImage, options: SurveyOptions) => Promise<S>;
    readonly work: (survey: S) => Promise<T>;
  },
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
      return await work(await survey(services, image, base === undefined ? options : { ...options, base }));
    } finally {
      await image.close();
    }
  });
}

async function saidBase(
  services: Services,
  image: OpenedImage,
  { base, ...how }: SurveyOptions,
): Promise<FoundBase | undefined> {
  if (base === undefined) return undefined;
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
