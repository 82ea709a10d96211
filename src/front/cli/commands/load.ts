// `mille load`.

import { MilleError } from '../../../core/index.ts';
import { renderLoaded } from '../../report/index.ts';
import { platformChoice } from '../platforms.ts';
import { command } from '../spec.ts';

export const load = command({
  name: 'load',
  aliases: ['image load'],
  summary: 'Take images from an archive',
  usage: '[FLAGS]',
  description: [
    "Reads what 'docker save' and 'podman save' write, OCI layouts in a tar, also compressed. Without -i the archive comes from standard input.",
  ],
  flags: {
    input: { kind: 'string', short: 'i', value: 'PATH', help: 'the file to read' },
    platform: {
      kind: 'string',
      value: 'OS/ARCH',
      help: 'load only the images for this platform; by default all that are there',
    },
    quiet: { kind: 'boolean', short: 'q', help: 'do not list what was loaded' },
  },
  arguments: { least: 0, most: 0 },
  docker: { command: 'load', unsupported: [] },
  examples: [
    { text: 'from a file', command: 'mille load -i app.tar' },
    { text: 'from Docker', command: 'docker save app | mille load' },
  ],
  async run({ flags }, host) {
    const input = flags.input ?? '-';
    if (input === '-' && host.terminal.stdin) {
      throw new MilleError('usage', 'there is no archive: standard input is a terminal', {
        hint: 'write -i PATH, or redirect standard input',
      });
    }
    const loaded = await (await host.app()).load(input, platformChoice(flags.platform));
    if (!flags.quiet) host.out(renderLoaded(loaded));
    return 0;
  },
});
