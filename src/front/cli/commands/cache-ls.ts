// `mille cache ls`.

import { renderCacheMounts } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { command } from '../spec.ts';

export const cacheLs = command({
  name: 'cache ls',
  aliases: ['cache list'],
  summary: 'List cache mounts, what they take and who used them',
  usage: '[FLAGS]',
  description: [
    'A cache mount is what RUN --mount=type=cache keeps between builds. The latest used comes first. Sizes are what they take on the disk.',
  ],
  flags: {
    format: FORMAT_FLAG,
    'no-trunc': { kind: 'boolean', help: 'show whole ids and texts' },
    quiet: { kind: 'boolean', short: 'q', help: 'show ids only' },
  },
  arguments: { least: 0, most: 0 },
  examples: [
    { text: 'all cache mounts', command: 'mille cache ls' },
    { text: 'the largest, for a program', command: "mille cache ls --format json | jq -s 'max_by(.Bytes)'" },
  ],
  async run({ flags }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const mounts = await (await host.app()).cacheMounts();
    const { quiet } = flags;
    host.out(renderCacheMounts(mounts, { format, quiet, full: flags['no-trunc'], now: host.now() }));
    return 0;
  },
});
