// The flags of `mille build`, which other commands that look at a build have as well.

import { ATTESTATION_FLAGS } from './attestations.ts';
import { LIMIT_FLAGS } from './limits.ts';
import { LOCK_FLAGS } from './lock-flags.ts';
import { PROGRESS_MODES } from './progress.ts';
import { SETTLED_FLAGS } from './settled-flags.ts';
import { TRANSFER_FLAGS } from './transfer-flags.ts';
import { BUILD_MISSING } from './unsupported.ts';

/** Those that all of them have. */
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

/** What of docker build is missing, here and in the commands that take its flags. */
export const BUILD_HINTS = {
  command: 'build',
  unsupported: BUILD_MISSING,
  hints: {
    'security-opt':
      'BuildKit ignores it; RUN --security=insecure with --allow security.insecure lifts all restrictions',
  },
} as const;
