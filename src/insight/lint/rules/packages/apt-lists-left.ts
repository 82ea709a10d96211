import { removes } from '../../cleaned.ts';
import { appendCommand } from '../../command-fix.ts';
import { lineage } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, type Command, hasArgument, hasMount, type Run, runsOf } from '../../run-commands.ts';
import type { LintSubject } from '../../subject.ts';

const APT = ['apt', 'apt-get', 'aptitude'];

export const aptListsLeft: Rule = {
  name: 'AptListsLeft',
  codes: ['DL3009'],
  severity: 'info',
  summary: "apt's lists of packages do not stay in the layer",
  page: `\`apt-get update\` fetches the lists of all packages there are, some 20 to 50 MB, into \`/var/lib/apt/lists\`. After
the installation they are of no use, and old the day after. They have to go in the same RUN (\`rm -rf
/var/lib/apt/lists/*\`): what a later one deletes is only hidden. Or they never enter a layer, with
\`RUN --mount=type=cache,target=/var/lib/apt --mount=type=cache,target=/var/cache/apt …\`.

Stages that the last one does not stand on are not shipped, and not reported.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.*',
      at: [2],
      good: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.* && rm -rf /var/lib/apt/lists/*',
    },
  ],
  check: (subject) => {
    const { stages } = subject.dockerfile;
    const last = stages.at(-1);
    const shipped = last ? lineage(stages, last) : [];
    const needing = runsOf(subject).filter(needsLists);
    return runsOf(subject).flatMap((run) => {
      const update = run.commands.find(isUpdate);
      if (!update || run.commands.some(isCleanup) || isMounted(run)) return [];
      if (!run.onbuild && !shipped.includes(run.stage)) return [];
      // A RUN below may still need them.
      const fix = isNeeded(subject, run, needing)
        ? undefined
        : appendCommand(lastApt(run) ?? update, 'rm -rf /var/lib/apt/lists/*');
      return [aboutWords(run, 'the lists of apt stay in the layer', [update.word], fix)];
    });
  },
};

function isUpdate(command: Command): boolean {
  return APT.includes(command.name) && hasArgument(command, 'update');
}

function isCleanup(command: Command): boolean {
  if (['apt', 'apt-get'].includes(command.name) && hasArgument(command, 'distclean', 'dist-clean'))
    return true;
  return removes(command, /^["']?\/var\/lib\/(apt(\/lists)?|\*|\{.*apt.*\})(\/|\*|$)/);
}

function isMounted(run: Run): boolean {
  return (
    hasMount(run, '/var/lib/apt/lists') || (hasMount(run, '/var/lib/apt') && hasMount(run, '/var/cache/apt'))
  );
}

function lastApt({ commands }: Run): Command | undefined {
  return commands.findLast(({ name }) => APT.includes(name));
}

/** Whether a RUN installs without fetching the lists itself. */
function needsLists({ commands }: Run): boolean {
  return commands.some(({ name }) => APT.includes(name)) && !commands.some(isUpdate);
}

/** Whether one of those stands on what a RUN made. */
function isNeeded(
  { dockerfile: { stages } }: LintSubject,
  { stage, at }: Run,
  needing: readonly Run[],
): boolean {
  return needing.some((later) => later.at.start > at.start && lineage(stages, later.stage).includes(stage));
}
