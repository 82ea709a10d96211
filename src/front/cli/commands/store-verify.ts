// `mille store verify`.

import { ERROR_CODES } from '../../../core/index.ts';
import { renderVerified } from '../../report/index.ts';
import { parseFormat } from '../formats.ts';
import { command } from '../spec.ts';

export const storeVerify = command({
  name: 'store verify',
  summary: 'Check the store against itself',
  usage: '[FLAGS]',
  description: [
    'Looks at the layout and its index, the database, every blob, layer, image, cache record, unpacked layer and cache mount, and says what is wrong, each in a line with what to do about it. Without --deep only sizes and small documents are looked at; with it every byte is read: digests, what each layer holds, the files of unpacked layers.',
    "Ends with status 0 for a sound store, 54 where something is wrong. What killed processes left is told and harms nobody: it goes by itself. Builds may run meanwhile; they don't wait.",
    '--repair forgets what is broken, so that it is fetched, built or unpacked again. An image that lacks something goes, with its names; layers that are whole stay, so that only what is missing has to be fetched.',
  ],
  flags: {
    deep: { kind: 'boolean', help: 'read every byte' },
    format: { kind: 'string', value: 'FORMAT', help: 'table, or json for one JSON object' },
    repair: { kind: 'boolean', help: 'forget what is broken' },
  },
  arguments: { least: 0, most: 0 },
  examples: [
    { text: 'a quick look', command: 'mille store verify' },
    { text: 'every byte, after a power cut', command: 'mille store verify --deep' },
    {
      text: 'what is wrong, for a program',
      command: "mille store verify --format json | jq '.Problems[].Message'",
    },
  ],
  async run({ flags }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const { deep, repair } = flags;
    const report = await (await host.app()).verifyStore({ deep, repair });
    host.out(renderVerified(report, { format }));
    return report.sound ? 0 : ERROR_CODES['store-damaged'].exit;
  },
});
