// The tables: naive projects and good ones apart, proposals beside what was written by hand.

import type { Example } from './example.ts';
import { fractionOf, median, medianOf, type Pair } from './figures.ts';
import type { Measured } from './measure.ts';

/** A project, and what came of it, or why nothing did. */
export interface Row {
  readonly example: Example;
  readonly measured?: Measured;
  readonly failure?: string;
}

const HEAD = [
  'project',
  'changes',
  'size, MB',
  'from nothing, s',
  'source commit, s',
  'manifest, s',
  'documents, s',
  'of the possible',
  'proof',
  'Docker',
];

/** All of it, in Markdown. */
export function report(rows: readonly Row[]): string {
  const of = (kind: Example['kind']) => rows.filter(({ example }) => example.kind === kind);
  const parts = [
    ...section('Naive', of('naive').map(cellsOf)),
    ...section('Good already', of('good').map(cellsOf)),
    ...handSection(rows),
    summary(rows),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(title: string, cells: readonly (readonly string[])[]): string[] {
  return cells.length === 0 ? [] : [`## ${title}`, table(HEAD, cells)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf({ example: { name }, measured, failure }: Row): readonly string[] {
  if (!measured)
    return [name, `failed: ${failure?.split('\n')[0]?.slice(0, 200)}`, ...HEAD.slice(2).map(() => '')];
  const { result } = measured;
  const { before, after, replay } = result;
  const commits = replay?.commits ?? [];
  const fraction = fractionOf(commits);
  return [
    name,
    changesText(measured),
    before && after ? `${mb(before.bytes)} → ${mb(after.bytes)}` : before ? mb(before.bytes) : '–',
    before && after ? `${before.seconds.toFixed(1)} → ${after.seconds.toFixed(1)}` : '–',
    ...['source', 'manifest', 'docs'].map((stratum) => pairText(medianOf(commits, stratum))),
    fraction === undefined ? '–' : `${Math.round(fraction * 100)} %`,
    after ? (result.proved ? 'the same' : 'not proved') : 'nothing proposed',
    dockerText(measured),
  ];
}

function changesText({ result: { changes } }: Measured): string {
  const made = changes.filter(({ outcome }) => outcome === 'proved');
  const refused = changes.length - made.length;
  const names = new Map<string, number>();
  for (const { rewrite } of made) names.set(rewrite, (names.get(rewrite) ?? 0) + 1);
  const texts = [...names].map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
  return [...(texts.length === 0 ? ['none'] : texts), ...(refused === 0 ? [] : [`${refused} refused`])].join(
    ', ',
  );
}

function dockerText({ docker }: Measured): string {
  if (!docker) return '–';
  if ('failure' in docker) return 'does not build';
  return docker.differences.length === 0 ? 'the same' : `${docker.differences.length} paths differ`;
}

function handSection(rows: readonly Row[]): string[] {
  const cells = rows.flatMap(({ example: { name }, measured }) => {
    if (!measured?.hand) return [];
    const { hand, result } = measured;
    const size = result.after ?? result.before;
    return [
      [
        name,
        `${size ? mb(size.bytes) : '–'}, by hand ${mb(hand.bytes)}`,
        ...['source', 'manifest', 'docs'].map((stratum) => {
          const pair = medianOf(hand.commits, stratum);
          return pair ? `${pair.before.toFixed(2)}, by hand ${pair.after.toFixed(2)}` : '–';
        }),
      ],
    ];
  });
  const head = ['project', 'size, MB', 'source commit, s', 'manifest, s', 'documents, s'];
  return cells.length === 0 ? [] : ['## Beside the same by hand', table(head, cells)];
}

function pairText(pair: Pair | undefined): string {
  if (!pair) return '–';
  return `${pair.before.toFixed(2)} → ${pair.after.toFixed(2)} (${percent(pair)})`;
}

function percent({ before, after }: Pair): string {
  const change = Math.round((after / before - 1) * 100);
  return `${change > 0 ? '+' : change < 0 ? '−' : ''}${Math.abs(change)} %`;
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function summary(rows: readonly Row[]): string {
  const done = rows.flatMap(({ example, measured }) =>
    measured ? [{ ...measured, kind: example.kind }] : [],
  );
  const naive = done.filter(({ kind }) => kind === 'naive');
  const good = done.filter(({ kind }) => kind === 'good');
  const share = (stratum: string) =>
    naive.flatMap(({ result }) => {
      const pair = medianOf(result.replay?.commits ?? [], stratum);
      // Where nothing was proposed nothing was gained.
      return pair ? [pair.after / pair.before] : result.after ? [] : [1];
    });
  const lines = ['source', 'manifest', 'docs'].flatMap((stratum) => {
    const shares = share(stratum);
    if (shares.length === 0) return [];
    const change = percent({ before: 1, after: median(shares) });
    return [`- naive, commits that touch ${WORDS[stratum]}: ${change} (median of ${shares.length} projects)`];
  });
  const fractions = naive.flatMap(({ result }) => fractionOf(result.replay?.commits ?? []) ?? []);
  const left = good.filter(({ result }) => !result.after).length;
  const unproved = done.filter(({ result }) => result.after && !result.proved).length;
  const compared = done.flatMap(({ docker }) => docker ?? []);
  const same = compared.filter((one) => 'differences' in one && one.differences.length === 0).length;
  return [
    ...lines,
    ...(fractions.length === 0
      ? []
      : [
          `- of what is possible at best, naive: ${Math.round(median(fractions) * 100)} % (median of ${fractions.length})`,
        ]),
    ...(good.length === 0 ? [] : [`- good already: nothing proposed for ${left} of ${good.length}`]),
    `- delivered without proof: ${unproved}`,
    ...(compared.length === 0 ? [] : [`- the same files in a real Docker: ${same} of ${compared.length}`]),
  ].join('\n');
}

const WORDS: Readonly<Record<string, string>> = {
  source: 'source files',
  manifest: 'dependencies',
  docs: 'documents alone',
};
