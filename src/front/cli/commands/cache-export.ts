// `mille cache export`.

import { MilleError } from '../../../core/index.ts';
import { renderExportedCache } from '../../report/index.ts';
import { chooseMode, PROGRESS_MODES, withProgress } from '../progress.ts';
import { command, type Host } from '../spec.ts';

export const cacheExport = command({
  name: 'cache export',
  summary: 'Write the cache to a directory, cache mounts to an archive',
  usage: 'DIRECTORY | --mounts [-o FILE] [MOUNT...]',
  description: [
    "With DIRECTORY what builds have learnt (records of steps, and the layers they lead to) is written there as an OCI layout, for 'mille cache import' or 'mille build --cache-from type=local,src=DIRECTORY' on another machine. What is there already is not written again. No secret is in it: see cache-travel.md. One project's cache alone is written by 'mille build --cache-to'.",
    "With --mounts the cache mounts that are named, or all of them, are written for 'mille cache import --mounts': a tar that says what is in it and carries a digest of each mount. Owners, modes, links, times and extended attributes are kept. Without -o it goes to standard output. Builds that want one of the mounts wait meanwhile.",
  ],
  flags: {
    mounts: { kind: 'boolean', help: 'write cache mounts (RUN --mount=type=cache)' },
    output: { kind: 'string', short: 'o', value: 'FILE', help: 'the file to write, with --mounts' },
    progress: {
      kind: 'choice',
      choices: PROGRESS_MODES,
      help: 'how progress is shown on standard error, for a directory; json is one event a line',
    },
    quiet: { kind: 'boolean', short: 'q', help: 'do not say what was written' },
  },
  arguments: { least: 0, most: Number.POSITIVE_INFINITY },
  examples: [
    { text: 'all that builds have learnt', command: 'mille cache export /media/usb/cache' },
    { text: 'one cache mount', command: 'mille cache export --mounts -o npm.tar npm' },
    { text: 'all of them, compressed', command: 'mille cache export --mounts | zstd > caches.tar.zst' },
  ],
  async run({ flags, args }, host) {
    if (flags.mounts) return await exportMounts(flags.output ?? '-', args, host);
    const directory = oneDirectory(args, 'export');
    if (flags.output !== undefined) {
      throw new MilleError('usage', '-o is for cache mounts', {
        hint: 'write the directory alone, or --mounts for the cache mounts of RUN',
      });
    }
    const mode = chooseMode({ progress: flags.progress, quiet: flags.quiet }, host);
    const app = await host.app();
    const outcome = await withProgress(mode, host, (events, signal) =>
      app.exportCache(directory, events, signal),
    );
    if ('status' in outcome) return outcome.status;
    if (!flags.quiet) host.out(renderExportedCache(outcome.value));
    return 0;
  },
});

async function exportMounts(output: string, args: readonly string[], host: Host): Promise<number> {
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
}

/** The directory of a cache of steps. @throws MilleError `usage` */
export function oneDirectory(args: readonly string[], verb: 'export' | 'import'): string {
  const [directory, ...more] = args;
  if (directory !== undefined && directory !== '' && directory !== '-' && more.length === 0) return directory;
  throw new MilleError('usage', `mille cache ${verb} needs one directory`, {
    hint: 'write DIRECTORY for the cache of steps, or --mounts for the cache mounts of RUN',
  });
}
