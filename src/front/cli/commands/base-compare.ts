// `mille base compare`.

import type { CompareBasesOptions, CompareBasesResult } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { comparedBasesHtml, comparedBasesJson, oneLine, renderComparedBases } from '../../report/index.ts';
import { BUILD_FLAGS } from '../build-flags.ts';
import { buildOptions } from '../build-options.ts';
import { hasColor } from '../color.ts';
import { defaultValues } from '../flags.ts';
import { wholeNumber } from '../numbers.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { checkReportFile, type Endings, type ReportFlags, reportForm } from '../report-file.ts';
import { resultFile } from '../result-file.ts';
import { command, type FlagValues, type Host } from '../spec.ts';
import { PROJECT_FLAGS } from './optimize.ts';

const FORMS = ['table', 'json', 'html'] as const;
type Form = (typeof FORMS)[number];

const FLAGS = {
  ...PROJECT_FLAGS,
  build: {
    kind: 'boolean',
    help: 'build the Dockerfile of --context on each image, from nothing, and measure that',
  },
  check: {
    kind: 'list',
    value: 'COMMAND',
    help: 'with --build: run COMMAND in a container of what was built; a list in JSON where there is no shell (repeatable)',
  },
  'check-network': { kind: 'boolean', help: 'checks may reach the network' },
  context: {
    kind: 'string',
    value: 'PATH',
    help: 'the context of the Dockerfile, with or without --build; the working directory if not given',
  },
  rounds: {
    kind: 'string',
    value: 'N',
    help: 'with --build: build N times on each, in turns; 1 if not given',
  },
  'vuln-db': {
    kind: 'string',
    value: 'PATH',
    help: 'advisories in OSV format: a directory, an archive, a file; those of the store if not given',
  },
  stage: {
    kind: 'list',
    value: 'NAME',
    help: 'the stage that gets the base (repeatable); if not given, those on an image of the same repository',
  },
  'no-index': {
    kind: 'boolean',
    help: 'ask no package index what there is of the Python packages that the Dockerfile installs',
  },
  format: {
    kind: 'choice',
    choices: FORMS,
    help: 'table for people, json for one object, or html for a page; if not given, by the ending of -o',
  },
  output: { kind: 'string', short: 'o', value: 'FILE', help: 'write it into a file too' },
  quiet: { kind: 'boolean', short: 'q', help: 'show no progress' },
} as const;

export const baseCompare = command({
  name: 'base compare',
  summary: 'Measure base images side by side',
  usage: '[FLAGS] IMAGE [IMAGE...]',
  description: [
    'One table: what each image weighs, compressed and unpacked; which of its layers the store has already; packages, C library, shells, the program that installs packages, the user, and until when distribution and program are supported.',
    'With --build the Dockerfile of --context is built on each of them (FROM edited, or the ARG that it takes the image from; nothing is written): seconds from nothing, size, what --check says of the result, programs that do not fit on the base; and why, where it fails: the package that is not there, the wheel without a build for musl, the glibc that is too old.',
    'With a Dockerfile, built or not (--context, -f): which of the Python packages it installs have a wheel for the C library and the Python of each image, and which native Node modules fit, by the files that its commands install by and by the index that pip would ask.',
    'IMAGE is as for mille layers: a name in the store or at a registry, an archive, an OCI layout. Of an image elsewhere all layers are fetched to be looked at; nothing of it is kept. See base-images.md.',
  ],
  flags: FLAGS,
  arguments: { least: 1, most: 20 },
  examples: [
    {
      text: 'the usual three',
      command: 'mille base compare python:3.12 python:3.12-slim python:3.12-alpine',
    },
    {
      text: 'the Dockerfile here built on both, and tested',
      command: "mille base compare --build --check 'python -m app --selftest' python:3.12 python:3.12-slim",
    },
    {
      text: 'which wheels there are for each, nothing built',
      command: 'mille base compare --context . python:3.12-slim python:3.12-alpine',
    },
    { text: 'as a page', command: 'mille base compare -o bases.html node:22 node:22-slim' },
  ],
  async run({ flags, args }, host) {
    const { progress, quiet, format, output } = flags;
    reportForm({ format, output }, ENDINGS, 'table');
    await checkReportFile(output);
    const options = compareOptions(flags, args, host);
    const app = await host.app();
    const outcome = await withProgress(chooseMode({ progress, quiet }, host), host, (events, signal) =>
      app.compareBases(options, events, signal),
    );
    if ('status' in outcome) return outcome.status;
    await show(outcome.value, { format, output }, host);
    return 0;
  },
});

/** What is asked for. @throws MilleError `usage` */
function compareOptions(
  flags: FlagValues<typeof FLAGS>,
  images: readonly string[],
  host: Host,
): CompareBasesOptions {
  const { build, check, 'check-network': checkNetwork, context, rounds, stage, ...rest } = flags;
  const { format: _, output: __, 'vuln-db': vulnDb, 'no-index': noIndex, ...shared } = rest;
  const file = context ?? flags.file;
  if (!build) {
    const given = { check: check.length > 0, rounds, stage: stage.length > 0 && file === undefined };
    const wrong = Object.entries(given).find(([, value]) => value);
    if (wrong)
      throw new MilleError('usage', `--${wrong[0]} is about what is built`, { hint: 'write --build too' });
  }
  const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
  const [platform] = flags.platform;
  const place = {
    images,
    ...(platform === undefined ? {} : { platform }),
    ...(ca === undefined ? {} : { ca }),
    ...(vulnDb === undefined ? {} : { vulnDb }),
  };
  if (!build && file === undefined) return place;
  const url = host.env.PIP_INDEX_URL;
  const project = {
    build: buildOptions({ ...defaultValues(BUILD_FLAGS), ...shared }, context ?? '.', host),
    stages: stage,
    ...(noIndex ? {} : { packageIndex: url ? { url } : {} }),
  };
  if (!build) return { ...place, project };
  return {
    ...place,
    build: {
      ...{ ...project, checks: check, checkNetwork },
      rounds: wholeNumber('rounds', rounds, { standard: 1, most: 100 }),
    },
  };
}

const ENDINGS: Endings<Form> = [
  [/\.html?$/i, 'html'],
  [/\.json$/i, 'json'],
  [/\.txt$/i, 'table'],
];

async function show(result: CompareBasesResult, flags: ReportFlags<Form>, host: Host): Promise<void> {
  const { format, output } = flags;
  const rendered = (form: Form, color: boolean) => {
    if (form === 'json') return comparedBasesJson(result, host.now());
    if (form === 'html') return comparedBasesHtml(result, host.now());
    return renderComparedBases(result, { now: host.now(), color });
  };
  const color = hasColor(host, 'stdout');
  if (output === undefined || output === '-') {
    host.out(rendered(format ?? 'table', color));
    return;
  }
  const write = await resultFile('-o', output);
  write?.(rendered(reportForm(flags, ENDINGS, 'table'), false));
  host.out(rendered('table', color));
  host.err(`report written to ${oneLine(output)}\n`);
}
