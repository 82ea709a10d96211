// Starting: `mille --version`, and a help page. Peers have no part in it but as an orientation.

import { run } from '../measure.ts';
import { alternate, type Scenario } from '../scenario.ts';

export const start: Scenario = {
  name: 'start',
  title: 'Starting',
  run: (bench) => [
    alternate(bench, {
      title: '--version',
      target: 'under 25 ms',
      rounds: Math.max(bench.rounds, 11),
      measure: (builder) => run([builder.program, '--version']),
    }),
  ],
};
