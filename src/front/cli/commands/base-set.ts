// `mille base set`.

import type { SetBaseOptions, SetBaseResult } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { renderSetBase, setBaseJson } from '../../report/index.ts';
import { BUILD_FLAGS } from '../build-flags.ts';
import { buildOptions } from '../build-options.ts';
import { hasColor } from '../color.ts';
import { defaultValues } from '../flags.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { command, type FlagValues, type Host } from '../spec.ts';
import { PROJECT_FLAGS } from './optimize.ts';

const FLAGS = {
  ...PROJECT_FLAGS,
  check: {
    kind: 'list',
    value: 'COMMAND',
    help: 'with --prove: run COMMAND in containers of both images; a list in JSON where there is no shell (repeatable)',
  },
  'check-network': { kind: 'boolean', help: 'checks may reach the network' },
  format: { ...FORMAT_FLAG, help: 'table for people, or json for one object' },
  pin: { kind: 'boolean', help: 'write the digest that the tag has at its registry behind it' },
  prove: {
    kind: 'boolean',
    help: 'build with both, compare, and write only where what is asked of both ends alike',
  },
  stage: {
    kind: 'list',
    value: 'NAME',
    help: 'the stage that gets the base (repeatable); if not given, those on an image of the same repository',
  },
  write: { kind: 'boolean', short: 'w', help: 'write the Dockerfile' },
} as const;

export const baseSet = command({
  name: 'base set',
  summary: 'Put another base image into FROM, with proof',
  usage: '[FLAGS] IMAGE [PATH]',
  description: [
    'Edits the FROM of the Dockerfile of PATH (by default the working directory), or the ARG that it takes the image from, and nothing else. Shown is the difference; --write writes it.',
    'With --pin the digest stands behind the tag (IMAGE:TAG@DIGEST), as Dependabot and Renovate read it; what is pinned now stays so. With --prove the image is built on both: sizes and packages that differ are told, and --check, its HEALTHCHECK or its own command must end alike, or nothing is written and the status is 58. See base-images.md.',
  ],
  flags: FLAGS,
  arguments: { least: 1, most: 2 },
  examples: [
    { text: 'what would change', command: 'mille base set python:3.13-slim-trixie' },
    { text: 'write it, pinned', command: 'mille base set --pin --write python:3.13-slim-trixie' },
    {
      text: 'only if a test passes there as well',
      command: "mille base set --prove --check 'python -m app --selftest' -w python:3.13-slim-trixie",
    },
  ],
  async run({ flags, args }, host) {
    const format = parseFormat(flags.format) ?? 'table';
    const options = setOptions(flags, args, host);
    const { progress, quiet } = flags;
    const app = await host.app();
    const outcome = await withProgress(chooseMode({ progress, quiet }, host), host, (events, signal) =>
      app.setBase(options, events, signal),
    );
    if ('status' in outcome) return outcome.status;
    const { value } = outcome;
    host.out(format === 'json' ? setBaseJson(value) : renderSetBase(value, hasColor(host, 'stdout')));
    checkProof(value);
    return 0;
  },
});

function setOptions(flags: FlagValues<typeof FLAGS>, args: readonly string[], host: Host): SetBaseOptions {
  const { check, 'check-network': checkNetwork, pin, prove, stage, write, format: _, ...shared } = flags;
  if (!prove && check.length > 0)
    throw new MilleError('usage', '--check is asked of both images, and none is built', {
      hint: 'write --prove too',
    });
  return {
    build: buildOptions({ ...defaultValues(BUILD_FLAGS), ...shared }, args[1] ?? '.', host),
    ...{ image: args[0]!, stages: stage, pin, write },
    ...(prove ? { prove: { checks: check, checkNetwork } } : {}),
  };
}

/** @throws MilleError `base-refused` */
function checkProof({ proof }: SetBaseResult): void {
  if (!proof || proof.outcome === 'alike') return;
  throw new MilleError(
    'base-refused',
    proof.outcome === 'different'
      ? 'on the other base the image does not behave alike'
      : 'nothing that was asked of both images says that they behave alike',
    { hint: 'ask it with --check "COMMAND", or write it without --prove' },
  );
}
