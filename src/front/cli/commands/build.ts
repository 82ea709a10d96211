// `mille build`.

import type { BuildOptions } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { parseAnnotations } from '../annotations.ts';
import { ATTESTATION_FLAGS, parseAttestations } from '../attestations.ts';
import { parseCacheSources, parseCacheTargets } from '../caches.ts';
import { parseCall, runCall } from '../call.ts';
import { parseContexts } from '../contexts.ts';
import { parseEntitlements } from '../entitlements.ts';
import { asksForGitLabels, buildArguments, labels } from '../environment.ts';
import { parseHosts } from '../extra-hosts.ts';
import { leakOptions } from '../leaks.ts';
import { LIMIT_FLAGS, parseLimits } from '../limits.ts';
import { LOCK_FLAGS, lockOptions } from '../lock-flags.ts';
import { makesImage, metadataDocument, metadataProvenance } from '../metadata-file.ts';
import { parseOutputs } from '../outputs.ts';
import { checkPlanFlags, PLAN_FLAGS, runPlan } from '../plan.ts';
import { chosenPlatforms } from '../platforms.ts';
import { chooseMode, PROGRESS_MODES, withProgress } from '../progress.ts';
import { resultFile } from '../result-file.ts';
import { parseAgents, parseSecrets } from '../secrets.ts';
import { checkSettled, SETTLED_FLAGS } from '../settled-flags.ts';
import { refuseSourcePolicy } from '../source-policy.ts';
import { command, type FlagValues, type Host, type Input } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';
import { BUILD_MISSING } from '../unsupported.ts';

