// `mille vuln ls`.

import { renderVulnerabilityData, vulnerabilityDataJson } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { command } from '../spec.ts';

export const vulnLs = command({
  name: 'vuln ls',
  summary: 'List the data on vulnerabilities that is held, and its age',
  usage: '[FLAGS]',
  flags: { format: { ...FORMAT_FLAG, help: 'table for people, or json for one list' } },
  arguments: { least: 0, most: 0 },
  examples: [{ text: 'how old the data is', command: 'mille vuln ls' }],
  async run({ flags }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const held = await (await host.app()).vulnerabilityData();
    host.out(format === 'json' ? vulnerabilityDataJson(held) : renderVulnerabilityData(held, host.now()));
    return 0;
  },
});
