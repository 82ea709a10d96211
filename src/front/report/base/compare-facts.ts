// What was measured of bases, as rows of a table: the same for the terminal and for the page.

import type { CompareBasesResult, ComparedBase } from '../../../app/index.ts';
import { formatSize } from '../size.ts';
import { untilOf } from '../tags/until.ts';

/** What is said of one base. */
export interface FactCell {
  /** Lines. */
  readonly lines: readonly string[];
  readonly tone?: 'good' | 'bad' | 'warn' | 'faint';
}

/** One fact of all of them. */
export interface FactRow {
  readonly name: string;
  readonly cells: readonly FactCell[];
}

const UNKNOWN: FactCell = { lines: ['-'], tone: 'faint' };

/** @param now milliseconds since the epoch */
export function factRows({ bases }: CompareBasesResult, now: number): readonly FactRow[] {
  const row = (name: string, cell: (base: ComparedBase) => FactCell): FactRow => ({
    name,
    cells: bases.map(cell),
  });
  const platforms = new Set(bases.map(({ platform }) => platform));
  const rows: readonly (FactRow | undefined)[] = [
    platforms.size > 1 ? row('platform', ({ platform }) => said(platform)) : undefined,
    row('compressed', ({ bytes }) => sized(bytes.compressed, least(bases, 'compressed'))),
    row('unpacked', ({ bytes }) => sized(bytes.unpacked, least(bases, 'unpacked'))),
    row('here', here),
    row('packages', packages),
    row('system', ({ system, distribution }) => said(system ?? distribution?.name)),
    row('libc', ({ libc }) => said(libc && [libc.name, libc.version].filter(Boolean).join(' '))),
    row('shell', ({ shells }) => (shells.length > 0 ? said(shells.join(', ')) : none())),
    row('installs', ({ installers }) => (installers.length > 0 ? said(installers.join(', ')) : none())),
    row('user', ({ user }) => said(user)),
    row('supported', (base) => supported(base, now)),
  ];
  return rows.filter((one) => one !== undefined);
}

function said(text: string | undefined): FactCell {
  return text === undefined || text === '' ? UNKNOWN : { lines: [text] };
}

function none(): FactCell {
  return { lines: ['none'], tone: 'faint' };
}

function least(bases: readonly ComparedBase[], which: 'compressed' | 'unpacked'): number {
  return Math.min(...bases.flatMap(({ bytes }) => bytes[which] ?? []));
}

function sized(bytes: number | undefined, smallest: number): FactCell {
  if (bytes === undefined) return UNKNOWN;
  const more = bytes / smallest;
  const times = more >= 1.05 && Number.isFinite(more) ? ` (${more.toPrecision(2)}x)` : '';
  return { lines: [`${formatSize(bytes)}${times}`], ...(bytes === smallest ? { tone: 'good' } : {}) };
}

function here({ here: own, layers, bytes }: ComparedBase): FactCell {
  if (own.layers === 0) return { lines: [`none of ${count(layers, 'layer')}`] };
  if (own.layers === layers) return { lines: [layers === 1 ? 'its layer' : `all ${layers} layers`] };
  return {
    lines: [`${own.layers} of ${layers} layers`, `${formatSize(bytes.unpacked - own.bytes)} are not`],
  };
}

function packages({ packages: all }: ComparedBase): FactCell {
  if (all.length === 0) return none();
  return { lines: all.map(({ type, count: number }) => `${number} ${type}`) };
}

function supported({ support }: ComparedBase, now: number): FactCell {
  const known = [support.distribution, support.product].flatMap((one) =>
    one ? [{ title: one.title, ...untilOf(one, now) }] : [],
  );
  if (known.length === 0) return UNKNOWN;
  const states = known.map(({ state }) => state);
  const tone = states.includes('ended') ? 'bad' : states.includes('extended') ? 'warn' : undefined;
  return {
    lines: known.map(({ title, text }) => `${title}: ${text}`),
    ...(tone === undefined ? {} : { tone }),
  };
}

function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}
