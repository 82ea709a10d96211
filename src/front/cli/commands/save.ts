// `mille save`.

import { MilleError } from '../../../core/index.ts';
import { lookProgress } from '../look-progress.ts';
import { platformChoice } from '../platforms.ts';
import { command } from '../spec.ts';

export const save = command({
  name: 'save',
  aliases: ['image save'],
  summary: 'Write images to an archive',
  usage: '[FLAGS] IMAGE...',
  description: [
    "The archive is at once a Docker archive and an OCI layout: 'docker load', 'podman load' and 'skopeo copy' read it. Without -o it goes to standard output.",
  ],
  flags: {
    output: { kind: 'string', short: 'o', value: 'PATH', help: 'the file to write' },
    platform: {
      kind: 'string',
      value: 'OS/ARCH',
      help: 'write only the images for this platform; by default all that are there',
    },
  },
  arguments: { least: 1, most: Number.POSITIVE_INFINITY },
  docker: { command: 'save', unsupported: [] },
  examples: [
    { text: 'to a file', command: 'mille save -o app.tar app:1.2' },
    { text: 'into Docker', command: 'mille save app | docker load' },
  ],
  async run({ flags, args }, host) {
    const output = flags.output ?? '-';
    if (output === '') throw new MilleError('usage', '-o has no path', { hint: 'write -o PATH' });
    if (output === '-' && host.terminal.stdout) {
      throw new MilleError('usage', 'an archive is not written to a terminal', {
        hint: 'write -o PATH, or redirect standard output',
      });
    }
    const app = await host.app();
    const choice = platformChoice(flags.platform);
    // A reader of standard output that has stopped would also stop us from noticing a signal: there it just kills.
    using looking = lookProgress(host);
    const { progress } = looking;
    if (output === '-') {
      await app.save(args, output, { ...choice, progress });
      return 0;
    }
    using interruption = host.interruption();
    try {
      await app.save(args, output, { ...choice, progress, signal: interruption.signal });
    } catch (error) {
      if (interruption.status === undefined) throw error;
      return interruption.status;
    }
    return 0;
  },
});
