// `mille bootstrap`.

import type { BaseOfPackages } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { baseExplanationJson, renderBaseExplanation } from '../../report/index.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { chooseMode, PROGRESS_MODES, withProgress } from '../progress.ts';
import { command, type FlagSpecs, type FlagValues } from '../spec.ts';

const FLAGS = {
  'dry-run': { kind: 'boolean', help: 'choose the packages, show them as --explain does, and make nothing' },
  explain: { kind: 'boolean', help: 'show what each package weighs, and why it is in' },
  format: { ...FORMAT_FLAG, help: 'of --explain: table for people, or json for one object' },
  include: { kind: 'list', value: 'PACKAGE[,PACKAGE]', help: 'packages beside the essential ones' },
  platform: {
    kind: 'string',
    value: 'PLATFORM',
    help: 'the platform of the base, for example linux/arm64; that of this machine if not given',
  },
  profile: {
    kind: 'choice',
    choices: ['standard', 'distroless'],
    help: 'distroless: no shell, no package manager, only what the packages need to run',
  },
  lock: {
    kind: 'string',
    value: 'FILE',
    help: 'take the packages that the file names; where it is not there, write it',
  },
  mirror: { kind: 'string', value: 'URL', help: "the mirror to use instead of the host's" },
  progress: {
    kind: 'choice',
    choices: PROGRESS_MODES,
    help: 'how progress is shown on standard error; json is one event a line',
  },
  quiet: { kind: 'boolean', short: 'q', help: 'show nothing but the image id, on standard output' },
  tag: { kind: 'string', short: 't', value: 'NAME[:TAG]', help: 'the name of the image' },
  timezone: {
    kind: 'string',
    value: 'ZONE',
    help: 'the time zone, for example Europe/Paris; UTC if not given',
  },
  'update-lock': { kind: 'boolean', help: 'choose the newest packages, and write the file of --lock anew' },
  user: {
    kind: 'string',
    value: 'NAME[:UID[:GID]]',
    help: 'who the processes of the image are, with a home; the id is 65532 if not given',
  },
  variant: { kind: 'string', value: 'NAME', help: "mmdebstrap's variant: which packages are essential" },
} as const satisfies FlagSpecs;

export const bootstrap = command({
  name: 'bootstrap',
  summary: "Make a base image from a distribution's packages",
  usage: '[FLAGS] -t NAME DISTRIBUTION:SUITE',
  description: [
    "For closed networks and rate limits: the image is put together from the apt sources the host uses, without a registry, and slimmed the way Debian's slim images are; or, with --profile distroless, of just what the packages need to run, without shell and package manager. The same package versions give the same image.",
    '--lock FILE keeps which packages these are, with their content: where the file is there, they are taken, else it is written. --explain tells what each package weighs and why it is in; --dry-run the same without making anything. See bootstrap.md.',
  ],
  flags: FLAGS,
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'a plain Debian', command: 'mille bootstrap debian:bookworm -t debian:bookworm-slim' },
    {
      text: 'a Python to build on',
      command: 'mille bootstrap debian:bookworm --include python3,python3-pip -t python:3.11-slim',
    },
    {
      text: 'a Python without a shell, the same each time',
      command:
        'mille bootstrap debian:trixie --profile distroless --include python3,ca-certificates --user nonroot --lock base.lock -t python:distroless',
    },
    {
      text: 'what that would hold, and why',
      command: 'mille bootstrap debian:trixie --profile distroless --include python3 --dry-run',
    },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const base = baseOf(flags, args[0]!, host.env.SOURCE_DATE_EPOCH);
    const app = await host.app();
    if (flags['dry-run']) {
      using interruption = host.interruption();
      const explained = await app.explainBootstrap(base, interruption.signal);
      host.out(format === 'json' ? baseExplanationJson(explained) : renderBaseExplanation(explained));
      return 0;
    }
    const { tag } = flags;
    if (tag === undefined) {
      throw new MilleError('usage', 'the image needs a name', {
        hint: `write -t NAME, for example: mille bootstrap ${args[0]} -t ${args[0]}-slim`,
      });
    }
    const mode = chooseMode({ progress: flags.progress, quiet: flags.quiet }, host);
    const outcome = await withProgress(mode, host, (events, signal) =>
      app.bootstrap({ ...base, tag }, events, signal),
    );
    if ('status' in outcome) return outcome.status;
    const { explanation, imageId } = outcome.value;
    if (format === 'json') host.out(baseExplanationJson(explanation, outcome.value));
    else if (flags.explain) host.out(renderBaseExplanation(explanation));
    else if (mode === 'quiet') host.out(`${imageId}\n`);
    return 0;
  },
});

type Flags = FlagValues<typeof FLAGS>;

function baseOf(flags: Flags, suite: string, epoch: string | undefined): BaseOfPackages {
  const { mirror, variant, platform, profile, timezone, user, lock } = flags;
  const update = flags['update-lock'];
  if (update && lock === undefined)
    throw new MilleError('usage', '--update-lock needs --lock FILE', {
      hint: 'the file that is to be written',
    });
  if (lock === '') throw new MilleError('usage', '--lock needs the path of a file');
  const seconds = sourceDateEpoch(epoch);
  return {
    suite,
    include: flags.include.flatMap((list) => list.split(/[\s,]+/)).filter(Boolean),
    ...(variant === undefined ? {} : { variant }),
    ...(mirror === undefined ? {} : { mirror }),
    ...(platform === undefined ? {} : { platform }),
    ...(profile === undefined ? {} : { profile }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(user === undefined ? {} : { user }),
    ...(lock === undefined ? {} : { lock: { path: lock, update } }),
    ...(seconds === undefined ? {} : { sourceDateEpoch: seconds }),
  };
}

function sourceDateEpoch(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new MilleError('usage', `SOURCE_DATE_EPOCH can't be '${text}'`, {
    hint: 'it is a number of seconds since 1970, for example that of the last commit: $(git log -1 --format=%ct)',
  });
}
