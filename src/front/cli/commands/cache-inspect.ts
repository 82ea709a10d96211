// `mille cache inspect`.

import { renderCacheInspect } from '../../report/index.ts';
import { parseFormat } from '../formats.ts';
import { command } from '../spec.ts';

export const cacheInspect = command({
  name: 'cache inspect',
  summary: 'Show everything about cache mounts',
  usage: '[FLAGS] MOUNT...',
  description: [
    "A mount is named by its id= (or its target), by its id in 'mille cache ls', or by the first digits of that.",
  ],
  flags: {
    format: {
      kind: 'string',
      short: 'f',
      value: 'FORMAT',
      help: 'json for JSON on one line, table for facts; by default indented JSON',
    },
  },
  arguments: { least: 1, most: Number.POSITIVE_INFINITY },
  examples: [
    { text: 'everything', command: 'mille cache inspect npm' },
    { text: 'in a few words', command: 'mille cache inspect --format table /root/.cache/pip' },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'indented';
    const mounts = await (await host.app()).inspectCacheMounts(args);
    host.out(renderCacheInspect(mounts, { format, now: host.now() }));
    return 0;
  },
});
