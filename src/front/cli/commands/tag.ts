// `mille tag`.

import { command } from '../spec.ts';

export const tag = command({
  name: 'tag',
  aliases: ['image tag'],
  summary: 'Give an image another name',
  usage: 'SOURCE TARGET',
  description: ['SOURCE is a name or an id. Where TARGET names another image already, it moves to this one.'],
  flags: {},
  arguments: { least: 2, most: 2 },
  examples: [
    { text: 'a version beside latest', command: 'mille tag app app:1.2' },
    { text: 'a name for a registry', command: 'mille tag app registry.example.com/team/app:1.2' },
  ],
  async run({ args }, host) {
    await (await host.app()).tag(args[0]!, args[1]!);
    return 0;
  },
});
