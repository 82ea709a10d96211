// `mille optimize`.

import { MilleError } from '../../../core/index.ts';
import { optimizeJson, renderOptimized } from '../../report/index.ts';
import { hasColor } from '../color.ts';
import { defaultValues } from '../flags.ts';
import { wholeNumber } from '../numbers.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { command, type Host } from '../spec.ts';
import { BUILD_FLAGS, buildOptions } from './build.ts';

/** Those of build that decide what is built. */
const SHARED = {
  'add-host': BUILD_FLAGS['add-host'],
  allow: BUILD_FLAGS.allow,
  'build-arg': BUILD_FLAGS['build-arg'],
  'build-context': BUILD_FLAGS['build-context'],
  ca: BUILD_FLAGS.ca,
  file: BUILD_FLAGS.file,
  network: BUILD_FLAGS.network,
  platform: BUILD_FLAGS.platform,
  progress: BUILD_FLAGS.progress,
  pull: BUILD_FLAGS.pull,
  quiet: BUILD_FLAGS.quiet,
  secret: BUILD_FLAGS.secret,
  ssh: BUILD_FLAGS.ssh,
  target: BUILD_FLAGS.target,
} as const;

export const optimize = command({
  name: 'optimize',
  summary: 'Rewrite a Dockerfile to build smaller and faster, with proof',
  usage: '[FLAGS] [PATH]',
  description: [
    'Builds the Dockerfile of PATH (by default the working directory) twice, to see what each step takes, makes and reads and what differs by itself; asks git how often which files change; and rewrites it. The result is built and compared with the original, path by path and word by word of the config: a change after which anything else differs than what it was to change is refused, with the paths. Shown is a diff, with what each change gained.',
    'Nothing is written without --write.',
  ],
  flags: {
    ...SHARED,
    for: {
      kind: 'choice',
      choices: ['both', 'size', 'rebuild'],
      help: 'what to optimise; both if not given',
    },
    only: { kind: 'list', value: 'NAME', help: 'make only this rewrite (repeatable)' },
    skip: { kind: 'list', value: 'NAME', help: 'leave this rewrite out (repeatable)' },
    check: {
      kind: 'list',
      value: 'COMMAND',
      help: 'run COMMAND in containers of both images, and refuse what makes it fail (repeatable)',
    },
    'check-output': { kind: 'boolean', help: 'what checks write on standard output must be the same too' },
    'check-network': { kind: 'boolean', help: 'checks may reach the network' },
    write: {
      kind: 'boolean',
      short: 'w',
      help: 'write what is proved over the Dockerfile and the ignore file',
    },
    replay: {
      kind: 'string',
      value: 'N',
      help: 'build the last N commits of the repository with both, in a clone, and compare their times',
    },
    format: { kind: 'choice', choices: ['text', 'json'], help: 'text, or json for programs' },
  },
  arguments: { least: 0, most: 1 },
  examples: [
    { text: 'what would be better, and by how much', command: 'mille optimize' },
    {
      text: 'only what makes rebuilds faster, and write it',
      command: 'mille optimize --for rebuild --write .',
    },
  ],
  async run({ flags, args }, host) {
    const { for: goal, only, skip, write, check, format, progress, quiet, replay: _, ...others } = flags;
    const { 'check-output': checkOutput, 'check-network': checkNetwork, ...shared } = others;
    const options = buildOptions({ ...defaultValues(BUILD_FLAGS), ...shared }, args[0] ?? '.', host);
    const mode = chooseMode({ progress, quiet }, host);
    const app = await host.app();
    const how = {
      ...{ goal: goal ?? ('both' as const), only, skip, write, dry: false },
      ...{ checks: check, checkOutput, checkNetwork },
      replay: wholeNumber('replay', flags.replay, { standard: 0, most: 1000 }),
    };
    const outcome = await withProgress(mode, host, (events, signal) =>
      app.optimize(options, how, events, signal),
    );
    if ('status' in outcome) return outcome.status;
    host.out(
      format === 'json'
        ? optimizeJson(outcome.value)
        : renderOptimized(outcome.value, { color: hasColor(host, 'stdout'), columns: columnsOf(host) }),
    );
    const { notWritten } = outcome.value;
    if (notWritten) {
      const { code, message, ...details } = notWritten;
      throw new MilleError(code, message, details);
    }
    return 0;
  },
});

/** A file or a pipe is read anywhere: there it is as wide as is comfortable. */
function columnsOf(host: Host): number {
  return host.terminal.stdout ? host.size().columns : 100;
}
