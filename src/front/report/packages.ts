// The packages of an image: a table, or tables by who brought them; for programs, JSON.

import type { InstalledPackage, PackagesResult } from '../../app/index.ts';
import { displayPath } from '../../core/index.ts';
import { bringerText, causeJson, causeText } from './layer-cause.ts';
import { oneLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';
import { cutText } from './width.ts';

/** How to show them. */
export interface PackagesStyle {
  readonly by: 'type' | 'line';
  /** The file that tells of each, too. */
  readonly paths: boolean;
}

const NAME_COLUMNS = 60;
const VERSION_COLUMNS = 40;
const CAUSE_COLUMNS = 60;

/** What `mille packages` prints. */
export function renderPackages(result: PackagesResult, style: PackagesStyle): string {
  const parts = style.by === 'type' ? oneTable(result, style) : tables(result, style);
  return [...parts, `${summary(result).join('\n')}\n`].join('\n');
}

const HEADS = ['TYPE', 'NAME', 'VERSION', 'SIZE'];

function oneTable({ packages, layers }: PackagesResult, { paths }: PackagesStyle): string[] {
  if (packages.length === 0) return [];
  const rows = rowsOf(packages, paths).map((row) => [
    ...cells(row),
    bringerText(layers[row.layer]!, CAUSE_COLUMNS),
    ...pathCell(row, paths),
  ]);
  return [renderTable([...HEADS, 'BROUGHT BY', ...(paths ? ['PATH'] : [])], rows)];
}

function tables({ packages, layers }: PackagesResult, { paths }: PackagesStyle): string[] {
  return layers.flatMap((layer) => {
    const own = packages.filter((one) => one.layer === layer.index);
    if (own.length === 0) return [];
    const from = layer.base === undefined ? '' : ` (base ${oneLine(layer.base)})`;
    const head = `${causeText(layer, CAUSE_COLUMNS)}${from}: ${counted(own.length)}, ${formatSize(sizeOf(own))}\n`;
    const rows = rowsOf(own, paths).map((row) => [...cells(row), ...pathCell(row, paths)]);
    return [head + renderTable([...HEADS, ...(paths ? ['PATH'] : [])], rows)];
  });
}

interface Row extends InstalledPackage {
  readonly times: number;
}

/** One row for what is there several times, as in several directories, unless each path is wanted. */
function rowsOf(packages: readonly InstalledPackage[], paths: boolean): readonly Row[] {
  if (paths) return packages.map((one) => ({ ...one, times: 1 }));
  const rows = new Map<string, Row>();
  for (const one of packages) {
    const key = JSON.stringify([one.type, one.name, one.version, one.layer, one.partOf, one.claimed]);
    const known = rows.get(key);
    const size = (known?.size ?? 0) + (one.size ?? 0);
    rows.set(key, { ...one, ...(size === 0 ? {} : { size }), times: (known?.times ?? 0) + 1 });
  }
  return [...rows.values()];
}

function cells({ type, name, version, size, partOf, claimed, times }: Row): string[] {
  const words = [
    ...(times > 1 ? [`(${times} times)`] : []),
    ...(claimed ? ['(says a variable)'] : partOf === undefined ? [] : [`(of ${oneLine(partOf)})`]),
  ];
  return [
    type,
    [cutText(oneLine(name), NAME_COLUMNS), ...words].join(' '),
    cutText(oneLine(version), VERSION_COLUMNS),
    size === undefined ? '' : formatSize(size),
  ];
}

function pathCell({ path }: Row, paths: boolean): string[] {
  return paths ? [`/${oneLine(displayPath(path))}`] : [];
}

/** What packages take: those that are a part of another one are counted there. */
function sizeOf(packages: readonly InstalledPackage[]): number {
  return packages.reduce((sum, { size = 0, partOf }) => (partOf === undefined ? sum + size : sum), 0);
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'package' : 'packages'}`;
}

function summary({ image, system, packages, gone, layers, notes }: PackagesResult): string[] {
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
    ...(gone.length === 0 ? [] : [goneText(gone, layers)]),
    ...notes.map((note) => `note: ${oneLine(note)}`),
  ];
}

const MOST_GONE = 5;

/** What lower layers brought for nothing. */
function goneText(gone: PackagesResult['gone'], layers: PackagesResult['layers']): string {
  const names = gone.slice(0, MOST_GONE).map(({ found }) => oneLine(found.name));
  const more = gone.length > MOST_GONE ? `, and ${gone.length - MOST_GONE} more` : '';
  const by = [...new Set(gone.map(({ layer }) => layer))].map((layer) =>
    causeText(layers[layer]!, CAUSE_COLUMNS),
  );
  return `Removed again, their bytes still being in lower layers: ${names.join(', ')}${more} (${by.slice(0, 3).join('; ')}).`;
}

/** The same as JSON. */
export function packagesJson({ image, system, layers, packages, gone, notes }: PackagesResult): string {
  const document = {
    image,
    system: system ?? null,
    layers: layers.map(causeJson),
    packages: packages.map(({ path, layer, ...one }) => {
      const source = layers[layer]?.source;
      return {
        ...one,
        ...{ path: `/${path}`, layer: layer + 1 },
        ...(source ? { file: source.file, line: source.line } : {}),
      };
    }),
    removed: gone.map(({ found: { type, name, version }, layer }) => ({
      type,
      name,
      version,
      layer: layer + 1,
    })),
    notes,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
