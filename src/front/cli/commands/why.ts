// `mille why`.

import { MilleError } from '../../../core/index.ts';
import { renderBuilds, renderWhy, whyJson } from '../../report/index.ts';
import { hasColor } from '../color.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { command } from '../spec.ts';

export const why = command({
  name: 'why',
  summary: 'Show why the steps of a build ran, and what that cost',
  usage: '[FLAGS] [IMAGE | BUILD | DIRECTORY]',
  description: [
    "Takes the latest build of an image, of a directory, or of all; or any that is still remembered, by the beginning of its id ('mille why --list'). For each step that ran it names what differs from the closest earlier run of it, tells the steps that ran because of another one from those that had reasons of their own, and adds up what each change cost.",
    'With --diff, small text files are compared line by line: what they held is read from the layers of then and now. Files that sound as if they kept secrets are left out, and so are values that do.',
  ],
  flags: {
    all: { kind: 'boolean', short: 'a', help: 'show everything that differs, however much it is' },
    diff: { kind: 'boolean', help: 'show what changed inside of small text files' },
    format: { ...FORMAT_FLAG, help: 'table for people, or json for one object (with --list: one a line)' },
    list: { kind: 'boolean', short: 'l', help: 'list the builds that are remembered' },
    step: { kind: 'string', value: 'STEP', help: "only this step: 4 for '#4', or a part of its title" },
  },
  arguments: { least: 0, most: 1 },
  examples: [
    { text: 'what the latest build did, and why', command: 'mille why' },
    { text: 'the latest build of an image, with what changed in its files', command: 'mille why --diff app' },
    { text: 'one step of a build of last week', command: 'mille why 20260412T0915 --step pip' },
    {
      text: 'all that changed, a line each',
      command: "mille why app --format json | jq -r '.steps[].comparedWith.differences[]?.text'",
    },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const { all, diff, list, step } = flags;
    const app = await host.app();
    const now = host.now();
    if (list) {
      if (step !== undefined || diff) {
        throw new MilleError('usage', `--list cannot be given with ${diff ? '--diff' : '--step'}`, {
          hint: 'list the builds first, then ask about one of them',
        });
      }
      host.out(renderBuilds(await app.builds(args[0]), { format, now }));
      return 0;
    }
    const report = await app.why({
      diff,
      ...(args[0] === undefined ? {} : { subject: args[0] }),
      ...(step === undefined ? {} : { step }),
    });
    const color = hasColor(host, 'stdout');
    const some = step !== undefined;
    host.out(format === 'json' ? whyJson(report) : renderWhy(report, { all, some, color, now }));
    return 0;
  },
});
