// `mille rmi`.

import { renderRemoved } from '../../report/index.ts';
import { platformChoice } from '../platforms.ts';
import { command } from '../spec.ts';

export const rmi = command({
  name: 'rmi',
  aliases: ['image rm', 'image remove'],
  summary: 'Remove names, and images that have none left',
  usage: '[FLAGS] IMAGE...',
  description: [
    'Given a name, removes that name; the image goes with its last one. Given an id, removes the image, which must then have one name at most, unless --force is given.',
  ],
  flags: {
    force: { kind: 'boolean', short: 'f', help: 'remove an image by id with all its names' },
    platform: {
      kind: 'string',
      value: 'OS/ARCH',
      help: 'remove only the image for this platform; those for others keep the name',
    },
  },
  arguments: { least: 1, most: Number.POSITIVE_INFINITY },
  docker: { command: 'rmi', unsupported: ['no-prune'] },
  examples: [
    { text: 'remove a name', command: 'mille rmi app:1.1' },
    { text: 'remove an image with all its names', command: 'mille rmi --force 0ca2cfa16c38' },
  ],
  async run({ flags, args }, host) {
    const events = await (await host.app()).rmi(args, {
      force: flags.force,
      ...platformChoice(flags.platform),
    });
    host.out(renderRemoved(events));
    return 0;
  },
});
