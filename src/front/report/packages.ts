// The packages of an image: a table, or tables by who brought them; for programs, JSON.

import type { InstalledPackage, PackagesResult } from '../../app/index.ts';
import { bringerText, causeJson, causeText } from './layer-cause.ts';
import { oneLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';
import { cutText } from './width.ts';

/** How to show them. */
export interface PackagesStyle {
  readonly by: 'type' | 'line';
}

const NAME_COLUMNS = 60;
const VERSION_COLUMNS = 40;
const CAUSE_COLUMNS = 60;

/** What `mille packages` prints. */
export function renderPackages(result: PackagesResult, { by }: PackagesStyle): string {
  const parts = by === 'type' ? oneTable(result) : tables(result);
  return [...parts, `${summary(result).join('\n')}\n`].join('\n');
}

function oneTable({ packages, layers }: PackagesResult): string[] {
  if (packages.length === 0) return [];
  const rows = packages.map((one) => [...cells(one), bringerText(layers[one.layer]!, CAUSE_COLUMNS)]);
  return [renderTable(['TYPE', 'NAME', 'VERSION', 'SIZE', 'BROUGHT BY'], rows)];
}

function tables({ packages, layers }: PackagesResult): string[] {
  return layers.flatMap((layer) => {
    const own = packages.filter((one) => one.layer === layer.index);
    if (own.length === 0) return [];
    const from = layer.base === undefined ? '' : ` (base ${oneLine(layer.base)})`;
    const head = `${causeText(layer, CAUSE_COLUMNS)}${from}: ${counted(own.length)}, ${formatSize(sizeOf(own))}\n`;
    return [head + renderTable(['TYPE', 'NAME', 'VERSION', 'SIZE'], own.map(cells))];
  });
}

function cells({ type, name, version, size, partOf, claimed }: InstalledPackage): string[] {
  const word = claimed ? ' (says a variable)' : partOf === undefined ? '' : ` (of ${oneLine(partOf)})`;
  return [
    type,
    cutText(oneLine(name), NAME_COLUMNS) + word,
    cutText(oneLine(version), VERSION_COLUMNS),
    size === undefined ? '' : formatSize(size),
  ];
}

/** What packages take: those that are a part of another one are counted there. */
function sizeOf(packages: readonly InstalledPackage[]): number {
  return packages.reduce((sum, { size = 0, partOf }) => (partOf === undefined ? sum + size : sum), 0);
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'package' : 'packages'}`;
}

function summary({ image, system, packages, notes }: PackagesResult): string[] {
  const types = new Map<string, number>();
  for (const { type } of packages) types.set(type, (types.get(type) ?? 0) + 1);
  const kinds = [...types].map(([type, count]) => `${count} ${type}`).join(', ');
  const parts = packages.filter(({ partOf }) => partOf !== undefined).length;
  const name = system ? oneLine(system.name ?? system.id) : 'no distribution';
  const first =
    packages.length === 0
      ? `${oneLine(image.title)} holds no package that its files tell of (${name}).`
      : `${oneLine(image.title)}: ${counted(packages.length)} (${kinds}), ${formatSize(sizeOf(packages))}, on ${name}.`;
  return [
    first,
    ...(parts === 0
      ? []
      : [`${parts} of them ${parts === 1 ? 'is a part' : 'are parts'} of packages of the distribution.`]),
    ...notes.map((note) => `note: ${oneLine(note)}`),
  ];
}

/** The same as JSON. */
export function packagesJson({ image, system, layers, packages, notes }: PackagesResult): string {
  const document = {
    image,
    system: system ?? null,
    layers: layers.map(causeJson),
    packages: packages.map(({ path, layer, ...one }) => {
      const source = layers[layer]?.source;
      return {
        ...one,
        ...{ path: `/${path}`, layer },
        ...(source ? { file: source.file, line: source.line } : {}),
      };
    }),
    notes,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
