// `mille pull`.

import { renderPulled, renderPulledAll } from '../../report/index.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const pull = command({
  name: 'pull',
  aliases: ['image pull'],
  summary: 'Fetch an image from its registry',
  usage: '[FLAGS] NAME[:TAG|@DIGEST]',
  description: [
    "Layers that the store has are not fetched again; what comes is checked against its digest before anything of it can be seen, and a transfer that was cut is taken up where it ended. Logins are those of Docker's config.json (DOCKER_CONFIG), credential helpers included.",
    'Registries of this machine (localhost, 127.0.0.0/8) and those that the settings or MILLE_INSECURE_REGISTRIES list are spoken to without TLS. Mirrors are asked first: docs/registries.md. With --offline, or MILLE_OFFLINE=1, nobody is ever asked.',
  ],
  flags: {
    'all-tags': {
      kind: 'boolean',
      short: 'a',
      help: 'fetch all tags of the repository; those that are no image for the platform are left out',
    },
    ca: TRANSFER_FLAGS.ca,
    offline: TRANSFER_FLAGS.offline,
    platform: {
      kind: 'string',
      value: 'OS/ARCH',
      help: "the image's platform, by default $DOCKER_DEFAULT_PLATFORM or the machine's own",
    },
    progress: TRANSFER_FLAGS.progress,
    quiet: TRANSFER_FLAGS.quiet,
    'registry-mirror': TRANSFER_FLAGS['registry-mirror'],
    unpack: {
      kind: 'boolean',
      help: 'unpack the layers as they come, so that what runs on the image first need not; else they are when something does',
    },
  },
  arguments: { least: 1, most: 1 },
  docker: {
    command: 'pull',
    unsupported: ['disable-content-trust'],
  },
  examples: [
    { text: "from Docker's own registry", command: 'mille pull python:3.12-slim' },
    { text: 'from another one', command: 'mille pull registry.example:5000/team/app:1.2' },
    { text: 'all tags', command: 'mille pull -a registry.example:5000/team/app' },
    { text: 'ready to run', command: 'mille pull --unpack alpine' },
    { text: 'for another machine', command: 'mille pull --platform linux/arm64 alpine' },
  ],
  async run({ flags, args }, host) {
    const mode = chooseMode({ progress: flags.progress, quiet: flags.quiet }, host);
    const platform = flags.platform ?? (host.env.DOCKER_DEFAULT_PLATFORM || undefined);
    const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
    const options = {
      image: args[0]!,
      ...(platform === undefined ? {} : { platform }),
      ...(ca === undefined ? {} : { ca }),
      ...(flags['registry-mirror'].length > 0 ? { registryMirrors: flags['registry-mirror'] } : {}),
      ...(flags.unpack ? { unpack: true } : {}),
    };
    const app = await host.app();
    if (flags['all-tags']) {
      const all = await withProgress(
        mode,
        host,
        (events, signal) => app.pullAll(options, events, signal),
        'the tags that were whole are there, and what has come of the next one is kept',
      );
      if ('status' in all) return all.status;
      host.out(renderPulledAll(all.value, { quiet: flags.quiet }));
      return 0;
    }
    const outcome = await withProgress(
      mode,
      host,
      (events, signal) => app.pull(options, events, signal),
      'what has come of its layers is kept for the next pull, which goes on from there',
    );
    if ('status' in outcome) return outcome.status;
    const { value } = outcome;
    host.out(flags.quiet ? `${value.whole}\n` : renderPulled(value));
    return 0;
  },
});
