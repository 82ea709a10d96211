// `mille base update`.

import { lifeCycleUpdateJson, renderLifeCycleUpdate } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const baseUpdate = command({
  name: 'base update',
  summary: 'Fetch until when programs and distributions are supported',
  usage: '[FLAGS] [PRODUCT...]',
  description: [
    'The program brings dates of support, of the day that mille base, mille tags and mille base compare name below their tables. This fetches newer ones from endoflife.date, one document for each PRODUCT, or for all that are known if none is named, and keeps them in the store (life-cycles.json). Of each product the newer of both counts.',
    'What is not there, or is not what it should be, leaves that product as it was, and is told. Where the server cannot be reached nothing changes. Another server is named by --from, or by lifeCycleData in settings.json. mille lint goes by the dates in the program, so that it finds the same everywhere. See base-images.md.',
  ],
  flags: {
    ca: TRANSFER_FLAGS.ca,
    format: { ...FORMAT_FLAG, help: 'table for people, or json for one object' },
    from: {
      kind: 'string',
      value: 'URL|PATH',
      help: 'a server with the same documents (what stands before /products/python), or a directory of them (python.json)',
    },
    offline: TRANSFER_FLAGS.offline,
  },
  arguments: { least: 0, most: Number.POSITIVE_INFINITY },
  examples: [
    { text: 'all of them', command: 'mille base update' },
    { text: 'two', command: 'mille base update python debian' },
    { text: 'in a closed network', command: 'mille base update --from /mnt/endoflife' },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const { from } = flags;
    const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
    const app = await host.app();
    using interruption = host.interruption();
    const result = await app.updateLifeCycles(
      {
        products: args,
        ...(from === undefined ? {} : { from }),
        ...(ca === undefined ? {} : { ca }),
        today: new Date(host.now()).toISOString().slice(0, 10),
      },
      interruption.signal,
    );
    host.out(format === 'json' ? lifeCycleUpdateJson(result) : renderLifeCycleUpdate(result));
    return 0;
  },
});
