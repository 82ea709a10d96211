// `mille history`.

import { renderHistory } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { PLATFORM_FLAG, platformChoice } from '../platforms.ts';
import { command } from '../spec.ts';

export const history = command({
  name: 'history',
  aliases: ['image history'],
  summary: 'Show what made an image, and what each layer weighs',
  usage: '[FLAGS] IMAGE',
  flags: {
    format: FORMAT_FLAG,
    human: {
      kind: 'boolean',
      short: 'H',
      default: true,
      help: 'sizes and ages for people; --human=false gives bytes and times',
    },
    'no-trunc': { kind: 'boolean', help: 'show whole ids and instructions' },
    platform: PLATFORM_FLAG,
    quiet: { kind: 'boolean', short: 'q', help: 'show ids only' },
  },
  arguments: { least: 1, most: 1 },
  docker: { command: 'history', unsupported: [] },
  examples: [
    { text: 'the layers of an image, the newest first', command: 'mille history app' },
    {
      text: 'with whole instructions and exact bytes',
      command: 'mille history --no-trunc --human=false app',
    },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const rows = await (await host.app()).history(args[0]!, platformChoice(flags.platform));
    const { quiet, human } = flags;
    host.out(renderHistory(rows, { format, quiet, human, full: flags['no-trunc'], now: host.now() }));
    return 0;
  },
});
