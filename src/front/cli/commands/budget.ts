// `mille budget`.

import { ERROR_CODES, MilleError } from '../../../core/index.ts';
import {
  budgetGithub,
  budgetJson,
  budgetJunit,
  budgetSarif,
  renderBudget,
  renderSuggestion,
} from '../../report/index.ts';
import { hasColor } from '../color.ts';
import { LOOK_FLAGS, lookOptions } from '../look.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

export const budget = command({
  name: 'budget',
  summary: 'Hold an image against what it may weigh',
  usage: '[FLAGS] [IMAGE]',
  description: [
    'Reads limits from .mille-budget.yaml in the working directory: for all layers, the own ones, each of them, their number, waste, growth against another image, paths, and lines of the Dockerfile; and tells which of them the image exceeds, with the line to blame. IMAGE is by default the one that the file names, or else what was built last from the working directory. See budget.md.',
    'Ends with status 39 where a limit is exceeded or cannot be checked, 0 otherwise.',
  ],
  flags: {
    against: {
      kind: 'string',
      value: 'IMAGE',
      help: 'the image that growth is measured against, before the one that the file names; none: growth is not looked at',
    },
    base: LOOK_FLAGS.base,
    ca: LOOK_FLAGS.ca,
    offline: TRANSFER_FLAGS.offline,
    compat: {
      kind: 'choice',
      choices: ['dive'],
      help: "dive: the file is dive's .dive-ci, and the figures are dive's own",
    },
    file: { kind: 'string', short: 'f', value: 'PATH', help: 'the budget; .mille-budget.yaml if not given' },
    format: {
      kind: 'choice',
      choices: ['table', 'json', 'junit', 'sarif', 'github'],
      default: 'table',
      help: 'table; json, junit, sarif for programs; github for annotations in its workflows',
    },
    platform: LOOK_FLAGS.platform,
    suggest: {
      kind: 'boolean',
      help: 'print a budget that the image keeps as it is today, with a tenth of room, to begin with',
    },
  },
  arguments: { least: 0, most: 1 },
  examples: [
    { text: 'a budget to begin with', command: 'mille budget --suggest app > .mille-budget.yaml' },
    { text: 'the image built last here, against .mille-budget.yaml', command: 'mille budget' },
    {
      text: 'in continuous integration, growth measured against what is in use',
      command: 'mille budget --against registry.example/app:stable --format junit app > budget.xml',
    },
    { text: "with dive's file", command: 'mille budget --compat dive app' },
  ],
  async run({ flags, args }, host) {
    const { against, compat, file, format } = flags;
    const options = {
      ...(args[0] === undefined ? {} : { image: args[0] }),
      ...(against === undefined ? {} : { against }),
      ...(file === undefined ? {} : { file }),
      ...lookOptions(flags, host),
      dive: compat === 'dive',
    };
    const app = await host.app();
    using interruption = host.interruption();
    if (flags.suggest) {
      checkSuggest(flags);
      host.out(renderSuggestion(await app.suggestBudget(options, interruption.signal)));
      return 0;
    }
    const result = await app.budget(options, interruption.signal);
    if (format === 'table') host.out(renderBudget(result, { color: hasColor(host, 'stdout') }));
    else {
      for (const note of result.notes) host.err(`note: ${note}\n`);
      host.out(
        { json: budgetJson, junit: budgetJunit, sarif: budgetSarif, github: budgetGithub }[format](result),
      );
    }
    return result.checks.every(({ passed }) => passed) ? 0 : ERROR_CODES['over-budget'].exit;
  },
});

/** A budget that is only being made has neither file nor form. */
function checkSuggest(flags: {
  readonly against: string | undefined;
  readonly compat: string | undefined;
  readonly file: string | undefined;
  readonly format: string;
}): void {
  const { against, compat, file, format } = flags;
  if (against === undefined && compat === undefined && file === undefined && format === 'table') return;
  throw new MilleError('usage', '--suggest writes a budget and reads none', {
    hint: 'leave --against, --compat, --file and --format out',
  });
}
