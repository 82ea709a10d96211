// `mille rebase`.

import { ERROR_CODES, MilleError } from '../../../core/index.ts';
import { rebaseJson, renderRebase } from '../../report/index.ts';
import { hasColor } from '../color.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { insideOptions, PLATFORM_FLAG } from '../platforms.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const rebase = command({
  name: 'rebase',
  summary: 'Put an image on another base without building it anew',
  usage: '[FLAGS] --onto BASE IMAGE',
  description: [
    "The layers of the base that IMAGE stands on are exchanged for those of BASE, and the config that it inherited for BASE's; its own layers and what it says itself stay. Before that is looked at whether the result would be what a build on BASE makes: files of the old base that own layers changed, lists of packages, directories in the place of links, programs and libraries, owners of files, what the image starts. Where something breaks nothing is made, and the exit status is 49; with --dry-run nothing is made at all. With --check, and a HEALTHCHECK that the image has, containers of both are asked before the result gets its names: what does not end alike is such a thing too.",
    'IMAGE and BASE are pulled where the store does not have them. Which base IMAGE stands on is told by --from, or else by its annotations, the records of its build, or the images of the store. See rebase.md.',
  ],
  flags: {
    ca: TRANSFER_FLAGS.ca,
    check: {
      kind: 'list',
      value: 'COMMAND',
      help: 'run COMMAND in containers of both images; it must end well in both and write the same (repeatable)',
    },
    'check-network': { kind: 'boolean', help: 'checks may reach the network' },
    'dry-run': { kind: 'boolean', help: 'only look whether it can be done' },
    force: { kind: 'boolean', help: 'make it in spite of what breaks' },
    format: { ...FORMAT_FLAG, help: 'table for people, or json for one object' },
    from: { kind: 'string', value: 'BASE', help: 'the base that IMAGE stands on' },
    offline: TRANSFER_FLAGS.offline,
    onto: { kind: 'string', value: 'BASE', help: 'the base that it is to stand on' },
    platform: PLATFORM_FLAG,
    progress: TRANSFER_FLAGS.progress,
    quiet: { kind: 'boolean', short: 'q', help: 'show nothing but the id of what was made' },
    tag: { kind: 'list', short: 't', value: 'NAME[:TAG]', help: 'a name for the result (repeatable)' },
  },
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'can it be done?', command: 'mille rebase --dry-run --onto debian:bookworm-slim app' },
    {
      text: 'a base with a security update, under the same name',
      command: 'mille rebase --onto python:3.12-slim -t app app',
    },
    {
      text: 'only if it still works there',
      command: "mille rebase --check 'python -m app --selftest' --onto python:3.12-slim -t app app",
    },
  ],
  async run({ flags, args }, host) {
    const { onto, from, tag, force, 'dry-run': dryRun, platform, progress, quiet } = flags;
    const { check, 'check-network': checkNetwork } = flags;
    const format = parseFormat(flags.format) ?? 'table';
    if (onto === undefined) {
      throw new MilleError('usage', 'mille rebase needs the base that the image is to stand on', {
        hint: 'write --onto BASE',
      });
    }
    if (dryRun && (force || tag.length > 0 || check.length > 0)) {
      throw new MilleError('usage', '--dry-run makes nothing to be named, forced or asked', {
        hint: 'leave out --dry-run, or --force, --tag and --check',
      });
    }
    const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
    const options = {
      ...{ image: args[0]!, onto, tags: tag, dryRun, force },
      ...{ checks: check, checkNetwork },
      ...(from === undefined ? {} : { from }),
      ...insideOptions({ platform, ca }),
    };
    const app = await host.app();
    const outcome = await withProgress(chooseMode({ progress, quiet }, host), host, (events, signal) =>
      app.rebase(options, events, signal),
    );
    if ('status' in outcome) return outcome.status;
    const { value } = outcome;
    if (format === 'json') host.out(rebaseJson(value));
    else if (quiet) host.out(value.made ? `${value.made.imageId}\n` : '');
    else host.out(renderRebase(value, { color: hasColor(host, 'stdout'), dryRun }));
    return (value.safe && value.alike !== false) || force ? 0 : ERROR_CODES['rebase-unsafe'].exit;
  },
});
