// `npm run bench:optimize`: `mille optimize --replay` on each of examples/projects: what became of the image's size and
// of the time that commits take, and whether it was proved. Asserts nothing: it measures.
//
//   npm run bench:optimize -- [--store DIRECTORY] [--ca host] [PROJECT…]
//
// Base images are made of Debian packages on the first run; what projects install comes from their own indexes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { COMMITS_MADE, type Example, makeRepository, readExamples } from './example.ts';
import { fractionOf, median, medianOf, type Pair, type Result } from './figures.ts';
import { mustRun } from './must-run.ts';

const CHECKOUT = join(import.meta.dir, '../..');
const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: {
    store: { type: 'string', default: join(tmpdir(), 'mille-bench-optimize-store') },
    ca: { type: 'string' },
    keep: { type: 'string' },
  },
  allowPositionals: true,
});
const examples = readExamples();
const unknown = positionals.find((name) => !examples.some((one) => one.name === name));
if (unknown !== undefined) {
  console.error(`no project '${unknown}'; there are: ${examples.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

/** A project, and what came of it. */
interface Row {
  readonly example: Example;
  readonly result?: Result;
  /** The Dockerfile that somebody wrote by hand, held against the rewrite. */
  readonly failure?: string;
}

const HEAD = [
  '| project | kind | changes | size, MB | from nothing, s | source commit, s | manifest, s | documents, s | of the possible |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];

const work = mkdtempSync(join(tmpdir(), 'mille-bench-optimize-'));
const rows: Row[] = [];
try {
  console.log(HEAD.join('\n'));
  for (const example of examples) {
    if (positionals.length > 0 && !positionals.includes(example.name)) continue;
    const row = await measure(example).catch((error: Error): Row => ({ example, failure: error.message }));
    rows.push(row);
    console.log(rowText(row));
  }
  console.log(`\n${summary(rows)}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function measure(example: Example): Promise<Row> {
  for (const { name, include } of example.bases) await ensureBase(name, include);
  const repository = join(work, example.name);
  await makeRepository(example, repository);
  const text = await mille([
    ...['optimize', '--quiet', '--format', 'json', '--replay', String(COMMITS_MADE)],
    ...(values.ca === undefined ? [] : ['--ca', values.ca]),
    ...(example.check === undefined ? [] : ['--check', example.check]),
    repository,
  ]);
  if (values.keep !== undefined) writeFileSync(join(values.keep, `${example.name}.json`), text);
  return { example, result: JSON.parse(text) as Result };
}

async function ensureBase(name: string, include: readonly string[]): Promise<void> {
  if (await mille(['inspect', name]).catch(() => undefined)) return;
  const packages = include.length === 0 ? [] : ['--include', include.join(',')];
  await mille(['bootstrap', '--quiet', 'debian:bookworm', ...packages, '-t', name]);
}

function mille(args: readonly string[]): Promise<string> {
  return mustRun([join(CHECKOUT, 'mille'), ...args], { MILLE_ROOT: values.store });
}

function rowText({ example: { name, kind }, result, failure }: Row): string {
  if (!result) return `| ${name} | ${kind} | failed: ${failure?.split('\n')[0]?.slice(0, 200)} |`;
  const made = result.changes.filter(({ outcome }) => outcome === 'proved');
  const refused = result.changes.length - made.length;
  const changes = `${made.length} proved${refused === 0 ? '' : `, ${refused} refused`}`;
  const { before, after } = result;
  const fraction = fractionOf(result);
  const cells = [
    ...[name, kind, changes],
    before && after ? `${mb(before.bytes)} → ${mb(after.bytes)}` : '–',
    before && after ? `${before.seconds.toFixed(1)} → ${after.seconds.toFixed(1)}` : '–',
    ...['source', 'manifest', 'docs'].map((stratum) => pairText(medianOf(result, stratum))),
    fraction === undefined ? '–' : `${Math.round(fraction * 100)} %`,
  ];
  return `| ${cells.join(' | ')} |`;
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

function summary(all: readonly Row[]): string {
  const naive = all.filter(({ example, result }) => example.kind === 'naive' && result);
  const shares = naive.flatMap(({ result }) => {
    const pair = medianOf(result!, 'source');
    // Where nothing was proposed nothing was gained.
    return [pair ? pair.after / pair.before : 1];
  });
  const good = all.filter(({ example }) => example.kind === 'good');
  const left = good.filter(({ result }) =>
    result?.changes.every(({ outcome }) => outcome === 'refused'),
  ).length;
  const unproved = all.filter(({ result }) => result?.after && !result.proved).length;
  return [
    ...(shares.length === 0
      ? []
      : [
          `naive: a source commit's rebuild takes ${Math.round(median(shares) * 100)} % of before (median of ${shares.length} projects)`,
        ]),
    ...(good.length === 0 ? [] : [`good already: nothing proposed for ${left} of ${good.length}`]),
    `delivered without proof: ${unproved}`,
  ].join('\n');
}
