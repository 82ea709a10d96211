// `mille diff`.

import { MilleError } from '../../../core/index.ts';
import { diffJson, renderDiff } from '../../report/index.ts';
import { hasColor } from '../color.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { insideOptions, PLATFORM_FLAG } from '../platforms.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const diff = command({
  name: 'diff',
  summary: 'Show what differs between two images',
  usage: '[FLAGS] [BEFORE] AFTER',
  description: [
    'Compares two images, wherever they lie (see layers.md), or the images of two builds by their ids (mille why --list): files as containers see them, packages, and config. Files are grouped by the line of the Dockerfile that caused the difference: + added, - removed, ~ changed in content, mode, owner, type, link or attributes. Paths that differ in nothing but their times are counted and not listed. One image alone is compared with that of the build before it, from the same Dockerfile and target.',
    'With --file the text of one file is compared line by line. Values that sound secret are hidden. With --exit-code the status is 3 where something differs, times apart, as 1 and 2 are errors already; without it, 0. See diff.md.',
  ],
  flags: {
    ca: TRANSFER_FLAGS.ca,
    offline: TRANSFER_FLAGS.offline,
    'exit-code': { kind: 'boolean', help: 'end with status 3 if something differs' },
    file: { kind: 'string', value: 'PATH', help: 'compare the text of this file only' },
    files: { kind: 'boolean', help: 'list all files, none left out' },
    format: { ...FORMAT_FLAG, help: 'table for people, or json for one object' },
    platform: PLATFORM_FLAG,
  },
  arguments: { least: 1, most: 2 },
  examples: [
    { text: 'what a new version brings', command: 'mille diff app:1 app:2' },
    { text: 'what the latest build changed', command: 'mille diff app' },
    { text: 'what changed in one file', command: 'mille diff --file /etc/nginx/nginx.conf app:1 app:2' },
    { text: 'two builds of the past', command: 'mille diff 20260412T0915 20260413T1002' },
    {
      text: 'packages that were changed, for a program',
      command: "mille diff --format json app:1 app:2 | jq '.packages'",
    },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const { file, files } = flags;
    if (file === '') throw new MilleError('usage', '--file has no path', { hint: 'write --file PATH' });
    const [before, after] = args.length === 1 ? [undefined, args[0]] : args;
    const app = await host.app();
    using interruption = host.interruption();
    const options = { ...insideOptions(flags), ...(file === undefined ? {} : { file }) };
    const result = await app.diff(before, after!, options, interruption.signal);
    host.out(
      format === 'json' ? diffJson(result) : renderDiff(result, { files, color: hasColor(host, 'stdout') }),
    );
    const differs = result.text ? !result.text.equal : !result.equal;
    return flags['exit-code'] && differs ? 3 : 0;
  },
});
