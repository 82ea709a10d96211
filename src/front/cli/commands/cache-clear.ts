// `mille cache clear`.

import { MilleError } from '../../../core/index.ts';
import { renderCleared, sanitizeLine } from '../../report/index.ts';
import { command } from '../spec.ts';

export const cacheClear = command({
  name: 'cache clear',
  aliases: ['cache rm'],
  summary: 'Remove what cache mounts hold',
  usage: '[--all | MOUNT...]',
  description: [
    "The next build that uses a mount begins with an empty one. A mount that a build is using stays: with --all that is told, for one that was named it is an error. 'mille prune' removes those that were not used for long.",
  ],
  flags: {
    all: { kind: 'boolean', short: 'a', help: 'clear every cache mount' },
  },
  arguments: { least: 0, most: Number.POSITIVE_INFINITY },
  examples: [
    { text: 'one cache', command: 'mille cache clear npm' },
    { text: 'all of them', command: 'mille cache clear --all' },
  ],
  async run({ flags, args }, host) {
    if (flags.all === args.length > 0) {
      throw new MilleError(
        'usage',
        flags.all ? '--all leaves nothing to be named' : 'no cache mount is named',
        {
          hint: "write mille cache clear MOUNT..., or mille cache clear --all; 'mille cache ls' lists them",
        },
      );
    }
    const result = await (await host.app()).clearCacheMounts(flags.all ? 'all' : args);
    host.out(renderCleared(result));
    const names = result.inUse.map(({ name }) => sanitizeLine(name)).join(', ');
    if (names === '') return 0;
    if (!flags.all) {
      throw new MilleError('cache-in-use', `a build is using ${names}`, {
        hint: 'try again when it has ended',
      });
    }
    host.err(`note: a build is using ${names}: not cleared\n`);
    return 0;
  },
});
