// A program for tests: the explorer on an image that fails in ways that nobody foresaw. Looking at a layer alone throws
// while a key is taken, looking into a file throws some time later.

import type { App, Exploration } from '../../../../app/index.ts';
import { sampleImage } from '../../../explore/testdata/sample.ts';
import { processHost } from '../../host.ts';
import { runExplorer } from '../run.ts';

const image = sampleImage();
const failing = {
  ...image,
  view(layer, scope) {
    if (scope === 'layer') throw new Error('unforeseen');
    return image.view(layer, scope);
  },
  read() {
    setTimeout(() => {
      throw new Error('unforeseen');
    }, 20);
    return new Promise(() => {});
  },
  extract: async () => 'done',
} satisfies Exploration;
const app = { explore: (_options, _signal, work) => work(failing) } as Pick<App, 'explore'> as App;
try {
  await runExplorer({ image: 'x' }, { ...processHost(), app: async () => app });
} catch (error) {
  console.log(`caught: ${(error as Error).message}`);
  process.exit(70);
}
