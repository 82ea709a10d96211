// `mille cache import`.

import { displayPath, MilleError } from '../../../core/index.ts';
import { renderImported, renderImportedCache } from '../../report/index.ts';
import { chooseMode, PROGRESS_MODES, withProgress } from '../progress.ts';
import { command, type Host } from '../spec.ts';
import { oneDirectory } from './cache-export.ts';

export const cacheImport = command({
  name: 'cache import',
  summary: 'Take over a cache from a directory, or cache mounts',
  usage: 'DIRECTORY | --mounts FILE | --mounts -',
  description: [
    "With DIRECTORY everything is taken over that 'mille cache export' or 'mille build --cache-to type=local' wrote there: records that are not known, and the layers they lead to. Whoever wrote it decides what later builds find: take over only what you trust. To read just what one build needs, and only while it does, there is 'mille build --cache-from'.",
    "Reads what 'mille cache export --mounts' wrote, compressed or not. Each mount is compared with its digest and put in the place of the one of the same name; where anything is wrong, or a build is using one of them, nothing is changed.",
  ],
  flags: {
    mounts: { kind: 'boolean', help: 'read cache mounts (RUN --mount=type=cache)' },
    progress: {
      kind: 'choice',
      choices: PROGRESS_MODES,
      help: 'how progress is shown on standard error, for a directory; json is one event a line',
    },
    quiet: { kind: 'boolean', short: 'q', help: 'do not say what was read' },
  },
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'what another machine has learnt', command: 'mille cache import /media/usb/cache' },
    { text: 'from a file', command: 'mille cache import --mounts npm.tar' },
    {
      text: 'from another machine',
      command: 'ssh ci mille cache export --mounts | mille cache import --mounts -',
    },
  ],
  async run({ flags, args }, host) {
    if (flags.mounts) return await importMounts(args[0]!, flags.quiet, host);
    const directory = oneDirectory(args, 'import');
    const mode = chooseMode({ progress: flags.progress, quiet: flags.quiet }, host);
    const app = await host.app();
    const outcome = await withProgress(mode, host, (events, signal) =>
      app.importCache(directory, events, signal),
    );
    if ('status' in outcome) return outcome.status;
    if (!flags.quiet) host.out(renderImportedCache(outcome.value));
    return 0;
  },
});

async function importMounts(input: string, quiet: boolean, host: Host): Promise<number> {
  if (input === '-' && host.terminal.stdin) {
    throw new MilleError('usage', 'there is no archive: standard input is a terminal', {
      hint: 'give the path of a file, or redirect standard input',
    });
  }
  using interruption = host.interruption();
  try {
    const imported = await (await host.app()).importCacheMounts(input, interruption.signal);
    if (!quiet) host.out(renderImported(imported));
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
}
