// `mille budget --suggest`: what a budget could say that an image just keeps.

import { findWaste } from '../../insight/inspect/index.ts';
import { surveyLean } from '../layers/survey.ts';
import { withNamedImage } from './named-image.ts';
import type { BudgetVerbs } from './types.ts';

/** See `BudgetVerbs.suggestBudget`. */
export const suggestBudget: BudgetVerbs['suggestBudget'] = (options, signal) =>
  withNamedImage(options, signal, async ({ services, image, how }) => {
    const { base } = options;
    const { stack, contents } = await surveyLean(
      services,
      image,
      base === undefined ? how : { ...how, base },
    );
    const own = stack.layers.filter(({ origin }) => origin === 'own');
    const files = own.reduce((sum, { contentBytes }) => sum + contentBytes, 0);
    const waste = findWaste(contents, stack.base?.layers ?? 0);
    return {
      image: image.title,
      ...(stack.base ? { base: stack.base.title } : {}),
      total: stack.bytes,
      own: own.reduce((sum, { bytes }) => sum + bytes, 0),
      layer: Math.max(0, ...own.map(({ bytes }) => bytes)),
      layers: stack.layers.length,
      waste: files === 0 ? 0 : waste.byScope.own / files,
    };
  });
