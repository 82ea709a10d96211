// `mille sbom`.

import { MilleError } from '../../../core/index.ts';
import { oneLine } from '../../report/index.ts';
import { insideOptions, PLATFORM_FLAG } from '../platforms.ts';
import { type Endings, reportForm } from '../report-file.ts';
import { resultFile } from '../result-file.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

const FORMS = ['cyclonedx-json', 'spdx-json'] as const;

/** As both projects have such files named. */
const ENDINGS: Endings<(typeof FORMS)[number]> = [
  [/\.cdx\.json$/i, 'cyclonedx-json'],
  [/\.spdx\.json$/i, 'spdx-json'],
];

export const sbom = command({
  name: 'sbom',
  summary: 'Write an inventory of an image, as CycloneDX or SPDX',
  usage: '[FLAGS] IMAGE',
  description: [
    'The packages that mille packages lists, as a document for other programs: CycloneDX 1.6 or SPDX 2.3, in JSON. Each component has its package URL, the file that told of it, the digest of the layer that brought it, and the line of the Dockerfile where it is known.',
    'The same image gives the same bytes: the serial number comes from what is listed, the time is that of the image. See packages.md.',
  ],
  flags: {
    ca: TRANSFER_FLAGS.ca,
    offline: TRANSFER_FLAGS.offline,
    format: {
      kind: 'choice',
      choices: FORMS,
      help: 'which kind of document; if not given, by the ending of -o (.cdx.json, .spdx.json), else cyclonedx-json',
    },
    output: { kind: 'string', short: 'o', value: 'FILE', help: "where to write it; '-' is standard output" },
    platform: PLATFORM_FLAG,
  },
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'an inventory for a scanner of vulnerabilities', command: 'mille sbom -o app.cdx.json app' },
    { text: 'in the other format', command: 'mille sbom --format spdx-json app:1' },
  ],
  async run({ flags, args }, host) {
    const { output = '-' } = flags;
    if (output === '') throw new MilleError('usage', '-o has no path', { hint: 'write -o FILE' });
    const format = reportForm(flags, ENDINGS, 'cyclonedx-json');
    const app = await host.app();
    using interruption = host.interruption();
    const result = await app.sbom(args[0]!, { format, ...insideOptions(flags) }, interruption.signal);
    for (const note of result.notes) host.err(`warning: ${oneLine(note)}\n`);
    // Only now: an earlier inventory stays where this one could not be made.
    const write = output === '-' ? host.out : await resultFile('-o', output);
    write?.(result.text);
    if (output !== '-') {
      const { packages } = result;
      host.err(`${packages} ${packages === 1 ? 'package' : 'packages'} written to ${oneLine(output)}\n`);
    }
    return 0;
  },
});
