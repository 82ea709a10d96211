// `mille budget`: an image held against what it may weigh.

import { MilleError } from '../../core/index.ts';
import {
  type Budget,
  type BudgetFigures,
  checkBudget,
  checkDive,
  readBudget,
  readDiveBudget,
} from '../../insight/budget/index.ts';
import { diveOf } from '../layers/dive.ts';
import { surveyLean } from '../layers/survey.ts';
import { type OpenImageOptions, withImage } from '../open-image/open-image.ts';
import type { Services } from '../services.ts';
import { takeFigures } from './figures.ts';
import { readBudgetFile } from './find-file.ts';
import { layerSizes } from './layer-sizes.ts';
import { withNamedImage } from './named-image.ts';
import type { BudgetOptions, BudgetResult } from './types.ts';

/** See `BudgetVerbs.budget`. */
export async function budget(options: BudgetOptions, signal?: AbortSignal): Promise<BudgetResult> {
  const source = await readBudgetFile(options.file, options.dive);
  if (options.dive) {
    const limits = readDiveBudget(source);
    return withNamedImage(options, signal, async ({ image }) => {
      const checks = checkDive(limits, await diveOf(image));
      return { image: image.title, source, sizes: 'uncompressed', checks, notes: [] };
    });
  }
  const limits = readBudget(source);
  return withNamedImage({ ...limits, ...options }, signal, async ({ services, image, how }) => {
    const base = options.base ?? limits.base;
    const survey = await surveyLean(services, image, base === undefined ? how : { ...how, base });
    const sizes = await layerSizes(services, image, limits.sizes, signal);
    const { hasBase, ...figures } = takeFigures(survey, { sizes, waste: limits.waste?.of ?? 'own' });
    const reference = await referenceFor(services, limits, { against: options.against, how });
    const checks = checkBudget(limits, { ...figures, ...(reference ? { reference } : {}) });
    const notes = [
      ...(hasBase || !asksForOwn(limits) ? [] : [NO_BASE]),
      ...(limits.growth && !reference ? ['growth was not looked at'] : []),
    ];
    return { image: image.title, source, sizes: limits.sizes.kind, checks, notes };
  });
}

const NO_BASE =
  'it is not known on which image this one stands: all of its layers count as its own; --base IMAGE says it';

function asksForOwn({ own, layer, waste }: Budget): boolean {
  return own !== undefined || layer !== undefined || waste?.of === 'own';
}

async function referenceFor(
  services: Services,
  { growth, sizes }: Budget,
  { against, how }: { readonly against: string | undefined; readonly how: OpenImageOptions },
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
