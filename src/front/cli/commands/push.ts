// `mille push`.

import { MilleError } from '../../../core/index.ts';
import { renderPushed } from '../../report/index.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const push = command({
  name: 'push',
  aliases: ['image push'],
  summary: 'Send an image to its registry',
  usage: '[FLAGS] NAME[:TAG]',
  description: [
    "The registry is the one that the name says, Docker's own where it says none. What the registry has already is not sent, large layers go in pieces that are taken up again after a cut, and the name comes last. Layers that are plain in the store are compressed, once: the image keeps its id. Logins are those of Docker's config.json (DOCKER_CONFIG), credential helpers included.",
    'An image of several platforms is sent with all of them that are in the store. Registries of this machine (localhost, 127.0.0.0/8) and those that the settings or MILLE_INSECURE_REGISTRIES list are spoken to without TLS. With --offline, or MILLE_OFFLINE=1, nobody is ever asked.',
  ],
  flags: {
    'all-tags': { kind: 'boolean', short: 'a', help: 'send all names of the repository in the store' },
    ca: TRANSFER_FLAGS.ca,
    offline: TRANSFER_FLAGS.offline,
    compression: {
      kind: 'choice',
      choices: ['gzip', 'zstd', 'uncompressed'],
      default: 'gzip',
      help: 'of layers that are not compressed in the store',
    },
    'disable-content-trust': { kind: 'boolean', default: true, help: 'do not sign; always so' },
    platform: {
      kind: 'string',
      value: 'OS/ARCH',
      help: 'of an image of several platforms only this one',
    },
    progress: TRANSFER_FLAGS.progress,
    quiet: TRANSFER_FLAGS.quiet,
  },
  arguments: { least: 1, most: 1 },
  docker: { command: 'push', unsupported: [] },
  examples: [
    { text: 'to a registry of your own', command: 'mille push registry.example:5000/team/app:1.2' },
    { text: 'all tags of a repository', command: 'mille push -a registry.example:5000/team/app' },
  ],
  async run({ flags, args }, host) {
    const mode = chooseMode({ progress: flags.progress, quiet: flags.quiet }, host);
    const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
    const options = {
      image: args[0]!,
      allTags: flags['all-tags'],
      compression: { kind: flags.compression },
      ...(flags.platform === undefined ? {} : { platform: flags.platform }),
      ...(ca === undefined ? {} : { ca }),
    };
    if (!flags['disable-content-trust']) throw noSignatures();
    if (options.allTags && /:[^/]*$/.test(options.image)) throw tagWithAll();
    const app = await host.app();
    const outcome = await withProgress(mode, host, (events, signal) => app.push(options, events, signal));
    if ('status' in outcome) return outcome.status;
    host.out(renderPushed(outcome.value, { quiet: flags.quiet }));
    return 0;
  },
});

function noSignatures(): MilleError {
  return new MilleError('usage', '--disable-content-trust=false is not supported', {
    hint: 'mille signs nothing; leave it out',
  });
}

function tagWithAll(): MilleError {
  return new MilleError('usage', '--all-tags sends every tag: the name cannot have one', {
    hint: 'leave the tag out, or -a',
  });
}
