// `mille lock`.

import { ERROR_CODES, MilleError } from '../../../core/index.ts';
import { lockJson, renderLock } from '../../report/index.ts';
import { BUILD_FLAGS, BUILD_HINTS } from '../build-flags.ts';
import { buildOptions } from '../build-options.ts';
import { defaultValues } from '../flags.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

const {
  'build-arg': buildArg,
  'build-context': buildContext,
  ca,
  file,
  offline,
  pull,
  secret,
  ssh,
  target,
} = BUILD_FLAGS;

export const lock = command({
  name: 'lock',
  summary: 'Pin what the names in a Dockerfile mean, in a lock file',
  usage: '[FLAGS] [PATH | URL | -]',
  description: [
    'Images of FROM, COPY --from and RUN --mount, files and git repositories of ADD and of build contexts: each name is looked up, and the digest or commit that it means is written to mille.lock beside the Dockerfile (NAME.mille.lock beside a Dockerfile called NAME). What is in the file already stays as it is; what the Dockerfile no longer names is left out. All stages are looked at. No layer is fetched.',
    'mille build holds to a lock file that is there, and warns of what is not in it; with --locked that is an error. The file is written whole or not at all, and says the same for all platforms. PATH is the build context, by default the working directory. See lock.md.',
    'With --check nothing is written: everything is asked for again, and the exit status is 47 where a name means something else than the file says, or is not in it.',
  ],
  flags: {
    'build-arg': buildArg,
    'build-context': buildContext,
    ca,
    check: { kind: 'boolean', help: 'compare what names mean now with the lock file, and write nothing' },
    file,
    format: { ...FORMAT_FLAG, help: 'table for people, or json for one object' },
    'keep-others': {
      kind: 'boolean',
      help: 'keep entries that are not asked for, such as those of other build arguments or platforms',
    },
    'lock-file': BUILD_FLAGS['lock-file'],
    offline,
    platform: {
      kind: 'list',
      value: 'OS/ARCH[,OS/ARCH]',
      help: 'the platforms to look at, where the Dockerfile names other images on other ones',
    },
    progress: TRANSFER_FLAGS.progress,
    pull: {
      ...pull,
      help: 'where images are looked up: true or always, at their registry (if not given); newer, there or else in the store; missing, in the store or else there; never, in the store',
    },
    quiet: { ...TRANSFER_FLAGS.quiet, help: 'show nothing but errors' },
    'registry-mirror': TRANSFER_FLAGS['registry-mirror'],
    secret,
    ssh,
    target: { ...target, help: 'look only at what this stage needs; by default at all stages' },
    update: {
      kind: 'list',
      value: 'NAME',
      bare: '',
      help: 'ask again for what is in the file already: for everything, or with =NAME for one image, file or repository',
    },
  },
  arguments: { least: 0, most: 1 },
  docker: BUILD_HINTS,
  examples: [
    { text: 'pin what the Dockerfile here names', command: 'mille lock' },
    { text: 'build exactly that', command: 'mille build --locked -t app .' },
    { text: 'take what everything means now', command: 'mille lock --update' },
    { text: 'the same for one image', command: 'mille lock --update=python:3.12-slim' },
    { text: 'in CI: has a base moved?', command: 'mille lock --check' },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const mode = chooseMode({ progress: flags.progress, quiet: flags.quiet }, host);
    const { check, 'keep-others': keepOthers, update, format: _f, quiet: _q, progress: _p, ...given } = flags;
    if (check && (update.length > 0 || keepOthers)) {
      throw new MilleError('usage', '--check writes nothing, so there is nothing to update or to keep', {
        hint: '--check asks for everything again by itself',
      });
    }
    const options = {
      build: buildOptions({ ...defaultValues(BUILD_FLAGS), ...given }, args[0] ?? '.', host),
      ...(update.length === 0 ? {} : { update: update.includes('') ? ('all' as const) : update }),
      ...(keepOthers ? { keepOthers } : {}),
      ...(check ? { check } : {}),
    };
    const app = await host.app();
    const outcome = await withProgress(
      mode,
      host,
      (events, signal) => app.lock(options, events, signal),
      'the lock file is as it was',
    );
    if ('status' in outcome) return outcome.status;
    const { value } = outcome;
    if (format === 'json') host.out(lockJson(value));
    else if (!flags.quiet) host.out(renderLock(value, { check }));
    const stale = value.entries.some(({ change }) => change === 'added' || change === 'moved');
    return check && stale ? ERROR_CODES['lock-stale'].exit : 0;
  },
});
