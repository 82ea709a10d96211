// `mille cost`.

import { costJson, oneLine, renderCost } from '../../report/index.ts';
import { BUILD_FLAGS } from '../build-flags.ts';
import { buildOptions } from '../build-options.ts';
import { defaultValues } from '../flags.ts';
import { LOCK_FLAGS } from '../lock-flags.ts';
import { wholeNumber } from '../numbers.ts';
import { command } from '../spec.ts';

/** Those of build that decide what is read and looked up. */
const SHARED = {
  ...LOCK_FLAGS,
  allow: BUILD_FLAGS.allow,
  'build-arg': BUILD_FLAGS['build-arg'],
  'build-context': BUILD_FLAGS['build-context'],
  ca: BUILD_FLAGS.ca,
  offline: BUILD_FLAGS.offline,
  'registry-mirror': BUILD_FLAGS['registry-mirror'],
  file: BUILD_FLAGS.file,
  platform: BUILD_FLAGS.platform,
  pull: BUILD_FLAGS.pull,
  reproducible: BUILD_FLAGS.reproducible,
  secret: BUILD_FLAGS.secret,
  ssh: BUILD_FLAGS.ssh,
  target: BUILD_FLAGS.target,
} as const;

export const cost = command({
  name: 'cost',
  summary: 'Show what changes to files of the context cost',
  usage: '[FLAGS] [PATH]',
  description: [
    'Groups the files of the build context (PATH, by default the working directory) by the steps that read them, and by directory or by the pattern of the COPY. For each group: how long one waits for the steps that a change rebuilds, by what they took last time; in a git work tree also how many commits of late touch the group, and what that comes to in a month. The most costly come first, then the lines of the Dockerfile on which the time is spent.',
    'Nothing is built. Without git, or outside of a work tree, only the cost of one change is shown. See plan-and-cost.md.',
  ],
  flags: {
    ...SHARED,
    all: { kind: 'boolean', short: 'a', help: 'show all rows' },
    commits: { kind: 'string', value: 'N', help: 'look at the latest N commits at most; 1000 if not given' },
    days: { kind: 'string', value: 'N', help: 'look at the commits of so many days; 90 if not given' },
    depth: {
      kind: 'string',
      value: 'N',
      help: 'tell apart directories N levels deep in the context; 1 if not given',
    },
    format: { kind: 'choice', choices: ['text', 'json'], help: 'text, or json for programs' },
  },
  arguments: { least: 0, most: 1 },
  examples: [
    { text: 'what the project in this directory spends its time on', command: 'mille cost' },
    { text: 'by the directories below src, over a year', command: 'mille cost --depth 2 --days 365' },
    {
      text: 'the five most costly kinds of change, for a program',
      command: "mille cost --format json | jq '.groups[:5]'",
    },
  ],
  async run({ flags, args }, host) {
    const { all, commits, days, depth, format, ...shared } = flags;
    const how = {
      commits: wholeNumber('commits', commits, { standard: 1000, most: 100_000 }),
      days: wholeNumber('days', days, { standard: 90, most: 36_500 }),
      depth: wholeNumber('depth', depth, { standard: 1, most: 100 }),
    };
    const options = buildOptions({ ...defaultValues(BUILD_FLAGS), ...shared }, args[0] ?? '.', host);
    const app = await host.app();
    using interruption = host.interruption();
    const result = await app.cost(options, how, interruption.signal);
    for (const warning of result.warnings) host.err(`warning: ${oneLine(warning)}\n`);
    host.out(format === 'json' ? costJson(result) : renderCost(result, { all }));
    return 0;
  },
});
