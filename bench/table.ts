// Results as a Markdown table, which a terminal shows well too.

import { median, type Sample } from './measure.ts';
import type { Column, Measured } from './scenario.ts';

/** The table of one scenario: a row a case, medians, and mille's share of each peer. */
export function table(measured: readonly Measured[], builders: readonly Column[]): string {
  const names = builders.map((builder) => builder.name);
  const [own, ...peers] = names as [string, ...string[]];
  const head = ['case', ...names, ...peers.map((peer) => `${own} / ${peer}`), 'aim'];
  const rows = measured.flatMap((one) => {
    const line = rowOf(one.title, one.target ?? '', {
      one,
      names,
      peers,
      own,
      pick: (s) => s.seconds,
      show: seconds,
    });
    const known = new Set(builders.filter((builder) => builder.ownMemory).map((builder) => builder.name));
    const memory = { one, names, peers, own, known, pick: (s: Sample) => s.peak, show: bytes };
    const cpu = { one, names, peers, own, pick: (s: Sample) => s.cpu, show: seconds };
    return [
      line,
      ...(one.cpu ? [rowOf(`${one.title}: CPU`, '', cpu)] : []),
      ...(one.memory ? [rowOf(`${one.title}: memory`, '', memory)] : []),
    ];
  });
  return markdown([head, ...rows]);
}

interface RowRequest {
  readonly one: Measured;
  readonly names: readonly string[];
  readonly peers: readonly string[];
  readonly own: string;
  /** Builders whose figure means something; all if not given. */
  readonly known?: ReadonlySet<string>;
  readonly pick: (sample: Sample) => number;
  readonly show: (value: number) => string;
}

function rowOf(title: string, target: string, request: RowRequest): string[] {
  const { one, names, peers, own, known, pick, show } = request;
  const value = (name: string) => {
    const samples = known && !known.has(name) ? undefined : one.samples.get(name);
    const middle = samples && samples.length > 0 ? median(samples.map(pick)) : Number.NaN;
    return Number.isNaN(middle) ? undefined : middle;
  };
  const mine = value(own);
  const cells = names.map((name) => {
    const found = value(name);
    return found === undefined ? '–' : show(found);
  });
  const ratios = peers.map((peer) => {
    const theirs = value(peer);
    return theirs && mine !== undefined ? (mine / theirs).toFixed(2) : '–';
  });
  return [title, ...cells, ...ratios, target];
}

function seconds(value: number): string {
  return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`;
}

function bytes(value: number): string {
  return `${(value / 1e6).toFixed(0)} MB`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head, ...rest] = rows;
  return [line(head!), rule, ...rest.map(line)].join('\n');
}
