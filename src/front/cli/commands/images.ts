// `mille images`.

import type { ImageFilter } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { renderDamagedRows, renderImages } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { command } from '../spec.ts';

export const images = command({
  name: 'images',
  aliases: ['image ls', 'image list'],
  summary: 'List the images of the store',
  usage: '[FLAGS] [REPOSITORY[:TAG]]',
  flags: {
    all: {
      kind: 'boolean',
      short: 'a',
      help: 'show all images; always so, as there are no intermediate ones',
    },
    digests: {
      kind: 'boolean',
      help: 'show the digests that the names mean: of the index, or of the manifest',
    },
    filter: {
      kind: 'list',
      short: 'f',
      value: 'FILTER',
      help: 'show only some: dangling=true|false, reference=PATTERN',
    },
    format: FORMAT_FLAG,
    'no-trunc': { kind: 'boolean', help: 'show whole ids' },
    quiet: { kind: 'boolean', short: 'q', help: 'show ids only' },
  },
  arguments: { least: 0, most: 1 },
  docker: { command: 'images', unsupported: ['tree'] },
  examples: [
    { text: 'all images', command: 'mille images' },
    { text: 'every tag of one repository, for a program', command: 'mille images --format json app' },
    { text: 'remove the images that have no name', command: 'mille rmi $(mille images -q -f dangling=true)' },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const filter = parseFilters(flags.filter, args[0]);
    const rows = await (await host.app()).images(filter);
    host.err(renderDamagedRows(rows));
    const { quiet, digests } = flags;
    host.out(renderImages(rows, { format, quiet, digests, full: flags['no-trunc'], now: host.now() }));
    return 0;
  },
});

function parseFilters(filters: readonly string[], argument: string | undefined): ImageFilter {
  let filter: ImageFilter = argument === undefined ? {} : { reference: argument };
  for (const text of filters) {
    const equals = text.indexOf('=');
    const [key, value] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
    if (key === 'dangling' && /^(?:true|false|1|0)$/.test(value)) {
      filter = { ...filter, dangling: value === 'true' || value === '1' };
    } else if (key === 'reference' && value !== '' && filter.reference === undefined) {
      filter = { ...filter, reference: value };
    } else {
      throw new MilleError('usage', `mille does not support the filter '${text}'`, {
        hint: 'the filters are dangling=true, dangling=false and one reference=PATTERN',
      });
    }
  }
  return filter;
}
