// `mille vuln update`.

import { fetchingText, updateText } from '../../report/index.ts';
import { LOOK_FLAGS } from '../look.ts';
import { insideOptions } from '../platforms.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const vulnUpdate = command({
  name: 'vuln update',
  summary: 'Fetch data on vulnerabilities, or take it from a directory',
  usage: '[FLAGS] [ECOSYSTEM...]',
  description: [
    "Fetches what OSV (osv.dev) hands out: an archive for each ecosystem, ECOSYSTEM/all.zip, several hundred megabytes for the largest. An ecosystem is written as OSV writes it: Debian, Ubuntu, Alpine, 'Red Hat', PyPI, npm, Go, Maven, RubyGems, Packagist, crates.io, NuGet and others; of a distribution also one release, where it is handed out by itself: Debian:12. Without any, all that are held are brought up to date; what has not changed is not fetched again, and what was cut is gone on with.",
    'The data is kept in the store, laid down for quick look-up; an ecosystem is replaced whole or stays as it was. Another server is named by --from, or by vulnerabilityData in settings.json. See vulnerabilities.md.',
  ],
  flags: {
    ca: LOOK_FLAGS.ca,
    for: { kind: 'string', value: 'IMAGE', help: 'the ecosystems that the packages of this image belong to' },
    from: {
      kind: 'string',
      value: 'URL|PATH',
      help: 'a server with the same layout, or a directory or an archive (zip, tar) of records in OSV format',
    },
    offline: TRANSFER_FLAGS.offline,
    platform: LOOK_FLAGS.platform,
    quiet: { kind: 'boolean', short: 'q', help: 'print nothing but errors' },
  },
  arguments: { least: 0, most: Number.POSITIVE_INFINITY },
  examples: [
    { text: 'what an image needs', command: 'mille vuln update --for app' },
    { text: 'two ecosystems', command: 'mille vuln update Debian PyPI' },
    { text: 'all that is held, again', command: 'mille vuln update' },
    { text: 'without a network', command: 'mille vuln update --from /mnt/osv' },
  ],
  async run({ flags, args }, host) {
    const { from, quiet } = flags;
    const app = await host.app();
    using interruption = host.interruption();
    const live = host.terminal.stderr && !quiet;
    let drawn = '';
    const draw = (text: string) => {
      if (!live || text === drawn) return;
      host.err(`\r\x1b[K${text}`);
      drawn = text;
    };
    try {
      await app.updateVulnerabilityData(
        {
          ecosystems: args,
          ...(flags.for === undefined ? {} : { image: flags.for }),
          ...(from === undefined ? {} : { from }),
          ...{ inside: insideOptions(flags), now: new Date(host.now()).toISOString() },
        },
        (event) => {
          if (event.kind === 'fetching') draw(fetchingText(event));
          else {
            draw('');
            if (!quiet) host.out(updateText(event, host.now()) ?? '');
          }
        },
        interruption.signal,
      );
    } finally {
      draw('');
    }
    return 0;
  },
});
