// `mille base`.

import { baseJson, renderBase } from '../../report/index.ts';
import { BUILD_FLAGS } from '../build-flags.ts';
import { buildArguments } from '../environment.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const base = command({
  name: 'base',
  summary: 'Show what the base images of a Dockerfile are, and better ones',
  usage: '[FLAGS] [PATH]',
  description: [
    "For each image that FROM names: what its tag means now, the distribution and its C library, until when program and distribution are supported, what it weighs, when it was pushed, and whether the store's is still the same. Then other images of the same repository (a newer release, a newer distribution, slim, a newer line, Alpine), each with what is gained and what in this Dockerfile stands against it: commands that are not there, packages of other names, files from stages with another C library.",
    'Docker Hub, or the registry of the image, is asked for its tags; where it does not answer, what the tag itself says is shown. Of Python packages that requirements files, lock files and commands name, the index that pip would ask is asked which wheels there are for another C library or Python; of those of Node the lock file of npm, yarn or pnpm says which have builds or scripts of their own. Otherwise only the text of the Dockerfile is read: whether an alternative works is for a build to tell. PATH is a directory with a Dockerfile, or a Dockerfile. See base-images.md.',
  ],
  flags: {
    'build-arg': BUILD_FLAGS['build-arg'],
    ca: TRANSFER_FLAGS.ca,
    file: { kind: 'string', short: 'f', value: 'PATH', help: 'the Dockerfile' },
    format: { ...FORMAT_FLAG, help: 'table for people, or json for one object' },
    'no-index': {
      kind: 'boolean',
      help: 'ask no package index what there is of the Python packages that are installed',
    },
    offline: TRANSFER_FLAGS.offline,
    platform: {
      kind: 'string',
      value: 'PLATFORM',
      help: 'the platform to build for; that of this machine if not given',
    },
    target: BUILD_FLAGS.target,
  },
  arguments: { least: 0, most: 1 },
  examples: [
    { text: 'the bases of the Dockerfile here', command: 'mille base' },
    { text: 'of another one', command: 'mille base -f docker/Dockerfile.prod' },
    {
      text: 'what is no longer supported, for a program',
      command:
        'mille base --format json | jq -r \'.bases[] | select(.support[].state == "ended") | .reference\'',
    },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
    const { target, platform } = flags;
    const url = host.env.PIP_INDEX_URL;
    const options = {
      file: flags.file ?? args[0] ?? '.',
      buildArgs: buildArguments(flags['build-arg'], host.env),
      ...(target === undefined ? {} : { target }),
      ...(platform === undefined ? {} : { platform }),
      ...(ca === undefined ? {} : { ca }),
      // With -f the operand is the context, as for build.
      ...(flags.file !== undefined ? { context: args[0] ?? '.' } : {}),
      ...(flags['no-index'] ? {} : { packageIndex: url ? { url } : {} }),
    };
    const app = await host.app();
    using interruption = host.interruption();
    const result = await app.base(options, interruption.signal);
    host.out(format === 'json' ? baseJson(result, host.now()) : renderBase(result, host.now()));
    return 0;
  },
});
