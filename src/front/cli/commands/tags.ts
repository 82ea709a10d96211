// `mille tags`.

import { renderTags, tagsJson } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { wholeNumber } from '../numbers.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const tags = command({
  name: 'tags',
  summary: 'Show which tags of an image are which, and what they weigh',
  usage: '[FLAGS] REPOSITORY',
  description: [
    'Takes the names of all tags apart (version, distribution, slim, variants, channel) and shows them as images: names that mean the same image are one row, of each line of releases only the newest, with compressed size, architectures, age, and until when the program and the distribution below it are supported.',
    "Docker Hub is asked by its own interface, other registries by their list of tags, and then for the manifests of the images that are shown. Of Docker Hub's largest repositories the thousand tags that were pushed last are looked at: a filter brings older ones. MILLE_HUB_URL names another address that stands for Docker Hub. See tags.md.",
  ],
  flags: {
    all: {
      kind: 'boolean',
      short: 'a',
      help: 'show earlier releases, what is not released, and other systems too',
    },
    arch: {
      kind: 'list',
      value: 'ARCH',
      help: 'only images for this architecture, whose size is shown: arm64, linux/arm/v7',
    },
    ca: TRANSFER_FLAGS.ca,
    offline: TRANSFER_FLAGS.offline,
    distro: {
      kind: 'string',
      value: 'NAME',
      help: 'only images made of this: bookworm, debian, alpine, alpine3.22, noble',
    },
    format: { ...FORMAT_FLAG, help: 'table for people, or json for one object' },
    limit: { kind: 'string', value: 'N', help: 'images that are shown; 25 if not given' },
    local: { kind: 'boolean', help: 'only what the store has; nothing is asked' },
    'no-trunc': { kind: 'boolean', help: 'show all names and all platforms' },
    pre: { kind: 'boolean', help: 'show what is not released yet too' },
    slim: { kind: 'boolean', help: 'only what is called slim, or the like' },
    variant: { kind: 'list', value: 'WORD', help: 'only images of this kind: fpm, jre, perl' },
    version: {
      kind: 'string',
      value: 'VERSION',
      help: "only this version and what is within it: 3.12, or a pattern: '3.1?.*'",
    },
  },
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'what there is of Python', command: 'mille tags python' },
    {
      text: 'slim images of 3.12 on Debian bookworm',
      command: "mille tags --distro bookworm --slim --version '3.12.*' python",
    },
    {
      text: 'for another machine, from another registry',
      command: 'mille tags --arch arm64 localhost:5000/team/app',
    },
    {
      text: 'the newest on Alpine, for a program',
      command: "mille tags --distro alpine --limit 1 --format json node | jq -r '.images[0].tag'",
    },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const limit = wholeNumber('limit', flags.limit, { standard: 25, most: 1000 });
    const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
    const { distro, version, slim, variant } = flags;
    const options = {
      repository: args[0]!,
      filter: {
        variants: variant,
        ...(distro === undefined ? {} : { distribution: distro }),
        ...(version === undefined ? {} : { version }),
        ...(slim ? { slim } : {}),
      },
      architectures: flags.arch,
      ...{ all: flags.all, unreleased: flags.pre, local: flags.local, limit },
      ...(ca === undefined ? {} : { ca }),
    };
    const app = await host.app();
    using interruption = host.interruption();
    const result = await app.tags(options, interruption.signal);
    const now = host.now();
    host.out(
      format === 'json' ? tagsJson(result, now) : renderTags(result, { full: flags['no-trunc'], now }),
    );
    return 0;
  },
});
