// `mille inspect`.

import { MilleError } from '../../../core/index.ts';
import { renderInspect } from '../../report/index.ts';
import { parseFormat } from '../formats.ts';
import { PLATFORM_FLAG, platformChoice } from '../platforms.ts';
import { command } from '../spec.ts';

export const inspect = command({
  name: 'inspect',
  aliases: ['image inspect'],
  summary: 'Show everything about images',
  usage: '[FLAGS] IMAGE...',
  flags: {
    format: {
      kind: 'string',
      short: 'f',
      value: 'FORMAT',
      help: 'json for JSON on one line, table for the main facts; by default indented JSON',
    },
    platform: PLATFORM_FLAG,
    type: { kind: 'string', value: 'image', help: 'the kind of object: there are images only' },
  },
  arguments: { least: 1, most: Number.POSITIVE_INFINITY },
  docker: { command: 'inspect', unsupported: ['size,s'] },
  examples: [
    { text: "everything, in Docker's words", command: 'mille inspect app' },
    { text: 'the main facts', command: 'mille inspect --format table app' },
    { text: 'one field', command: "mille inspect app | jq -r '.[0].Config.Cmd'" },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'indented';
    if (flags.type !== undefined && flags.type !== 'image') {
      throw new MilleError('usage', `--type can't be '${flags.type}'`, { hint: 'there are images only' });
    }
    const documents = await (await host.app()).inspect(args, platformChoice(flags.platform));
    host.out(renderInspect(documents, format));
    return 0;
  },
});
