// `mille df`.

import { renderDamagedImages, renderDisk } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { command } from '../spec.ts';

export const df = command({
  name: 'df',
  aliases: ['system df'],
  summary: 'Show what takes the space of the store',
  usage: '[FLAGS]',
  description: [
    "Counts what is in use on the disk, every byte of the store once. ACTIVE is what a build or a container uses just now; RECLAIMABLE is what 'mille prune' would free.",
  ],
  flags: {
    format: {
      ...FORMAT_FLAG,
      help: 'table, or json for one JSON object a line (with -v: one object in all)',
    },
    verbose: {
      kind: 'boolean',
      short: 'v',
      help: 'list images, cache records, unpacked layers and the rest',
    },
    'no-trunc': { kind: 'boolean', help: 'show whole ids and texts' },
  },
  arguments: { least: 0, most: 0 },
  docker: { command: 'system df', unsupported: [] },
  examples: [
    { text: 'in short', command: 'mille df' },
    { text: 'what each image has for itself', command: 'mille df -v' },
    {
      text: 'what could be freed, in bytes',
      command: "mille df --format json | jq -s 'map(.ReclaimableBytes) | add'",
    },
  ],
  async run({ flags }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const report = await (await host.app()).df();
    host.err(renderDamagedImages(report));
    const { verbose } = flags;
    host.out(renderDisk(report, { format, verbose, full: flags['no-trunc'], now: host.now() }));
    return 0;
  },
});
