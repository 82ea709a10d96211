// Looking into an image of 6 GB with 325,000 entries: in the store, where its tables are known, and in files, of which
// every byte is read and hashed. Peers that could be compared with (dive) are not packaged.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../measure.ts';
import { alternate, type Bench, type Measured, type Scenario } from '../scenario.ts';

const TAG = 'localhost/mille-bench/large:1';

export const largeImage: Scenario = {
  name: 'large-image',
  title: 'Looking into an image of 6 GB',
  run: measure,
};

function measure(bench: Bench): Measured[] {
  const mille = bench.builders[0]!;
  const alone = { ...bench, builders: [mille] };
  const { directory } = bench;
  run([process.execPath, join(import.meta.dir, '../make-large-image.ts'), directory]);
  const store = join(directory, 'store');
  const env = { MILLE_ROOT: store, MILLE_OFFLINE: '1' };
  const empty = { MILLE_ROOT: join(directory, 'nothing'), MILLE_OFFLINE: '1' };
  run([mille.program, 'load', '-i', join(directory, 'packed')], { env });
  const look = (title: string, args: readonly string[], target: string, from = env) =>
    alternate(alone, {
      ...{ title, target, memory: true, rounds: Math.min(bench.rounds, 3) },
      measure: () => run([mille.program, 'layers', ...args], { env: from }),
    });
  const seconds = 'seconds, under 1 GB';
  const measured = [
    look('layers, of the store', [TAG], seconds),
    look('layers --waste, of the store', ['--waste', TAG], seconds),
    look('layers --tree, of the store', ['--tree', TAG], seconds),
    look('layers, of a layout with gzip layers', [join(directory, 'packed')], '', empty),
    look('layers, of a layout with plain layers', [join(directory, 'plain')], '', empty),
  ];
  rmSync(store, { recursive: true, force: true });
  return measured;
}
