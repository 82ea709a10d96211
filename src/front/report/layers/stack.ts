// The layers of an image, from base to top: a table, and what is to be said of all of them.

import type { LayersResult } from '../../../app/index.ts';
import { causeText } from '../layer-cause.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { renderTable } from '../table.ts';

/** How to show it. */
export interface LayersStyle {
  /** Whole instructions. */
  readonly full: boolean;
}

export const CAUSE_COLUMNS = 72;

type Layer = LayersResult['stack']['layers'][number];

/** What `mille layers` prints. */
export function renderLayers(result: LayersResult, { full }: LayersStyle): string {
  const { stack } = result;
  const columns = full ? Number.POSITIVE_INFINITY : CAUSE_COLUMNS;
  const rows = stack.layers.map((layer) => [
    String(layer.index + 1),
    formatSize(layer.bytes),
    formatSize(layer.sent),
    ...counts(layer),
    layer.origin,
    shared(layer),
    causeText(layer, columns),
  ]);
  const heads = ['LAYER', 'SIZE', 'BLOB', 'ADDED', 'CHANGED', 'REMOVED', 'OF', 'SHARED WITH', 'INSTRUCTION'];
  return `${renderTable(heads, rows)}\n${summary(result).join('\n')}\n`;
}

function counts({ files: { added, changed, removed } }: Layer): string[] {
  return [added, changed, removed].map((count) => (count === 0 ? '' : String(count)));
}

/** Other images are named while there are few. */
function shared({ sharedWith }: Layer): string {
  const [first, second] = sharedWith;
  if (first === undefined) return '';
  return second === undefined ? oneLine(first) : `${sharedWith.length} images`;
}

function summary({ image, stack, waste }: LayersResult): string[] {
  const { layers, base, bytes, sent } = stack;
  const own = layers.filter(({ origin }) => origin === 'own');
  const ownBytes = own.reduce((sum, layer) => sum + layer.bytes, 0);
  const whose = base
    ? `${formatSize(bytes - ownBytes)} of it the base ${oneLine(base.title)}, ${formatSize(ownBytes)} in ${counted(own.length)} of its own`
    : 'no image here is known to be its base (--base says one)';
  const alone = layers.filter(({ sharedWith }) => sharedWith.length === 0);
  const aloneBytes = alone.reduce((sum, layer) => sum + layer.bytes, 0);
  return [
    `${oneLine(image.title)}: ${formatSize(bytes)} in ${counted(layers.length)}${sent === bytes ? '' : `, ${formatSize(sent)} as blobs`}; ${whose}.`,
    ...(alone.length === layers.length
      ? []
      : [
          `Beside the other images here it takes ${formatSize(aloneBytes)}: the other layers are theirs too.`,
        ]),
    ...wasteLine(waste),
  ];
}

function wasteLine({ bytes, efficiency, byScope }: LayersResult['waste']): string[] {
  if (bytes === 0) return ['Nothing of it is wasted.'];
  const base = byScope.base === 0 ? '' : `, ${formatSize(byScope.base)} of that by the base`;
  return [
    `${formatSize(bytes)} (${percent(1 - efficiency)}) are wasted${base}: --waste shows where and by whom.`,
  ];
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'layer' : 'layers'}`;
}

/** `12 %`, `0.4 %`. */
export function percent(part: number): string {
  const value = part * 100;
  if (value > 0 && value < 0.1) return 'less than 0.1 %';
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
}