/** The flags of build, which other commands that look at a build have as well. */
export const BUILD_FLAGS = {
  ...LIMIT_FLAGS,
  ...LOCK_FLAGS,
  ...SETTLED_FLAGS,
  ...ATTESTATION_FLAGS,
  'add-host': {
    kind: 'list',
    value: 'NAME:ADDRESS',
    help: 'a name for the /etc/hosts of RUN; host-gateway as address is this machine',
  },
  allow: {
    kind: 'list',
    value: 'ENTITLEMENT',
    help: 'let RUN take more than the sandbox: network.host or security.insecure',
  },
  annotation: {
    kind: 'list',
    value: '[TYPE:]KEY=VALUE',
    help: "add an annotation to the image's manifest, or, as TYPE, to its manifest-descriptor in an archive",
  },
  'build-arg': {
    kind: 'list',
    value: 'NAME[=VALUE]',
    help: 'set a build argument (ARG); without =VALUE the value is taken from the environment',
  },
  'build-context': {
    kind: 'list',
    value: 'NAME=PLACE',
    help: 'a context for FROM NAME and --from=NAME: a directory, a URL, docker-image://IMAGE or oci-layout://DIRECTORY[:TAG]',
  },
  ca: {
    kind: 'string',
    value: 'host|PATH',
    help: "make the host's CA bundle (or the one at PATH) trusted inside RUN, without a trace in the image",
  },
  'cache-from': {
    kind: 'list',
    value: 'SPEC',
    help: 'a cache to look in when the own one knows nothing: type=registry,ref=IMAGE, type=local,src=DIRECTORY, or IMAGE (see cache-travel.md)',
  },
  'cache-to': {
    kind: 'list',
    value: 'SPEC',
    help: 'where to write the cache of this build: type=registry,ref=IMAGE, type=local,dest=DIRECTORY or type=inline, mode=max for all stages',
  },
  call: {
    kind: 'string',
    value: 'METHOD[,format=json]',
    help: 'what to do instead of building: check, outline (what a target can be given), targets',
  },
  check: {
    kind: 'boolean',
    help: 'check the Dockerfile and build nothing; short for --call=check',
  },
  file: {
    kind: 'string',
    short: 'f',
    value: 'PATH|URL',
    help: 'the Dockerfile, or - for standard input; in an archive or a repository a relative path is one in there',
  },
  iidfile: { kind: 'string', value: 'PATH', help: 'write the image id to a file' },
  label: { kind: 'list', value: 'KEY=VALUE', help: 'add a label to the image' },
  load: { kind: 'boolean', help: 'keep the image in the local store, also when -o is given' },
  'metadata-file': {
    kind: 'string',
    value: 'PATH',
    help: 'write digests and names of the image, and its provenance, to a file, as JSON',
  },
  network: {
    kind: 'choice',
    choices: ['default', 'host', 'none'],
    default: 'default',
    help: 'the network of RUN; default is the same as host',
  },
  'no-cache': { kind: 'boolean', help: 'run every step, whatever the cache holds' },
  'no-cache-filter': {
    kind: 'list',
    value: 'STAGE[,STAGE]',
    help: 'run every step of these stages, whatever the cache holds',
  },
  output: {
    kind: 'list',
    short: 'o',
    value: 'SPEC',
    help: 'write the result elsewhere: type=oci|docker|tar|local,dest=PATH and more keys (see outputs.md); DIRECTORY for type=local; - for a tar on standard output',
  },
  plan: {
    kind: 'boolean',
    help: "show what a build would do and build nothing; the same as 'mille plan'",
  },
  platform: {
    kind: 'list',
    value: 'OS/ARCH[,OS/ARCH]',
    help: "the platforms to build for, by default $DOCKER_DEFAULT_PLATFORM or the machine's own; of several comes one image with an index",
  },
  offline: TRANSFER_FLAGS.offline,
  progress: {
    kind: 'choice',
    choices: PROGRESS_MODES,
    help: 'how progress is shown on standard error; json (or rawjson) is one event a line, quiet is -q',
  },
  pull: {
    kind: 'choice',
    choices: ['true', 'false', 'always', 'missing', 'never', 'newer'],
    bare: 'true',
    help: 'when to ask a registry for base images: true or always, each time; newer, each time, but what the store has will do where it does not answer; false or missing, only for those that the store does not have, as without it; never',
  },
  push: {
    kind: 'boolean',
    help: 'send the image to the registries of its names; short for -o type=registry',
  },
  quiet: { kind: 'boolean', short: 'q', help: 'show nothing but the image id, on standard output' },
  'registry-mirror': TRANSFER_FLAGS['registry-mirror'],
  reproducible: {
    kind: 'boolean',
    help: 'the same digest anywhere: clamp file times and give RUN SOURCE_DATE_EPOCH',
  },
  secret: {
    kind: 'list',
    value: 'SPEC',
    help: 'a secret for RUN --mount=type=secret, or a token for a git or HTTP server: id=NAME,src=PATH or id=NAME,env=VARIABLE',
  },
  secrets: {
    kind: 'choice',
    choices: ['warn', 'error', 'off'],
    help: 'what a secret about to get into the image is, in a copied file, in ARG or ENV: a warning, an error, nothing; by default $MILLE_SECRETS or warn (see secrets.md)',
  },
  'secrets-allow': {
    kind: 'list',
    value: 'NAME|PATH',
    help: 'let something pass that looks like a secret: by the name of a variable or rule, or a path in the context; .millesecrets in the context lists more',
  },
  squash: { kind: 'boolean', help: 'make one layer of all that the build makes, on top of its base' },
  ssh: {
    kind: 'list',
    value: 'ID[=SOCKET|KEY[,KEY]]',
    help: 'an SSH agent for RUN --mount=type=ssh and for git repositories; default for the one of SSH_AUTH_SOCK; with KEY, the file of a private key, one that holds that key alone',
  },
  tag: { kind: 'list', short: 't', value: 'NAME[:TAG]', help: 'a name for the image' },
  target: { kind: 'string', value: 'STAGE', help: 'the stage to build; the last one if not given' },
  verify: {
    kind: 'boolean',
    help: 'build a second time without the cache, and name the steps and files that are not the same',
  },
} as const;

/** The flags of a build that is made, or planned. */
export const WHOLE_FLAGS = {
  whole: {
    kind: 'boolean',
    help: 'fetch all layers of the base also where no step needs them; by default an image in the store says where they are (see registries.md)',
  },
} as const;

const flags = { ...BUILD_FLAGS, ...PLAN_FLAGS, ...WHOLE_FLAGS } as const;

type Specs = typeof flags;
type Flags = FlagValues<typeof BUILD_FLAGS>;

/** What of docker build is missing, here and in the commands that take its flags. */
export const BUILD_HINTS = {
  command: 'build',
  unsupported: BUILD_MISSING,
  hints: {
    'security-opt':
      'BuildKit ignores it; RUN --security=insecure with --allow security.insecure lifts all restrictions',
  },
} as const;

