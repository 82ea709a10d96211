// `mille inspect`.

import { MilleError } from '../../../core/index.ts';
import { renderInspect, renderInspectRemote } from '../../report/index.ts';
import { parseFormat } from '../formats.ts';
import { PLATFORM_FLAG, platformChoice } from '../platforms.ts';
import { command, type Host } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const inspect = command({
  name: 'inspect',
  aliases: ['image inspect'],
  summary: 'Show everything about images',
  usage: '[FLAGS] IMAGE...',
  description: [
    'Images are those of the store. With --remote they are asked for at their registries, and nothing of a layer is fetched: what the name means now, its platforms with digests and compressed sizes, and manifest and config of the image for --platform or this machine. --raw prints the index or the manifest as it is, byte for byte.',
  ],
  flags: {
    ca: TRANSFER_FLAGS.ca,
    format: {
      kind: 'string',
      short: 'f',
      value: 'FORMAT',
      help: 'json for JSON on one line, table for the main facts; by default indented JSON',
    },
    offline: TRANSFER_FLAGS.offline,
    platform: PLATFORM_FLAG,
    raw: { kind: 'boolean', help: 'with --remote: print the manifest or the index as the registry has it' },
    'registry-mirror': TRANSFER_FLAGS['registry-mirror'],
    remote: { kind: 'boolean', help: 'ask the registry, and fetch no layer' },
    type: { kind: 'string', value: 'image', help: 'the kind of object: there are images only' },
  },
  arguments: { least: 1, most: Number.POSITIVE_INFINITY },
  docker: { command: 'inspect', unsupported: ['size,s'] },
  examples: [
    { text: "everything, in Docker's words", command: 'mille inspect app' },
    { text: 'the main facts', command: 'mille inspect --format table app' },
    { text: 'one field', command: "mille inspect app | jq -r '.[0].Config.Cmd'" },
    {
      text: 'what a name means at its registry',
      command: 'mille inspect --remote --format table python:3.12',
    },
    {
      text: 'the digest to pin',
      command: "mille inspect --remote --format json python:3.12 | jq -r '.[0].Digest'",
    },
    { text: 'the index itself', command: 'mille inspect --remote --raw python:3.12' },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'indented';
    if (flags.type !== undefined && flags.type !== 'image') {
      throw new MilleError('usage', `--type can't be '${flags.type}'`, { hint: 'there are images only' });
    }
    if (flags.remote) return await remotely({ flags, args }, host);
    const needless = flags.raw
      ? 'raw'
      : flags.ca !== undefined
        ? 'ca'
        : flags['registry-mirror'].length > 0
          ? 'registry-mirror'
          : undefined;
    if (needless !== undefined) {
      throw new MilleError('usage', `--${needless} needs --remote: the store is not asked that way`, {
        hint: 'write --remote, or leave it out',
      });
    }
    const documents = await (await host.app()).inspect(args, platformChoice(flags.platform));
    host.out(renderInspect(documents, format));
    return 0;
  },
});

interface Remote {
  readonly flags: {
    readonly ca: string | undefined;
    readonly format: string | undefined;
    readonly platform: string | undefined;
    readonly raw: boolean;
    readonly 'registry-mirror': readonly string[];
  };
  readonly args: readonly string[];
}

async function remotely({ flags, args }: Remote, host: Host): Promise<number> {
  const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
  const options = {
    ...platformChoice(flags.platform),
    ...(ca === undefined ? {} : { ca }),
    ...(flags['registry-mirror'].length > 0 ? { registryMirrors: flags['registry-mirror'] } : {}),
  };
  const app = await host.app();
  using interruption = host.interruption();
  if (!flags.raw) {
    const found = await app.inspectRemote(args, options, interruption.signal);
    host.out(renderInspectRemote(found, parseFormat(flags.format) ?? 'indented'));
    return 0;
  }
  if (flags.format !== undefined || args.length > 1) {
    throw new MilleError('usage', '--raw is for one image, without --format', {
      hint: 'the bytes are printed as the registry has them, so that their digest is that of the image',
    });
  }
  const bytes = await app.rawManifest(args[0]!, options, interruption.signal);
  host.out(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  return 0;
}
