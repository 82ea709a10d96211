// What a Dockerfile installs of Python's and Node's packages, on each base: two rows of the table, and below it the packages.

import type { ComparedBase, NamedPart, PartsOnBase } from '../../../app/index.ts';
import type { FactCell, FactRow, Trouble } from './compare-facts.ts';

/** Rows, where any base has something in them. */
export function partRows(bases: readonly ComparedBase[]): readonly FactRow[] {
  const row = (name: string, cell: (parts: PartsOnBase) => FactCell | undefined): FactRow[] => {
    const cells = bases.map(({ parts }) => parts && cell(parts));
    if (cells.every((one) => one === undefined)) return [];
    return [{ name, cells: cells.map((one) => one ?? { lines: ['-'], tone: 'faint' }) }];
  };
  return [
    ...row('wheels', ({ python, compiler }) => python && wheels(python, compiler)),
    ...row('Node modules', ({ node, compiler }) => node && modules(node, compiler)),
  ];
}

function wheels(python: NonNullable<PartsOnBase['python']>, compiler: boolean): FactCell {
  const { count, wheels: ready, compiled, source, missing, refused, unknown } = python;
  const breaks = missing.length + refused.length + (compiler ? 0 : compiled.length);
  const nothing = unknown >= count;
  const lines = [
    ...(nothing ? ['not known'] : [`${ready} of ${count}`]),
    ...some(compiled, compiler ? 'compiled' : 'compiled, no compiler'),
    ...some(source, 'only source'),
    ...some(missing, 'not to be had'),
    ...some(refused, 'not for this Python'),
    ...(unknown > 0 && !nothing ? [`${unknown} not known`] : []),
  ];
  if (nothing && breaks === 0) return { lines, tone: 'faint' };
  const tone = breaks > 0 ? 'bad' : lines.length > 1 ? 'warn' : 'good';
  return { lines, tone };
}

function modules(node: NonNullable<PartsOnBase['node']>, compiler: boolean): FactCell {
  const { native, fits, scripts, glibc, unlisted } = node;
  if (native === 0) return { lines: ['none is native'], tone: 'good' };
  const lines = [
    `${fits} of ${native} native ones fit`,
    ...some(scripts, compiler ? 'fetch or compile' : 'fetch or compile, no compiler'),
    ...some(glibc, 'for glibc alone'),
    ...some(unlisted, 'have no build for musl'),
  ];
  const bad = glibc.length + unlisted.length > 0;
  return { lines, tone: bad ? 'bad' : lines.length > 1 ? 'warn' : 'good' };
}

function some(parts: readonly unknown[], what: string): string[] {
  return parts.length === 0 ? [] : [`${parts.length} ${what}`];
}

/** Names in a sentence, at most. */
const MOST_NAMES = 8;

/** Why not all packages are known, once for all bases. */
export function partNotes(bases: readonly ComparedBase[]): readonly string[] {
  const reasons = bases.flatMap(({ parts }) => parts?.python?.unanswered ?? []);
  return [...new Set(reasons)].map((why) => `Wheels: not all are known, for ${why}.`);
}

/** Which packages they are, of one base. */
export function partTroubles(name: string, parts: PartsOnBase): readonly Trouble[] {
  const { python, node, compiler } = parts;
  const broken: string[] = [];
  const mild: string[] = [];
  if (python) {
    const { compiled, source, missing, refused } = python;
    for (const one of refused.slice(0, MOST_NAMES))
      broken.push(
        `${named(one)} is not for the Python of this image${one.wants === undefined ? '' : `: it wants ${one.wants}`}`,
      );
    if (missing.length > 0) broken.push(`neither a wheel nor source that fits: ${listed(missing)}`);
    if (compiled.length > 0)
      (compiler ? mild : broken).push(
        `no wheel that fits, compiled${compiler ? '' : ', and there is no compiler'}: ${listed(compiled)}`,
      );
    if (source.length > 0)
      mild.push(
        `only source there is${compiler ? '' : ', and no compiler for code in it'}: ${listed(source)}`,
      );
  }
  if (node) {
    const { scripts, glibc, unlisted, file } = node;
    if (glibc.length > 0) broken.push(`what they fetch is for glibc alone: ${listed(glibc)}`);
    if (unlisted.length > 0) broken.push(`${file} has no build for musl: ${listed(unlisted)}`);
    if (scripts.length > 0)
      mild.push(
        `their install script fetches a build, or compiles${compiler ? '' : ', and there is no compiler'}: ${listed(scripts)}`,
      );
  }
  return [
    ...told(name, 'packages that cannot be installed as they are', broken),
    ...told(name, 'packages to look after', mild).map((one) => ({ ...one, mild: true })),
  ];
}

function told(name: string, what: string, texts: readonly string[]): readonly Trouble[] {
  return texts.length === 0 ? [] : [{ name, what, reasons: texts.map((text) => ({ text })), output: [] }];
}

function listed(parts: readonly NamedPart[]): string {
  const more = parts.length - MOST_NAMES;
  return parts.slice(0, MOST_NAMES).map(named).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function named({ name, version, place }: NamedPart): string {
  return `${name}${version === undefined ? '' : ` ${version}`} (${place})`;
}
