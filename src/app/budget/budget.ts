// `mille budget`: an image held against what it may weigh.

import { openCache } from '../../build/cache/index.ts';
import { MilleError, type SourceText } from '../../core/index.ts';
import {
  type Budget,
  type BudgetFigures,
  checkBudget,
  checkDive,
  readBudget,
  readDiveBudget,
} from '../../insight/budget/index.ts';
import { diveFigures } from '../../insight/inspect/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { workingDirectory } from '../../sys/index.ts';
import { readTables, withImage } from '../open-image/open-image.ts';
import { type Services, withServices } from '../services.ts';
import { findBuild } from '../why/find-build.ts';
import { takeFigures } from './figures.ts';
import { readBudgetFile } from './find-file.ts';
import { layerSizes } from './layer-sizes.ts';
import type { BudgetOptions, BudgetResult } from './types.ts';

/** See `BudgetVerbs.budget`. */
export async function budget(options: BudgetOptions, signal?: AbortSignal): Promise<BudgetResult> {
  const source = await readBudgetFile(options.file, options.dive);
  const how = {
    ...(options.platform === undefined ? {} : { platform: options.platform }),
    ...(signal ? { signal } : {}),
  };
  if (options.dive) return withServices('read', (services) => byDive(services, source, { ...options, how }));
  const limits = readBudget(source);
  return withServices('read', async (services) => {
    const name = await imageName(services, options.image ?? limits.image);
    return withImage(services, name, how, async (image) => {
      const sizes = await layerSizes(services, image, limits.sizes, signal);
      const waste = limits.waste?.of ?? 'own';
      const { hasBase, ...figures } = await takeFigures(services, image, { sizes, waste });
      const reference = await referenceFor(services, limits, { against: options.against, how });
      const checks = checkBudget(limits, { ...figures, ...(reference ? { reference } : {}) });
      const notes = [
        ...(hasBase || !asksForOwn(limits)
          ? []
          : ['no image of the store is the base of this one: all of its layers count as its own']),
        ...(limits.growth && !reference ? ['growth was not looked at'] : []),
      ];
      return { image: image.title, source, sizes: limits.sizes.kind, checks, notes };
    });
  });
}

function asksForOwn({ own, layer, waste }: Budget): boolean {
  return own !== undefined || layer !== undefined || waste?.of === 'own';
}

interface How {
  readonly platform?: string;
  readonly signal?: AbortSignal;
}

function byDive(
  services: Services,
  source: SourceText,
  options: Pick<BudgetOptions, 'image'> & { readonly how: How },
): Promise<BudgetResult> {
  const limits = readDiveBudget(source);
  return imageName(services, options.image).then((name) =>
    withImage(services, name, options.how, async (image: OpenedImage) => ({
      image: image.title,
      source,
      sizes: 'uncompressed' as const,
      checks: checkDive(limits, diveFigures(await readTables(image))),
      notes: [],
    })),
  );
}

/** The image that is named, or what was built last from the working directory. @throws MilleError `usage` */
async function imageName(services: Services, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const store = await services.store();
  const builds = openCache(store.db, { hasLayer: () => false })
    .builds()
    .filter(({ imageId }) => imageId !== undefined);
  try {
    return findBuild({ store, builds, here: workingDirectory() }, '.').imageId!;
  } catch (error) {
    if (!(error instanceof MilleError) || error.code !== 'build-missing') throw error;
    throw new MilleError('usage', 'no image is named, and none was built from this directory', {
      hint: "write mille budget IMAGE, or 'image: NAME' in the budget",
      cause: error,
    });
  }
}

async function referenceFor(
  services: Services,
  { growth, sizes }: Budget,
  { against, how }: { readonly against: string | undefined; readonly how: How },
): Promise<BudgetFigures['reference']> {
  const name = against ?? growth?.against?.image;
  if (!growth || name === 'none') return undefined;
  if (name === undefined) {
    throw new MilleError('file-format', 'growth says nothing of what to compare with', {
      span: growth.span,
      hint: "write 'against: IMAGE' below it, or give --against IMAGE",
    });
  }
  try {
    return await withImage(services, name, how, async (image) => {
      const bytes = await layerSizes(services, image, sizes, how.signal);
      return { image: image.title, bytes: bytes.reduce((sum, one) => sum + one, 0) };
    });
  } catch (error) {
    if (!(error instanceof MilleError) || error.code !== 'image-missing') throw error;
    const place = against === undefined ? growth.against?.span : undefined;
    throw new MilleError('image-missing', `there is no image ${name} to compare the growth with`, {
      ...(place ? { span: place } : {}),
      hint: 'bring it with mille pull, or give --against none where there is none yet',
      cause: error,
    });
  }
}
