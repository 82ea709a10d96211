// `mille run`.

import type { App, RunOptions } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { oneLine } from '../../report/index.ts';
import { containerEnvironment } from '../environment.ts';
import { parseHosts } from '../extra-hosts.ts';
import { leakLevel } from '../leaks.ts';
import { parseLimits, RUN_LIMIT_FLAGS } from '../limits.ts';
import { parseMounts } from '../mounts.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { command, type Host, type Input } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';
import { RUN_MISSING } from '../unsupported.ts';

const flags = {
  ...RUN_LIMIT_FLAGS,
  'add-host': {
    kind: 'list',
    value: 'NAME:ADDRESS',
    help: "a name for the container's /etc/hosts; host-gateway as address is this machine",
  },
  ca: {
    kind: 'string',
    value: 'host|PATH',
    help: "make the host's CA bundle (or the one at PATH) trusted in the container",
  },
  'cap-add': { kind: 'list', value: 'NAME', help: 'give a capability: NET_ADMIN, or ALL' },
  'cap-drop': { kind: 'list', value: 'NAME', help: 'take a capability away: CHOWN, or ALL' },
  entrypoint: {
    kind: 'string',
    value: 'COMMAND',
    help: "replace the image's ENTRYPOINT; an empty value clears it",
  },
  env: {
    kind: 'list',
    short: 'e',
    value: 'NAME[=VALUE]',
    help: 'set a variable; without =VALUE the value is taken from the environment, as it should be for a secret (see secrets.md)',
  },
  'env-file': { kind: 'list', value: 'PATH', help: 'read variables from a file, one NAME=VALUE a line' },
  'group-add': {
    kind: 'list',
    value: 'GROUP',
    help: "a group of the command's, by name or number, beside those of its user",
  },
  hostname: { kind: 'string', short: 'h', value: 'NAME', help: 'the host name in the container' },
  interactive: { kind: 'boolean', short: 'i', help: 'pass standard input on' },
  mount: {
    kind: 'list',
    value: 'KEY=VALUE[,KEY=VALUE]',
    help: 'type=bind,source=HOST,target=PATH[,readonly] mounts what has to be there (-v makes a directory that is missing); type=tmpfs,target=PATH is in memory, with tmpfs-size=SIZE and tmpfs-mode=MODE',
  },
  name: { kind: 'string', value: 'NAME', help: 'a name for the container' },
  network: {
    kind: 'choice',
    choices: ['host', 'none'],
    default: 'host',
    help: "the container's network",
  },
  offline: TRANSFER_FLAGS.offline,
  platform: {
    kind: 'string',
    value: 'OS/ARCH',
    help: "the image's platform, by default $DOCKER_DEFAULT_PLATFORM",
  },
  pull: {
    kind: 'choice',
    choices: ['always', 'missing', 'never', 'newer'],
    default: 'missing',
    help: 'when to fetch the image from its registry: each time, only where the store does not have it, never, or where the registry has another one (newer: always, but one that is here will do)',
  },
  quiet: { kind: 'boolean', short: 'q', help: 'show nothing of the fetching, and no warnings' },
  'read-only': { kind: 'boolean', help: "make the container's root file system read-only" },
  'registry-mirror': TRANSFER_FLAGS['registry-mirror'],
  rm: { kind: 'boolean', help: "remove the container's files when it has ended" },
  tmpfs: {
    kind: 'list',
    value: 'PATH[:OPTIONS]',
    help: 'an empty file system in memory: /scratch, /scratch:size=64m,mode=1777,exec',
  },
  tty: { kind: 'boolean', short: 't', help: 'give the command a terminal' },
  user: { kind: 'string', short: 'u', value: 'USER[:GROUP]', help: 'user (and group) of the command' },
  volume: {
    kind: 'list',
    short: 'v',
    value: 'HOST:CONTAINER[:ro]',
    help: 'mount a directory or file of the host',
  },
  workdir: { kind: 'string', short: 'w', value: 'PATH', help: 'working directory of the command' },
} as const;

type Specs = typeof flags;

const NO_DAEMON = 'a container lives as long as its command';
const HOST_NETWORK = "with --network host, the default, the command's ports are the host's own";

