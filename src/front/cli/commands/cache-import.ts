// `mille cache import`.

import { displayPath, MilleError } from '../../../core/index.ts';
import { renderImported } from '../../report/index.ts';
import { command } from '../spec.ts';
import { needsMounts } from './cache-export.ts';

export const cacheImport = command({
  name: 'cache import',
  summary: 'Take cache mounts from an archive',
  usage: '--mounts FILE | -',
  description: [
    "Reads what 'mille cache export --mounts' wrote, compressed or not. Each mount is compared with its digest and put in the place of the one of the same name; where anything is wrong, or a build is using one of them, nothing is changed.",
  ],
  flags: {
    mounts: { kind: 'boolean', help: 'read cache mounts (RUN --mount=type=cache)' },
    quiet: { kind: 'boolean', short: 'q', help: 'do not list what was read' },
  },
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'from a file', command: 'mille cache import --mounts npm.tar' },
    {
      text: 'from another machine',
      command: 'ssh ci mille cache export --mounts | mille cache import --mounts -',
    },
  ],
  async run({ flags, args }, host) {
    needsMounts(flags.mounts, 'import');
    const input = args[0]!;
    if (input === '-' && host.terminal.stdin) {
      throw new MilleError('usage', 'there is no archive: standard input is a terminal', {
        hint: 'give the path of a file, or redirect standard input',
      });
    }
    using interruption = host.interruption();
    try {
      const imported = await (await host.app()).importCacheMounts(input, interruption.signal);
      if (!flags.quiet) host.out(renderImported(imported));
      const { length } = imported.skipped;
      if (length > 0) {
        host.err(
          `warning: ${length} files could not be made as they were (first: ${displayPath(imported.skipped[0]!)})\n`,
        );
      }
    } catch (error) {
      if (interruption.status === undefined) throw error;
      return interruption.status;
    }
    return 0;
  },
});
