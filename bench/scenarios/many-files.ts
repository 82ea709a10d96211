// A context of 50,000 small files, 240 MB, in a tree of 500 directories.

import type { Builder } from '../builder.ts';
import { Context, noise, settle, unique } from '../context-files.ts';
import { alternate, type Bench, type Measured, type Scenario } from '../scenario.ts';

const TAG = 'mille-bench/many';
const FILES = 50_000;
const AVERAGE = 4_800;

export const manyFiles: Scenario = { name: 'many-files', title: 'A context of 50,000 files', run: measure };

function measure(bench: Bench): Measured[] {
  const context = makeContext(bench);
  settle();
  const build =
    (noCache = false) =>
    (builder: Builder) =>
      builder.build({ context: context.path, tag: TAG, noCache });
  const rounds = Math.min(bench.rounds, 5);
  return [
    alternate(bench, {
      title: 'cold',
      target: 'two thirds of the best peer',
      memory: true,
      rounds: Math.min(bench.rounds, 3),
      // Once a round, so that the last round leaves everybody's memory of the last name.
      prepare: (builder) => {
        if (builder === bench.builders[0]) context.rename();
      },
      measure: build(true),
    }),
    alternate(bench, {
      title: 'nothing changed',
      target: 'a quarter of the best peer',
      memory: true,
      rounds,
      measure: build(),
    }),
    alternate(bench, {
      title: 'one file changed',
      target: 'a tenth of docker',
      memory: true,
      rounds,
      prepare: () => context.write('src/d07/e3/file4.txt', `changed ${unique()}\n`),
      measure: build(),
    }),
  ];
}

function makeContext({ directory, base }: Bench): Context {
  const context = new Context(directory);
  context.write('Dockerfile', `FROM ${base}\nWORKDIR /srv\nCOPY . .\nCMD ["sh"]\n`);
  const bytes = noise(7, 4 * AVERAGE);
  for (let i = 0; i < FILES; i++) {
    const at = (i * 37) % (2 * AVERAGE);
    const length = 200 + ((i * 7919) % (2 * (AVERAGE - 200)));
    const [top, sub] = [Math.floor(i / 1000), Math.floor(i / 100) % 10];
    context.write(
      `src/d${String(top).padStart(2, '0')}/e${sub}/file${i % 100}.txt`,
      Buffer.concat([Buffer.from(`${i}\n`), bytes.subarray(at, at + length)]),
    );
  }
  return context;
}