export const build = command({
  name: 'build',
  aliases: ['image build', 'buildx build', 'builder build'],
  summary: 'Build an image from a Dockerfile',
  usage: '[FLAGS] PATH | URL | -',
  description: [
    'PATH is the build context: the directory whose files COPY and ADD can take, less those that its .dockerignore names. With - a tar archive of the context (or a Dockerfile alone) is read from standard input.',
    'URL is a git repository (https://HOST/PATH.git#REF:DIRECTORY, git@HOST:PATH, github.com/OWNER/NAME), or an archive or a Dockerfile by HTTP. Its .dockerignore is not used, as with Docker.',
    'The Dockerfile is checked first, and what the checks find is listed at the end; see checks.md. With --check nothing is built, each finding is shown in its place, and the exit status is 1 where there is one. With --plan every step is looked up and none is executed; see plan-and-cost.md. With --verify every step is executed a second time; where another image would come of it none is made, and the exit status is 38; see reproducible.md.',
    'Steps whose inputs have not changed are not run again; the first one that must says which input differed. Progress goes to standard error. The full log of every build is kept.',
  ],
  flags,
  arguments: { least: 1, most: 1 },
  docker: BUILD_HINTS,
  examples: [
    { text: 'build the Dockerfile of this directory and name the image', command: 'mille build -t app .' },
    {
      text: 'another Dockerfile, and an argument for it',
      command: 'mille build -f prod.Dockerfile --build-arg VERSION=1.2 -t app:1.2 .',
    },
    {
      text: 'only the stage called test, with all output as lines',
      command: 'mille build --target test --progress=plain .',
    },
    { text: 'an OCI archive that other tools read', command: 'mille build -o type=oci,dest=app.tar .' },
    {
      text: 'the same with layers compressed',
      command: 'mille build -o type=oci,dest=app.tar,compression=zstd .',
    },
    { text: 'the files of the result, into a directory', command: 'mille build -o out .' },
    {
      text: 'a directory of a branch of a git repository',
      command: 'mille build -t app https://example.com/app.git#main:server',
    },
    {
      text: 'a private one, with a token that is kept nowhere',
      command: 'mille build --secret id=GIT_AUTH_TOKEN,env=TOKEN -t app https://example.com/app.git',
    },
    {
      text: 'a Dockerfile from standard input, with this directory as context',
      command: 'mille build -f - . < Dockerfile.generated',
    },
    {
      text: 'a token for RUN --mount=type=secret,id=token, with no trace in the image',
      command: 'mille build --secret id=token,src=$HOME/.token -t app .',
    },
    {
      text: 'another directory, for COPY --from=docs',
      command: 'mille build --build-context docs=../docs -t app .',
    },
    {
      text: 'an image of the store in the place of another',
      command: 'mille build --build-context node:20=docker-image://own-node .',
    },
    {
      text: 'in CI: a cache in a registry, of all stages',
      command:
        'mille build --cache-from host/app:cache --cache-to type=registry,ref=host/app:cache,mode=max -t app .',
    },
    {
      text: 'only what mille.lock names, and no registry asked',
      command: 'mille build --locked --offline -t app .',
    },
    { text: 'what would run, and why', command: 'mille build --plan .' },
    {
      text: 'does it make the same when it is built again?',
      command: 'mille build --reproducible --verify .',
    },
    { text: 'what could be better in the Dockerfile', command: 'mille build --check .' },
    { text: 'behind a proxy that re-signs TLS', command: 'mille build --ca host -t app .' },
  ],
  run: runBuild,
});

async function runBuild({ flags, args }: Input<Specs>, host: Host): Promise<number> {
  const call = parseCall(flags.call, flags.check);
  if (!flags.plan) checkPlanFlags(flags);
  const options = { ...buildOptions(flags, args[0]!, host), lazy: !flags.whole };
  if (flags.plan && (call || flags.verify))
    throw planAndOther(flags.verify ? '--verify' : '--call or --check');
  if (call && flags.verify) throw verifyAndCall();
  if (flags.plan) return await runPlan(flags, options, host);
  if (call) return await runCall(call, options, host);
  const mode = chooseMode({ progress: flags.progress, quiet: flags.quiet }, host);
  // A build that fails must not leave the results of an earlier one behind.
  const idFile = await resultFile('--iidfile', flags.iidfile);
  const metadataFile = await resultFile('--metadata-file', flags['metadata-file']);
  const app = await host.app();
  const tellProvenance = metadataFile && metadataProvenance(host.env);
  const asked = { ...options, ...(tellProvenance ? { tellProvenance } : {}) };
  const outcome = await withProgress(mode, host, (events, signal) => app.build(asked, events, signal));
  if ('status' in outcome) return outcome.status;
  const { imageId } = outcome.value;
  idFile?.(imageId);
  metadataFile?.(metadataDocument(outcome.value, makesImage(options)));
  // Where an archive went to standard output, an id behind it would spoil it.
  const taken = options.outputs.some((output) => 'dest' in output && output.dest === '-');
  if (mode === 'quiet' && !taken) host.out(`${imageId}\n`);
  return 0;
}

function planAndOther(other: string): MilleError {
  return new MilleError('usage', `--plan and ${other} cannot be had together`, {
    hint: '--check looks at the Dockerfile, --plan at what would run, --verify builds twice: choose one',
  });
}

