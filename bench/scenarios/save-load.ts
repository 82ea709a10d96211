// Saving and loading an image of 300 MB, uncompressed layers, as archives in Docker's format.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder } from '../builder.ts';
import { Context, noise, settle } from '../context-files.ts';
import { alternate, type Bench, type Measured, type Scenario } from '../scenario.ts';

const MIB = 1 << 20;
const TAG = 'localhost/mille-bench/archive:1';

export const saveLoad: Scenario = {
  name: 'save-load',
  title: 'An image of 300 MB as an archive',
  run: measure,
};

function measure(bench: Bench): Measured[] {
  const context = new Context(bench.directory);
  context.write('Dockerfile', `FROM ${bench.base}\nCOPY one /one\nCOPY two /two\n`);
  for (const [seed, part] of ['one', 'two'].entries()) {
    for (let i = 0; i < 150; i++) context.write(`${part}/file${i}`, noise(seed * 1000 + i, MIB));
  }
  const archive = join(bench.directory, 'image.tar');
  const mille = bench.builders[0]!;
  mille.build({ context: context.path, tag: TAG });
  mille.save(TAG, archive);
  settle();
  const forget = (builder: Builder, round: number) => {
    if (round > 0 || builder === mille) builder.remove(TAG);
  };
  const load = alternate(bench, {
    title: 'load',
    target: 'half of the best peer',
    memory: true,
    prepare: forget,
    measure: (builder) => builder.load(archive),
  });
  const saved = join(bench.directory, 'saved.tar');
  const save = alternate(bench, {
    title: 'save',
    target: 'half of the best peer',
    memory: true,
    prepare: () => rmSync(saved, { force: true }),
    measure: (builder) => builder.save(TAG, saved),
  });
  for (const builder of bench.builders) builder.remove(TAG);
  return [load, save];
}
