// What a RUN costs beyond its command: twenty that do nothing.

import { Context } from '../context-files.ts';
import { alternate, type Scenario } from '../scenario.ts';

const STEPS = 20;

export const runSteps: Scenario = {
  name: 'run-steps',
  title: `${STEPS} RUN steps that do nothing`,
  run: (bench) => {
    const context = new Context(bench.directory);
    const lines = Array.from({ length: STEPS }, (_, i) => `RUN true ${i}\n`);
    context.write('Dockerfile', `FROM ${bench.base}\n${lines.join('')}`);
    return [
      alternate(bench, {
        title: 'all of them',
        rounds: Math.min(bench.rounds, 5),
        measure: (builder) =>
          builder.build({ context: context.path, tag: 'mille-bench/steps', noCache: true }),
      }),
    ];
  },
};