function verifyAndCall(): MilleError {
  return new MilleError('usage', '--verify and --call or --check cannot be had together', {
    hint: '--check builds nothing, --verify builds twice: choose one',
  });
}

const PULL_POLICIES = {
  true: 'always',
  always: 'always',
  false: 'missing',
  missing: 'missing',
  never: 'never',
  newer: 'newer',
} as const;

/** What a build is asked for, from its flags. @throws MilleError `usage` */
export function buildOptions(flags: Flags, context: string, host: Host): BuildOptions {
  if (context === '-' && flags.file === '-') {
    throw new MilleError('usage', 'the context and the Dockerfile cannot both come from standard input', {
      hint: "give the context's directory: mille build -f - DIRECTORY",
    });
  }
  if (context === '')
    throw new MilleError('usage', 'the context is empty', { hint: 'give a directory, often .' });
  checkSettled(flags);
  refuseSourcePolicy(host.env);
  const noCacheStages = flags['no-cache-filter'].flatMap((text) => text.split(',')).filter(Boolean);
  if (flags['no-cache'] && noCacheStages.length > 0) {
    throw new MilleError('usage', '--no-cache and --no-cache-filter cannot be given together', {
      hint: '--no-cache leaves the cache out for all stages: choose one',
    });
  }
  const buildArgs = buildArguments(flags['build-arg'], host.env);
  const epoch = sourceDateEpoch(buildArgs.SOURCE_DATE_EPOCH ?? host.env.SOURCE_DATE_EPOCH);
  const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
  const annotations = parseAnnotations(flags.annotation);
  const attestations = parseAttestations(flags, host.env);
  const contexts = parseContexts(flags['build-context']);
  const secrets = parseSecrets(flags.secret, host.env);
  const leaks = leakOptions(flags.secrets, flags['secrets-allow'], host.env);
  const ssh = parseAgents(flags.ssh, host.env);
  const limits = parseLimits(flags);
  const extraHosts = parseHosts(flags['add-host']);
  const cacheFrom = parseCacheSources(flags['cache-from']);
  const cacheTo = parseCacheTargets(flags['cache-to']);
  const allow = parseEntitlements(flags.allow);
  const reproducible = flags.reproducible || epoch !== undefined;
  const outputs = parseOutputs(flags.output, {
    load: flags.load,
    push: flags.push,
    stdoutIsTerminal: host.terminal.stdout,
    reproducible,
  });
  return {
    context,
    ...(flags.pull === undefined ? {} : { pull: PULL_POLICIES[flags.pull] }),
    ...lockOptions(flags),
    ...(flags['registry-mirror'].length > 0 ? { registryMirrors: flags['registry-mirror'] } : {}),
    ...(cacheFrom.length > 0 ? { cacheFrom } : {}),
    ...(cacheTo.length > 0 ? { cacheTo } : {}),
    ...(flags.file === undefined ? {} : { dockerfile: flags.file }),
    ...(contexts.length > 0 ? { contexts } : {}),
    tags: flags.tag,
    buildArgs,
    // As with Docker, an empty one is none: scripts write it.
    ...(flags.target ? { target: flags.target } : {}),
    noCache: flags['no-cache'],
    ...(noCacheStages.length > 0 ? { noCacheStages } : {}),
    network: flags.network,
    labels: labels(flags.label),
    ...(asksForGitLabels(host.env) ? { gitLabels: true } : {}),
    ...(annotations.length > 0 ? { annotations } : {}),
    ...(attestations ? { attestations } : {}),
    ...(flags.squash ? { squash: true } : {}),
    ...(flags.verify ? { verify: true } : {}),
    platforms: chosenPlatforms(flags.platform, host.env),
    outputs,
    ...(ca === undefined ? {} : { ca }),
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(leaks.level === 'warn' && leaks.allow.length === 0 ? {} : { leaks }),
    ...(ssh.length > 0 ? { ssh } : {}),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(extraHosts.length > 0 ? { extraHosts } : {}),
    ...(allow.length > 0 ? { allow } : {}),
    reproducible,
    ...(epoch === undefined ? {} : { sourceDateEpoch: epoch }),
  };
}

/** SOURCE_DATE_EPOCH as reproducible-builds.org defines it; empty is the same as not set. */
function sourceDateEpoch(text: string | undefined): number | 'context' | undefined {
  if (text === undefined || text === '') return undefined;
  if (text === 'context') return text;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seconds)) return seconds;
  throw new MilleError('usage', `SOURCE_DATE_EPOCH can't be '${text}'`, {
    hint: 'it is a number of seconds since 1970, for example that of the last commit: $(git log -1 --format=%ct)',
  });
}
