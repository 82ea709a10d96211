// `mille secrets`.

import { ERROR_CODES, MilleError } from '../../../core/index.ts';
import { isAtLeast, oneLine, renderSecrets, secretsJson, secretsSarif } from '../../report/index.ts';
import { hasColor } from '../color.ts';
import { LOOK_FLAGS, lookOptions } from '../look.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const secrets = command({
  name: 'secrets',
  summary: 'Look for secrets in an image, or in what a build would send',
  usage: '[FLAGS] [IMAGE|DIRECTORY]',
  description: [
    'Of an image: every layer, also what a later layer deleted or replaced, with archives in it, git objects, compiled Python and source maps; the history, where values of build arguments stay; variables, labels and commands of the config; extended attributes; annotations and attestations (provenance) that lie beside it. Of a directory (., ./app, /src; by default the working directory): the files that a build would take as its context, .dockerignore applied, and the Dockerfile.',
    "The image is named as for 'mille layers': in the store, a file or directory, Docker's daemon, a registry. Layers of other stages of its build, which a cache with mode=max sends, are looked at too where this store has them.",
    'Each finding says where it is, which instruction brought it in and which one hid it, and what to do. No value is ever shown. What a package brought and nobody changed (by the checksums of dpkg, apk and Python) is passed over. See secrets.md for what is found and what is not.',
    'Ends with status 37 where something of --severity or above was found, 0 otherwise.',
  ],
  flags: {
    allow: {
      kind: 'list',
      value: 'NAME|PATH|FINGERPRINT',
      help: 'let a finding pass: by the name of a variable or rule, a path (with * and **), or the fingerprint shown in brackets',
    },
    ca: LOOK_FLAGS.ca,
    offline: TRANSFER_FLAGS.offline,
    'allow-file': {
      kind: 'list',
      value: 'PATH',
      help: 'a file of such, one a line, # for comments; .millesecrets in a directory is read by itself',
    },
    file: { kind: 'string', short: 'f', value: 'PATH', help: "a directory's Dockerfile" },
    format: {
      kind: 'choice',
      choices: ['text', 'json', 'sarif'],
      help: 'text, or json or sarif for programs',
    },
    platform: LOOK_FLAGS.platform,
    severity: {
      kind: 'choice',
      choices: ['error', 'warning', 'info'],
      default: 'warning',
      help: 'what counts: info includes what looks like a secret in packages of third parties',
    },
  },
  arguments: { least: 0, most: 1 },
  examples: [
    { text: 'what a build of this directory would send', command: 'mille secrets' },
    { text: 'all layers of an image', command: 'mille secrets app' },
    {
      text: 'in continuous integration, for the code host',
      command: 'mille secrets --format sarif app',
    },
    {
      text: 'without two that were looked at',
      command: "mille secrets --allow 'test/fixtures/**' --allow DEMO_TOKEN app",
    },
  ],
  async run({ flags, args }, host) {
    const { allow, file, format, severity } = flags;
    const options = {
      ...(args[0] === undefined ? {} : { subject: args[0] }),
      ...(file === undefined ? {} : { dockerfile: file, kind: 'directory' as const }),
      ...lookOptions({ base: undefined, ca: flags.ca, platform: flags.platform }, host),
      allow,
      allowFiles: flags['allow-file'],
    };
    if (file !== undefined && flags.platform !== undefined)
      throw new MilleError('usage', '--file is for a directory, --platform for an image', {
        hint: 'leave one of them out',
      });
    const app = await host.app();
    using interruption = host.interruption();
    const result = await app.secrets(options, interruption.signal);
    for (const warning of result.warnings) host.err(`warning: ${oneLine(warning)}\n`);
    if (format === 'json') host.out(secretsJson(result));
    else if (format === 'sarif') host.out(secretsSarif(result));
    else host.out(renderSecrets(result, { color: hasColor(host, 'stdout'), severity }));
    const found = result.findings.some((finding) => isAtLeast(finding, severity));
    return found ? ERROR_CODES['secrets-found'].exit : 0;
  },
});
