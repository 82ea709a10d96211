// A layer of 2 GB, made by RUN and by COPY: seconds, and how much memory it takes.

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder } from '../builder.ts';
import { Context, noise, settle } from '../context-files.ts';
import { alternate, type Bench, type Measured, type Scenario } from '../scenario.ts';

const MIB = 1 << 20;
const PIECE = 64;
const PIECES = 32;
const RUN_TAG = 'mille-bench/large-run';
const COPY_TAG = 'mille-bench/large-copy';

export const largeLayer: Scenario = { name: 'large-layer', title: 'A layer of 2 GB', run: measure };

function measure(bench: Bench): Measured[] {
  const { directory, base } = bench;
  const run = new Context(join(directory, 'run'));
  // What one process writes without holes, faster than a random generator would give it.
  const script = `dd if=/dev/urandom of=/piece bs=1M count=${PIECE} && for i in $(seq ${PIECES}); do cat /piece; done > /large && rm /piece`;
  run.write('Dockerfile', `FROM ${base}\nRUN ${script}\n`);
  const copy = new Context(join(directory, 'copy'));
  copy.write('Dockerfile', `FROM ${base}\nCOPY large /large\n`);
  const piece = noise(3, PIECE * MIB);
  for (let i = 0; i < PIECES; i++) appendFileSync(join(copy.path, 'large'), piece);
  settle();
  const rounds = Math.min(bench.rounds, 3);
  const build = (context: Context, tag: string) => ({
    prepare: () => {
      context.rename();
      Bun.spawnSync(['sync']);
    },
    measure: (builder: Builder) => {
      const sample = builder.build({ context: context.path, tag, noCache: true });
      builder.remove(tag);
      return sample;
    },
  });
  const target = 'under 300 MB';
  return [
    alternate(bench, { title: 'RUN writes 2 GB', target, memory: true, rounds, ...build(run, RUN_TAG) }),
    alternate(bench, {
      title: 'COPY of a 2 GB file',
      target,
      memory: true,
      rounds,
      ...build(copy, COPY_TAG),
    }),
  ];
}
