// `mille cache export`.

import { MilleError } from '../../../core/index.ts';
import { command } from '../spec.ts';

export const cacheExport = command({
  name: 'cache export',
  summary: 'Write cache mounts to an archive',
  usage: '--mounts [-o FILE] [MOUNT...]',
  description: [
    "Writes the cache mounts that are named, or all of them, for 'mille cache import' on this machine or another: a tar that says what is in it and carries a digest of each mount. Owners, modes, links, times and extended attributes are kept. Without -o it goes to standard output. Builds that want one of the mounts wait meanwhile.",
  ],
  flags: {
    mounts: { kind: 'boolean', help: 'write cache mounts (RUN --mount=type=cache)' },
    output: { kind: 'string', short: 'o', value: 'FILE', help: 'the file to write' },
  },
  arguments: { least: 0, most: Number.POSITIVE_INFINITY },
  examples: [
    { text: 'one cache mount', command: 'mille cache export --mounts -o npm.tar npm' },
    { text: 'all of them, compressed', command: 'mille cache export --mounts | zstd > caches.tar.zst' },
  ],
  async run({ flags, args }, host) {
    needsMounts(flags.mounts, 'export');
    const output = flags.output ?? '-';
    if (output === '') throw new MilleError('usage', '-o has no path', { hint: 'write -o FILE' });
    if (output === '-' && host.terminal.stdout) {
      throw new MilleError('usage', 'an archive is not written to a terminal', {
        hint: 'write -o FILE, or redirect standard output',
      });
    }
    const app = await host.app();
    const names = args.length === 0 ? 'all' : args;
    // As with save: a reader of standard output that has stopped would also stop us from noticing a signal.
    if (output === '-') {
      await app.exportCacheMounts(names, output);
      return 0;
    }
    using interruption = host.interruption();
    try {
      await app.exportCacheMounts(names, output, interruption.signal);
    } catch (error) {
      if (interruption.status === undefined) throw error;
      return interruption.status;
    }
    return 0;
  },
});

/** Cache mounts are only one of the caches that there are. @throws MilleError `usage` */
export function needsMounts(given: boolean, verb: 'export' | 'import'): void {
  if (given) return;
  throw new MilleError('usage', `mille cache ${verb} needs to know which cache`, {
    hint: `write --mounts for the cache mounts of RUN; the cache of steps cannot be ${verb}ed yet`,
  });
}
