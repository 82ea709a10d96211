// `mille bootstrap`.

import { MilleError } from '../../../core/index.ts';
import { chooseMode, PROGRESS_MODES, withProgress } from '../progress.ts';
import { command } from '../spec.ts';

export const bootstrap = command({
  name: 'bootstrap',
  summary: "Make a base image from a distribution's packages",
  usage: '[FLAGS] -t NAME DISTRIBUTION:SUITE',
  description: [
    "For closed networks and rate limits: the image is put together by mmdebstrap from the apt sources the host uses, without a registry, and slimmed the way Debian's slim images are. The same package versions give the same image.",
  ],
  flags: {
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
    user: {
      kind: 'string',
      value: 'NAME[:UID[:GID]]',
      help: 'who the processes of the image are, with a home; the id is 65532 if not given',
    },
    variant: { kind: 'string', value: 'NAME', help: "mmdebstrap's variant: which packages are essential" },
  },
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'a plain Debian', command: 'mille bootstrap debian:bookworm -t debian:bookworm-slim' },
    {
      text: 'a Python to build on',
      command: 'mille bootstrap debian:bookworm --include python3,python3-pip -t python:3.11-slim',
    },
  ],
  async run({ flags, args }, host) {
    const tag = flags.tag;
    if (tag === undefined) {
      throw new MilleError('usage', 'the image needs a name', {
        hint: `write -t NAME, for example: mille bootstrap ${args[0]} -t ${args[0]}-slim`,
      });
    }
    const include = flags.include.flatMap((list) => list.split(/[\s,]+/)).filter(Boolean);
    const mode = chooseMode({ progress: flags.progress, quiet: flags.quiet }, host);
    const { mirror, variant, platform, profile, timezone, user } = flags;
    const options = {
      suite: args[0]!,
      include,
      tag,
      ...(variant === undefined ? {} : { variant }),
      ...(mirror === undefined ? {} : { mirror }),
      ...(platform === undefined ? {} : { platform }),
      ...(profile === undefined ? {} : { profile }),
      ...(timezone === undefined ? {} : { timezone }),
      ...(user === undefined ? {} : { user }),
    };
    const app = await host.app();
    const outcome = await withProgress(mode, host, (events, signal) =>
      app.bootstrap(options, events, signal),
    );
    if ('status' in outcome) return outcome.status;
    if (mode === 'quiet') host.out(`${outcome.value.imageId}\n`);
    return 0;
  },
});