export const run = command({
  name: 'run',
  aliases: ['container run'],
  summary: 'Run a command in a container made of an image',
  usage: '[FLAGS] IMAGE [COMMAND] [ARGUMENTS]',
  description: [
    "COMMAND and ARGUMENTS replace the image's CMD; its ENTRYPOINT stays. Flags end at IMAGE. The exit status is the command's own; 125 means that the container could not be set up, 126 that the command cannot be executed, 127 that it does not exist. Signals are passed on.",
  ],
  flags,
  arguments: { least: 1, most: Number.POSITIVE_INFINITY },
  stopsAtArgument: true,
  docker: {
    command: 'run',
    unsupported: RUN_MISSING,
    hints: {
      publish: HOST_NETWORK,
      'publish-all': HOST_NETWORK,
      detach: `${NO_DAEMON}; your shell or systemd-run can put it in the background`,
      restart: `${NO_DAEMON}; systemd can restart it`,
      net: 'write --network',
      privileged: '--cap-add ALL gives all capabilities, but no devices',
    },
  },
  examples: [
    { text: "run the image's own command", command: 'mille run --rm app' },
    { text: 'a shell in it', command: 'mille run --rm -it app sh' },
    {
      text: 'with a variable, and a directory of the host',
      command: 'mille run --rm -e DEBUG=1 -v "$PWD/data:/data:ro" app',
    },
    {
      text: 'with a file of secrets that the container cannot change',
      command: 'mille run --rm --mount type=bind,source=./.env,target=/app/.env,readonly app',
    },
    { text: 'feed it from a pipe', command: 'cat input.csv | mille run --rm -i app python import.py' },
  ],
  run: runContainer,
});

/** A word about `-e NAME=value` where the value is a secret: it is known to more than the container. */
async function warnOfLiterals(flags: Input<Specs>['flags'], host: Host, app: App): Promise<void> {
  const pairs = flags.env.filter((word) => word.includes('='));
  if (flags.quiet || pairs.length === 0 || leakLevel(undefined, host.env) === 'off') return;
  const [name, ...others] = (await app.secretVariables(pairs)).map(oneLine);
  if (name === undefined) return;
  const all = [name, ...others].map((one) => `-e ${one}=…`).join(', ');
  host.err(
    `warning: ${all}: the value stays in the history of the shell, and everybody here sees it in the list of processes; write -e ${name} (it is taken from the environment), --env-file FILE, or mount a file with -v (docs/secrets.md; MILLE_SECRETS=off for silence)\n`,
  );
}

async function runContainer({ flags, args }: Input<Specs>, host: Host): Promise<number> {
  const [image, ...words] = args;
  if (flags.tty && flags.interactive && !host.terminal.stdin) {
    throw new MilleError('usage', 'the input device is not a terminal', {
      hint: 'leave out -t where standard input is a pipe or a file',
    });
  }
  const env = await containerEnvironment({ env: flags.env, files: flags['env-file'] }, host.env);
  const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
  const { workdir, user, entrypoint, name, hostname } = flags;
  const platform = flags.platform ?? (host.env.DOCKER_DEFAULT_PLATFORM || undefined);
  const mirrors = flags['registry-mirror'];
  const given = {
    ...(platform === undefined ? {} : { platform }),
    ...(ca === undefined ? {} : { ca }),
  };
  const limits = parseLimits(flags);
  const extraHosts = parseHosts(flags['add-host']);
  const options: RunOptions = {
    image: image!,
    args: words,
    env,
    volumes: flags.volume,
    ...(workdir === undefined ? {} : { workdir }),
    ...(user === undefined ? {} : { user }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(name === undefined ? {} : { name }),
    ...(hostname === undefined ? {} : { hostname }),
    ...given,
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(extraHosts.length > 0 ? { extraHosts } : {}),
    ...(flags['cap-add'].length > 0 ? { capAdd: flags['cap-add'] } : {}),
    ...(flags['cap-drop'].length > 0 ? { capDrop: flags['cap-drop'] } : {}),
    ...(flags.tmpfs.length > 0 ? { tmpfs: flags.tmpfs } : {}),
    ...(flags.mount.length > 0 ? { mounts: parseMounts(flags.mount) } : {}),
    ...(flags['group-add'].length > 0 ? { groups: flags['group-add'] } : {}),
    interactive: flags.interactive,
    tty: flags.tty,
    network: flags.network,
    readOnly: flags['read-only'],
    rm: flags.rm,
  };
  const app = await host.app();
  await warnOfLiterals(flags, host, app);
  const mode = chooseMode({ progress: undefined, quiet: flags.quiet }, host);
  const provided = await withProgress(mode, host, (events, signal) =>
    app.provide(
      {
        ...{ image: image!, ...given, pull: flags.pull },
        ...(mirrors.length > 0 ? { registryMirrors: mirrors } : {}),
      },
      events,
      signal,
    ),
  );
  if ('status' in provided) return provided.status;
  return app.run(options);
}
