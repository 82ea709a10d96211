// The figures of an image that a budget is about.

import { formatSize } from '../../core/index.ts';
import type { BudgetFigures } from '../../insight/budget/index.ts';
import { findWaste, type WastePiece } from '../../insight/inspect/index.ts';
import type { LeanSurvey } from '../layers/survey.ts';

/** Figures, and whether the base image is known. */
export interface TakenFigures extends Omit<BudgetFigures, 'reference'> {
  readonly hasBase: boolean;
}

/** Takes the figures of an image. @param sizes bytes of its layers, as they are to be counted */
export function takeFigures(
  { stack, contents }: Pick<LeanSurvey, 'stack' | 'contents'>,
  { sizes, waste }: { readonly sizes: readonly number[]; readonly waste: 'own' | 'all' },
): TakenFigures {
  const found = findWaste(contents, stack.base?.layers ?? 0);
  const ownFiles = stack.layers.reduce(
    (sum, one) => (one.origin === 'own' ? sum + one.contentBytes : sum),
    0,
  );
  const pieces = found.pieces.filter(({ scope }) => waste === 'all' || scope === 'own');
  return {
    hasBase: stack.base !== undefined,
    layers: stack.layers.map(({ index, origin, instruction, source }) => ({
      ...{ index, bytes: sizes[index]!, own: origin === 'own', instruction },
      ...(source ? { dockerfile: source.file, line: source.line } : {}),
    })),
    waste: {
      own: { bytes: found.byScope.own, of: ownFiles },
      all: { bytes: found.bytes, of: found.contentBytes },
    },
    wasted: pieces.slice(0, 3).map(describe),
    *files() {
      for (let i = 0; i < contents.count; i++) {
        if (contents.hidden(i)) continue;
        yield { path: `/${contents.path(i)}`, bytes: contents.size(i), layer: contents.layer(i) };
      }
    },
  };
}

function describe({ kind, bytes, path, writer, hider, twin }: WastePiece): string {
  const by = hider === undefined ? '' : ` by layer ${hider + 1}`;
  const words = {
    overwritten: `overwritten${by}`,
    rewritten: `written again${by}`,
    deleted: `deleted${by}`,
    moved: `moved${by}`,
    duplicate: `the same as /${twin?.path ?? ''}`,
  }[kind];
  return `${formatSize(bytes)} in /${path} of layer ${writer + 1}, ${words}`;
}
