// `mille optimize`.

import { MilleError } from '../../../core/index.ts';
import { renderRewrites, rewritesJson } from '../../report/index.ts';
import { BUILD_FLAGS } from '../build-flags.ts';
import { buildOptions } from '../build-options.ts';
import { defaultValues } from '../flags.ts';
import { LOCK_FLAGS } from '../lock-flags.ts';
import { wholeNumber } from '../numbers.ts';
import { checkReport, OPTIMIZE_FORMS, writeReport } from '../optimize-report.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { command } from '../spec.ts';

/** Those of build that decide what is built. */
export const PROJECT_FLAGS = {
  ...LOCK_FLAGS,
  'add-host': BUILD_FLAGS['add-host'],
  allow: BUILD_FLAGS.allow,
  'build-arg': BUILD_FLAGS['build-arg'],
  'build-context': BUILD_FLAGS['build-context'],
  ca: BUILD_FLAGS.ca,
  offline: BUILD_FLAGS.offline,
  'registry-mirror': BUILD_FLAGS['registry-mirror'],
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
    'Nothing is written without --write. With --dry nothing is built either: what is proposed then comes from the text, the context, the history and what earlier builds left, and is not proved.',
    'With --exit-code the status is 3 where something proved is to be gained (with --dry: where something is proposed), as 1 and 2 are errors already; without it, 0. See optimize.md; each rewrite: rewrites.md.',
  ],
  flags: {
    ...PROJECT_FLAGS,
    for: {
      kind: 'choice',
      choices: ['both', 'size', 'rebuild'],
      help: 'what to optimise; both if not given',
    },
    only: { kind: 'list', value: 'NAME', help: 'make only this rewrite (repeatable)' },
    skip: { kind: 'list', value: 'NAME', help: 'leave this rewrite out (repeatable)' },
    base: {
      kind: 'string',
      value: 'IMAGE',
      help: 'try IMAGE, a smaller one of the same family, as the base of the last stage',
    },
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
    dry: { kind: 'boolean', help: 'build nothing; proposals are not proved' },
    'exit-code': { kind: 'boolean', help: 'end with status 3 if something proved is to be gained' },
    format: {
      kind: 'choice',
      choices: OPTIMIZE_FORMS,
      help: 'text, json for programs, markdown for a pull request, or html for a page; if not given, by the ending of -o',
    },
    list: { kind: 'boolean', help: 'list the rewrites, and do nothing (mille explain NAME: one of them)' },
    output: { kind: 'string', short: 'o', value: 'FILE', help: 'write the report into a file too' },
  },
  arguments: { least: 0, most: 1 },
  examples: [
    { text: 'what would be better, and by how much', command: 'mille optimize' },
    {
      text: 'only what makes rebuilds faster, and write it',
      command: 'mille optimize --for rebuild --write .',
    },
    {
      text: 'on a smaller base, if a test of its own passes there too',
      command: 'mille optimize --base python:3.12-slim --check /app/selftest',
    },
    { text: 'at once, without a proof', command: 'mille optimize --dry' },
    {
      text: 'replayed on the last 20 commits, as a page to look at',
      command: 'mille optimize --replay 20 -o report.html',
    },
    {
      text: 'for a pull request, in CI',
      command: 'mille optimize --exit-code --format markdown . > comment.md',
    },
  ],
  async run({ flags, args }, host) {
    const { for: goal, only, skip, write, check, dry, progress, quiet, replay, ...others } = flags;
    const { 'check-output': checkOutput, 'check-network': checkNetwork, format, output, ...more } = others;
    const { list, 'exit-code': exitCode, base, ...shared } = more;
    const app = await host.app();
    if (list) {
      const rewrites = await app.rewrites();
      host.out(format === 'json' ? rewritesJson(rewrites) : renderRewrites(rewrites));
      return 0;
    }
    if (dry)
      checkDry({
        '--base': base !== undefined,
        '--write': write,
        '--check': check.length > 0,
        '--replay': replay !== undefined,
      });
    await checkReport({ format, output });
    const options = buildOptions({ ...defaultValues(BUILD_FLAGS), ...shared }, args[0] ?? '.', host);
    const mode = chooseMode({ progress, quiet }, host);
    const how = {
      ...{ goal: goal ?? ('both' as const), only, skip, write, dry },
      ...(base === undefined ? {} : { base }),
      ...{ checks: check, checkOutput, checkNetwork },
      replay: wholeNumber('replay', replay, { standard: 0, most: 1000 }),
    };
    const outcome = await withProgress(mode, host, (events, signal) =>
      app.optimize(options, how, events, signal),
    );
    if ('status' in outcome) return outcome.status;
    const { changes, notWritten, interrupted } = outcome.value;
    await writeReport(outcome.value, { format, output }, host);
    if (interrupted) {
      host.err('interrupted: what was proved by then is told, nothing is written\n');
      return outcome.interrupted ?? 130;
    }
    if (notWritten) {
      const { code, message, ...details } = notWritten;
      throw new MilleError(code, message, details);
    }
    const gained = changes.some((one) => one.outcome === 'proved' || (dry && one.outcome === 'unproved'));
    return exitCode && gained ? 3 : 0;
  },
});

/** What needs builds is not for a look. @throws MilleError `usage` */
function checkDry(flags: Readonly<Record<string, boolean>>): void {
  const wrong = Object.keys(flags).find((flag) => flags[flag]);
  if (wrong === undefined) return;
  throw new MilleError('usage', `--dry builds nothing, so ${wrong} has nothing to stand on`, {
    hint: wrong === '--write' ? 'leave --dry out: what is proved is written' : `leave one of them out`,
  });
}
