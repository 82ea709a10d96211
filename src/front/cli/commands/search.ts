// `mille search`.

import { renderSearch } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { wholeNumber } from '../numbers.ts';
import { parseSearchFilters } from '../search-filters.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const search = command({
  name: 'search',
  summary: 'Look for images in Docker Hub, or in a registry',
  usage: '[FLAGS] TERM | REGISTRY/[TERM]',
  description: [
    'Asks Docker Hub as docker search does; with a registry before the term, its catalogue for names that hold the term: all names where there is none. A catalogue tells names only, and many large registries keep none.',
    'MILLE_HUB_URL names another address that stands for Docker Hub. What is found is said by others: names that cannot be names are left out, and descriptions are shown without control characters. See tags.md.',
  ],
  flags: {
    ca: TRANSFER_FLAGS.ca,
    offline: TRANSFER_FLAGS.offline,
    filter: {
      kind: 'list',
      short: 'f',
      value: 'FILTER',
      help: 'show only some: is-official=true|false, is-automated=true|false, is-private=true|false, stars=N, has-stars',
    },
    format: FORMAT_FLAG,
    limit: { kind: 'string', value: 'N', help: 'how many are shown, from 1 to 100; 25 if not given' },
    'no-trunc': { kind: 'boolean', help: 'show whole descriptions' },
  },
  arguments: { least: 1, most: 1 },
  docker: { command: 'search', unsupported: [] },
  examples: [
    { text: 'in Docker Hub, official images only', command: 'mille search --filter is-official=true python' },
    { text: 'what a registry has', command: 'mille search localhost:5000/' },
    { text: 'names for a program', command: 'mille search --format json --limit 100 redis | jq -r .Name' },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const filter = parseSearchFilters(flags.filter);
    const limit = wholeNumber('limit', flags.limit, { standard: 25, most: 100 });
    const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
    const app = await host.app();
    using interruption = host.interruption();
    const options = { term: args[0]!, limit, filter, ...(ca === undefined ? {} : { ca }) };
    const result = await app.search(options, interruption.signal);
    if (result.dropped > 0)
      host.err(
        `warning: ${result.dropped} of the answers of ${result.place} had no name that an image can have\n`,
      );
    host.out(renderSearch(result, { format, full: flags['no-trunc'] }));
    return 0;
  },
});
