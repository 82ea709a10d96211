// `mille prune`.

import type { PruneOptions, PruneReport } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { renderPruned } from '../../report/index.ts';
import { diskSize } from '../disk-sizes.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { parsePruneFilters } from '../prune-filters.ts';
import { parseSince } from '../since.ts';
import { command, type Host } from '../spec.ts';

const SIZE = { kind: 'string', value: 'SIZE' } as const;

export const prune = command({
  name: 'prune',
  aliases: ['system prune', 'builder prune', 'buildx prune', 'image prune'],
  summary: 'Remove what was not used for longest',
  usage: '[FLAGS]',
  description: [
    'Removes what can be made again: records of the build cache with the layers that only they hold, unpacked layers, cache mounts, fetched sources, build logs, images without a name, and what killed processes left. Images with names stay, and so do records whose layers they hold, unless --all is given. With a limit (--keep and the like) what was used longest ago goes first, until the limit is kept.',
    'Builds and containers that run are not disturbed, and nothing they use is removed. Before anything is removed it is listed, and asked for.',
    "'builder prune' and 'buildx prune' mean the build cache (--scope cache), 'image prune' means images (--scope images).",
  ],
  flags: {
    all: {
      kind: 'boolean',
      short: 'a',
      help: 'also images with names, and cache records whose layers images hold',
    },
    'dry-run': { kind: 'boolean', help: 'only show what would be removed' },
    filter: {
      kind: 'list',
      value: 'FILTER',
      help: 'only some: type=KIND, until=AGE, label=KEY[=VALUE], label!=KEY[=VALUE]',
    },
    force: { kind: 'boolean', short: 'f', help: 'do not ask' },
    format: { ...FORMAT_FLAG, help: 'table, or json for one JSON object' },
    keep: { ...SIZE, help: 'keep at most this much, what was used last' },
    'keep-storage': { ...SIZE, help: 'the same as --reserved-space' },
    'max-used-space': { ...SIZE, help: 'the same as --keep' },
    'min-free-space': { ...SIZE, help: 'remove until this much of the disk is free' },
    'older-than': { kind: 'string', value: 'AGE', help: 'only what was not used for this long: 24h, 7d' },
    'reserved-space': { ...SIZE, help: 'never go below this much' },
    scope: {
      kind: 'choice',
      choices: ['all', 'cache', 'images'],
      default: 'all',
      help: 'remove from everything, from the build cache, or images',
    },
    verbose: { kind: 'boolean', short: 'v', help: 'list every single thing' },
  },
  arguments: { least: 0, most: 0 },
  docker: {
    command: 'system prune',
    unsupported: ['volumes', 'builder', 'debug,D'],
    hints: {
      volumes: "leave it out: mille keeps no volumes; 'mille cache ls' lists cache mounts",
      builder: 'leave it out: there is one store and no builder',
    },
  },
  examples: [
    { text: 'see what would go', command: 'mille prune --dry-run' },
    { text: 'keep the 10 GB that were used last', command: 'mille prune --keep 10GB -f' },
    { text: 'what nobody used for a week', command: 'mille prune --older-than 7d' },
    { text: 'unpacked layers alone', command: 'mille prune --filter type=unpacked' },
  ],
  async run({ flags }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const maxUsed = one(
      diskSize('--keep', flags.keep),
      diskSize('--max-used-space', flags['max-used-space']),
      ['--keep', '--max-used-space'],
    );
    const reserved = one(
      diskSize('--reserved-space', flags['reserved-space']),
      diskSize('--keep-storage', flags['keep-storage']),
      ['--reserved-space', '--keep-storage'],
    );
    const minFree = diskSize('--min-free-space', flags['min-free-space']);
    const { kinds, labels, withoutLabels, ...filters } = parsePruneFilters(
      flags.filter,
      flags.scope,
      host.now(),
    );
    const older = flags['older-than'];
    const since = [
      ...(filters.unusedSince === undefined ? [] : [filters.unusedSince]),
      ...(older === undefined ? [] : [parseSince('--older-than', older, host.now())]),
    ];
    const options: Omit<PruneOptions, 'dryRun'> = {
      all: flags.all,
      ...(kinds ? { kinds } : {}),
      ...(labels.length > 0 ? { labels } : {}),
      ...(withoutLabels.length > 0 ? { withoutLabels } : {}),
      ...(since.length > 0 ? { unusedSince: Math.min(...since) } : {}),
      ...(maxUsed === undefined ? {} : { maxUsed }),
      ...(reserved === undefined ? {} : { reserved }),
      ...(minFree === undefined ? {} : { minFree }),
    };
    const app = await host.app();
    const show = (report: PruneReport) =>
      renderPruned(report, { format, verbose: flags.verbose, now: host.now() });
    if (flags['dry-run']) {
      host.out(show(await app.prune({ ...options, dryRun: true })));
      return 0;
    }
    if (!flags.force) {
      const planned = await app.prune({ ...options, dryRun: true });
      if (planned.removed.length === 0) {
        host.out(show(planned));
        return 0;
      }
      host.err(renderPruned(planned, { format: 'table', verbose: flags.verbose, now: host.now() }));
      if (!confirmed(host)) {
        host.err('nothing was removed\n');
        return 1;
      }
    }
    host.out(show(await app.prune({ ...options, dryRun: false })));
    return 0;
  },
});

function one(
  a: number | undefined,
  b: number | undefined,
  [first, second]: readonly [string, string],
): number | undefined {
  if (a !== undefined && b !== undefined) {
    throw new MilleError('usage', `${first} and ${second} are the same flag`, { hint: 'write one of them' });
  }
  return a ?? b;
}

/** Asks. @throws MilleError `usage` where nobody can answer */
function confirmed(host: Host): boolean {
  host.err('Remove this? [y/N] ');
  const answer = host.readLine();
  if (answer === undefined) {
    host.err('\n');
    throw new MilleError('usage', 'mille prune asks before it removes, and there is nobody to answer', {
      hint: 'write --force to remove without being asked, or --dry-run to see what would go',
    });
  }
  return /^y(?:es)?$/i.test(answer.trim());
}
