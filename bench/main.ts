// `npm run bench`: mille's figures beside docker's and buildah's from the same run. It asserts nothing: it measures.
//
//   npm run bench -- [--rounds N] [--peers docker,buildah | --peers none] [--record] [SCENARIO…]
//
// With --record what is measured also stands in RESULTS.md, in the place of what the same scenario gave the last time.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { busyboxBase } from '../test/support/base-images.ts';
import type { Builder } from './builder.ts';
import { buildahBuilder } from './builders/buildah.ts';
import { dockerBuilder } from './builders/docker.ts';
import { milleBuilder } from './builders/mille.ts';
import { run } from './measure.ts';
import { record } from './record.ts';
import type { Measured, Scenario } from './scenario.ts';
import { largeImage } from './scenarios/large-image.ts';
import { largeLayer } from './scenarios/large-layer.ts';
import { lint } from './scenarios/lint.ts';
import { manyFiles } from './scenarios/many-files.ts';
import { runSteps } from './scenarios/run-steps.ts';
import { saveLoad } from './scenarios/save-load.ts';
import { scanImage } from './scenarios/scan-image.ts';
import { smallApp } from './scenarios/small-app.ts';
import { start } from './scenarios/start.ts';
import { transfers } from './scenarios/transfers.ts';
import { table } from './table.ts';

const SCENARIOS: readonly Scenario[] = [
  start,
  smallApp,
  manyFiles,
  largeLayer,
  runSteps,
  saveLoad,
  transfers,
  largeImage,
  scanImage,
  lint,
];
const CHECKOUT = join(import.meta.dir, '..');
/** With a registry in front, so that no builder thinks of Docker Hub. */
const BASE = 'localhost/mille-bench/base:1';

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: {
    rounds: { type: 'string', default: '7' },
    peers: { type: 'string', default: 'docker,buildah' },
    record: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown !== undefined) {
  console.error(`no scenario '${unknown}'; there are: ${SCENARIOS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const chosen = SCENARIOS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

const directory = mkdtempSync(join(process.env.MILLE_BENCH_DIR ?? tmpdir(), 'mille-bench-'));
const builders: Builder[] = [];
try {
  builders.push(...(await openBuilders(values.peers.split(','))));
  await loadBase(builders);
  const report = [heading(builders)];
  console.log(report[0]);
  for (const scenario of chosen) {
    const text = `## ${scenario.title}\n\n${table(await measure(scenario), scenario.columns ?? builders)}\n`;
    console.log(`\n${text}`);
    report.push(text);
    if (values.record) record(join(CHECKOUT, 'bench', 'RESULTS.md'), scenario.title, report[0]!, text);
  }
  keep(report.join('\n'));
} finally {
  for (const builder of builders) await builder.close().catch((error) => console.warn(String(error)));
  rmSync(directory, { recursive: true, force: true });
}

async function openBuilders(peers: readonly string[]): Promise<Builder[]> {
  const found = [milleBuilder(CHECKOUT, directory)];
  const docker = peers.includes('docker') ? await dockerBuilder(directory) : undefined;
  const buildah = peers.includes('buildah') ? buildahBuilder(directory) : undefined;
  return [...found, ...(docker ? [docker] : []), ...(buildah ? [buildah] : [])];
}

/** The same small image for all, as mille saves it. */
async function loadBase([mille, ...peers]: readonly Builder[]): Promise<void> {
  const base = await busyboxBase();
  if (!base || !mille) throw new Error('the benchmark needs a static busybox (Debian: busybox-static)');
  mille.load(base.path);
  const env = { MILLE_ROOT: join(directory, 'mille-store') };
  run([mille.program, 'tag', base.name, BASE], { env });
  const archive = join(directory, 'base.tar');
  mille.save(BASE, archive);
  for (const peer of peers) peer.load(archive);
}

async function measure(scenario: Scenario): Promise<Measured[]> {
  const own = join(directory, scenario.name);
  mkdirSync(own);
  const rounds = Math.max(1, Number(values.rounds) || 1);
  // Whatever is left to write from before would be paid for by the first to be measured.
  run(['sync']);
  try {
    return await scenario.run({
      builders,
      directory: own,
      base: BASE,
      rounds,
      log: (line) => console.error(`  ${line}`),
    });
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function heading(all: readonly Builder[]): string {
  const date = new Date().toISOString().slice(0, 10);
  const model = /model name\s*:\s*(.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? cpus()[0]?.model;
  const machine = `${availableParallelism()} cores (${model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`;
  return `# ${date}: ${all.map(({ version }) => version).join(', ')}

Machine: ${machine}. Medians of up to ${values.rounds} rounds, the builders in turn within each round. Ratios are
mille's median by the peer's: less is better. Memory is the peak of the largest process (40 MB is the least that can be told).
`;
}

function keep(text: string): void {
  const results = join(CHECKOUT, 'bench', 'results');
  mkdirSync(results, { recursive: true });
  const file = join(results, `${new Date().toISOString().replace(/[:.]/g, '-')}.md`);
  writeFileSync(file, text);
  console.log(`kept as bench/results/${file.slice(results.length + 1)}`);
}
