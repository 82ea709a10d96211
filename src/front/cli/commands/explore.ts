// `mille explore`.

import { runExplorer } from '../explorer/run.ts';
import { LOOK_FLAGS, lookOptions } from '../look.ts';
import { command } from '../spec.ts';

export const explore = command({
  name: 'explore',
  summary: 'Look about in an image, full screen: layers, files, waste',
  usage: '[FLAGS] IMAGE',
  description: [
    'Layers on one side, each with the line of the Dockerfile that made it, its size and what of it is wasted; on the other the files, the biggest first, as they are after a layer or of the layer alone. Signs and colours tell what the layer added (+), changed (~), wrote again with the same content and removed (-). Files can be filtered by name, size and regular expression, looked into, and written to this machine.',
    "IMAGE is as for 'mille layers': in the store, an archive, a layout, Docker's daemon, a registry. The key ? shows all keys. A terminal is needed; it is left as it was, whatever happens. See explore.md.",
  ],
  flags: LOOK_FLAGS,
  arguments: { least: 1, most: 1 },
  examples: [{ text: 'look about in an image', command: 'mille explore app' }],
  run: ({ flags, args }, host) => runExplorer({ image: args[0]!, ...lookOptions(flags, host) }, host),
});
