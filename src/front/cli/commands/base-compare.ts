// `mille base compare`.

import type { CompareBasesResult } from '../../../app/index.ts';
import { comparedBasesHtml, comparedBasesJson, oneLine, renderComparedBases } from '../../report/index.ts';
import { hasColor } from '../color.ts';
import { checkReport } from '../optimize-report.ts';
import { PLATFORM_FLAG } from '../platforms.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { resultFile } from '../result-file.ts';
import { command, type Host } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

const FORMS = ['table', 'json', 'html'] as const;
type Form = (typeof FORMS)[number];

export const baseCompare = command({
  name: 'base compare',
  summary: 'Measure base images side by side',
  usage: '[FLAGS] IMAGE [IMAGE...]',
  description: [
    'One table: what each image weighs, compressed and unpacked; which of its layers the store has already; packages, C library, shells, the program that installs packages, the user, and until when distribution and program are supported.',
    'IMAGE is as for mille layers: a name in the store or at a registry, an archive, an OCI layout. Of an image elsewhere all layers are fetched to be looked at; nothing of it is kept. See base-images.md.',
  ],
  flags: {
    ca: TRANSFER_FLAGS.ca,
    format: {
      kind: 'choice',
      choices: FORMS,
      help: 'table for people, json for one object, or html for a page; if not given, by the ending of -o',
    },
    offline: TRANSFER_FLAGS.offline,
    output: { kind: 'string', short: 'o', value: 'FILE', help: 'write it into a file too' },
    platform: PLATFORM_FLAG,
    progress: TRANSFER_FLAGS.progress,
    quiet: { kind: 'boolean', short: 'q', help: 'show no progress' },
  },
  arguments: { least: 1, most: 20 },
  examples: [
    {
      text: 'the usual three',
      command: 'mille base compare python:3.12 python:3.12-slim python:3.12-alpine',
    },
    { text: 'as a page', command: 'mille base compare -o bases.html node:22 node:22-slim' },
  ],
  async run({ flags, args }, host) {
    const { progress, quiet, format, output, platform } = flags;
    await checkReport({ format: undefined, output });
    const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
    const options = {
      images: args,
      ...(platform === undefined ? {} : { platform }),
      ...(ca === undefined ? {} : { ca }),
    };
    const app = await host.app();
    const outcome = await withProgress(chooseMode({ progress, quiet }, host), host, (events, signal) =>
      app.compareBases(options, events, signal),
    );
    if ('status' in outcome) return outcome.status;
    await show(outcome.value, { format, output }, host);
    return 0;
  },
});

const ENDINGS: readonly (readonly [RegExp, Form])[] = [
  [/\.html?$/i, 'html'],
  [/\.json$/i, 'json'],
];

async function show(
  result: CompareBasesResult,
  { format, output }: { readonly format: Form | undefined; readonly output: string | undefined },
  host: Host,
): Promise<void> {
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
  const form = format ?? ENDINGS.find(([ending]) => ending.test(output))?.[1] ?? 'table';
  const write = await resultFile('-o', output);
  write?.(rendered(form, false));
  host.out(rendered('table', color));
  host.err(`report written to ${oneLine(output)}\n`);
}
