// `mille copy`.

import { copiedJson, renderCopied } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const copy = command({
  name: 'copy',
  summary: 'Copy an image from one place to another, as it is',
  usage: '[FLAGS] SOURCE DESTINATION',
  description: [
    'A place is NAME or docker://NAME for a registry, store://NAME for an image of the store, oci:DIRECTORY[:NAME] for an OCI layout, oci-archive:FILE[:NAME] or docker-archive:FILE[:NAME] for an archive. A plain name is that of a registry, never of the store.',
    'Manifests are copied to the byte, so the digest stays; an image of several platforms comes with all of them and with its attestations, or with --platform alone. Between registries nothing lies on the disk meanwhile: what is there already is not sent, what the same registry has elsewhere is mounted, the rest passes through and is checked on the way. The name comes last. See registries.md.',
  ],
  flags: {
    ca: TRANSFER_FLAGS.ca,
    format: { ...FORMAT_FLAG, help: 'table for people, or json for one object' },
    offline: TRANSFER_FLAGS.offline,
    platform: {
      kind: 'string',
      value: 'OS/ARCH',
      help: "of an image of several platforms only this one; by default all, and for docker-archive the machine's own",
    },
    progress: TRANSFER_FLAGS.progress,
    quiet: { ...TRANSFER_FLAGS.quiet, help: 'show nothing but the digest' },
    'registry-mirror': TRANSFER_FLAGS['registry-mirror'],
  },
  arguments: { least: 2, most: 2 },
  examples: [
    {
      text: 'from one registry to another',
      command: 'mille copy alpine:3.22 registry.example:5000/mirror/alpine:3.22',
    },
    {
      text: 'to another name in the same',
      command: 'mille copy registry.example/app:rc1 registry.example/app:1.0',
    },
    { text: 'into a directory', command: 'mille copy registry.example/app:1.0 oci:images:app-1.0' },
    {
      text: 'from the store, for Docker elsewhere',
      command: 'mille copy store://app docker-archive:app.tar:app:1.0',
    },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const mode = chooseMode({ progress: flags.progress, quiet: flags.quiet }, host);
    const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
    const options = {
      source: args[0]!,
      destination: args[1]!,
      ...(flags.platform === undefined ? {} : { platform: flags.platform }),
      ...(ca === undefined ? {} : { ca }),
      ...(flags['registry-mirror'].length > 0 ? { registryMirrors: flags['registry-mirror'] } : {}),
    };
    const app = await host.app();
    const outcome = await withProgress(mode, host, (events, signal) => app.copy(options, events, signal));
    if ('status' in outcome) return outcome.status;
    const { value } = outcome;
    if (format === 'json') host.out(copiedJson(value));
    else host.out(flags.quiet ? `${value.digest}\n` : renderCopied(value));
    return 0;
  },
});
