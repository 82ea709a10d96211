// `mille packages`.

import { packagesJson, renderPackages } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { insideOptions, PLATFORM_FLAG } from '../platforms.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const packages = command({
  name: 'packages',
  summary: 'List what is installed in an image, and who brought it',
  usage: '[FLAGS] IMAGE',
  description: [
    "Reads what package managers leave behind: dpkg, apk, rpm and pacman; Python, Node, Ruby, PHP, .NET and conda packages; Java archives; the lists of modules within Go and Rust programs; and programs that official images unpack by themselves, whose versions a variable of the image says. Of each package: version, size, and the line of the Dockerfile that brought it (of the Dockerfile if its build is remembered here, else what the image's history says).",
    "The image may lie anywhere that mille can look into: the store, an archive, a layout, a registry, Docker's daemon (see layers.md); nothing is unpacked and nothing is run. What is listed is what a container sees: packages that a later layer removed are not. See packages.md.",
  ],
  flags: {
    by: {
      kind: 'choice',
      choices: ['type', 'line'],
      default: 'type',
      help: 'one table by kind of package, or a table for each line that brought some',
    },
    ca: TRANSFER_FLAGS.ca,
    offline: TRANSFER_FLAGS.offline,
    format: { ...FORMAT_FLAG, help: 'table for people, or json for one object' },
    own: { kind: 'boolean', help: 'leave out what the base image brought' },
    paths: { kind: 'boolean', help: 'show the file that tells of each package' },
    platform: PLATFORM_FLAG,
    type: {
      kind: 'list',
      value: 'TYPE',
      help: 'only packages of this kind: deb, apk, rpm, pypi, npm, golang, and so on',
    },
  },
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'all packages of an image', command: 'mille packages app' },
    { text: 'what each line of its Dockerfile installed', command: 'mille packages --by line --own app' },
    {
      text: 'names and versions of Python packages, for a program',
      command:
        'mille packages --type pypi --format json app | jq -r \'.packages[] | "\\(.name) \\(.version)"\'',
    },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const types = flags.type.flatMap((text) => text.split(','));
    const app = await host.app();
    using interruption = host.interruption();
    const options = { ...insideOptions(flags), ...(types.length > 0 ? { types } : {}) };
    const all = await app.packages(args[0]!, options, interruption.signal);
    const shown = all.packages.filter(({ layer }) => !(flags.own && all.layers[layer]!.base !== undefined));
    const result = { ...all, packages: shown };
    host.out(
      format === 'json' ? packagesJson(result) : renderPackages(result, { by: flags.by, paths: flags.paths }),
    );
    return 0;
  },
});
