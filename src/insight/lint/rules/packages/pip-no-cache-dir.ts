import { insertFlag } from '../../command-fix.ts';
import { pipInstalls } from '../../pip-install.ts';
import { lineage } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, hasArgument, hasMount, type Run } from '../../run-commands.ts';
import type { LintSubject } from '../../subject.ts';

const YES = /^["']?(1|true|on|yes)["']?$/i;

export const pipNoCacheDir: Rule = {
  name: 'PipNoCacheDir',
  codes: ['DL3042'],
  severity: 'warning',
  summary: 'pip keeps no copies of what it downloaded',
  page: `pip keeps every wheel it fetched or built under \`~/.cache/pip\`, for the next time. In an image there is no next
time, and the layer carries each package twice. Give it \`--no-cache-dir\`, or set \`ENV PIP_NO_CACHE_DIR=1\`; or let
there be a next time, with \`RUN --mount=type=cache,target=/root/.cache/pip\`.`,
  examples: [
    {
      bad: 'FROM python:3.13\nRUN pip install -r requirements.txt',
      at: [2],
      good: 'FROM python:3.13\nRUN pip install --no-cache-dir -r requirements.txt',
    },
  ],
  check: (subject) =>
    pipInstalls(subject).flatMap(({ run, command, verb }) => {
      const isWrapper = command.name.includes('pipx');
      if (isWrapper || hasArgument(command, '--no-cache-dir', '--no-cache') || hasMount(run, '.cache/pip'))
        return [];
      if (isSet(subject, run) || /PIP_NO_CACHE_DIR=["']?(1|true|on|yes)/i.test(run.script?.text ?? ''))
        return [];
      const message = 'what pip downloads stays in the layer';
      return [aboutWords(run, message, [command.word, verb], insertFlag(verb, '--no-cache-dir'))];
    }),
};

/** Whether ENV above the RUN, or of a stage below, tells pip to keep nothing. */
function isSet({ dockerfile: { stages } }: LintSubject, { stage, at }: Run): boolean {
  return lineage(stages, stage).some(({ instructions }) =>
    instructions.some(
      (one) =>
        one.kind === 'env' &&
        one.node.start < at.start &&
        one.pairs.some(({ key, value }) => key.text === 'PIP_NO_CACHE_DIR' && YES.test(value.text)),
    ),
  );
}
