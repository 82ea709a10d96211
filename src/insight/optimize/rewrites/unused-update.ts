// A RUN that fetches apt's lists, of which no later one installs anything.

import { formatSize } from '../../../core/index.ts';
import { hasArgument, lineage, type Run, runsOf } from '../../lint/index.ts';
import { gainOf } from '../gain.ts';
import { type Leavings, leavings, removalOf, shippedRuns, unseenRuns } from '../leavings.ts';
import { linesOf, removeLines } from '../lines.ts';
import type { Allowance, Proposal, Rewrite } from '../rewrite.ts';
import type { Subject } from '../subject.ts';
import { shortened } from '../words.ts';
import { isApt } from './caches/system.ts';

const LEFT = /^var\/(?:lib\/apt\/lists|cache\/apt)(?=\/|$)/;

export const unusedUpdate: Rewrite = {
  name: 'unused-update',
  summary: "take away a RUN that fetches apt's lists, where no later one installs anything by them",
  goal: 'both',
  page: `\`RUN apt-get update\` fetches the lists of all packages there are, and nothing else: it installs and upgrades nothing. Where
no RUN below it, nor in a stage that stands on this one, uses apt without fetching the lists itself, the lists are 20 to 50 MB
that nobody reads, and seconds of each build.

Only where the RUN does nothing else, and wrote nothing else. The lists and what else of apt's it wrote may be missing in the
image, and nothing else may change: a script that installs by them would find none, and the build fail or differ.`,
  examples: [
    {
      before: 'FROM python:3.12\nRUN apt-get update\nRUN pip install flask\n',
      after: 'FROM python:3.12\nRUN pip install flask\n',
      steps: {
        2: { seconds: 5, layer: { 'var/lib/apt/lists/mirror.example_main_Packages.lz4': 19_000_000 } },
      },
    },
  ],
  propose: (subject) => [
    ...shippedRuns(subject).flatMap(({ run, table, ...shipped }): Proposal[] => {
      const left = leavings(table, LEFT);
      const isAll = table.entries.every(({ path, type }) => type === 'dir' || LEFT.test(path));
      if (!isAll || !isUnused(subject, run)) return [];
      const allows = removalOf(subject, [{ run, table, ...shipped }], left.directories);
      return [proposalOf(subject, run, { left, allows })];
    }),
    ...unseenRuns(subject).flatMap(({ run }): Proposal[] => {
      if (!isUnused(subject, run)) return [];
      const allows = [{ what: 'files', change: 'removed', below: 'var/lib/apt/lists' }] as const;
      return [proposalOf(subject, run, { allows })];
    }),
  ],
};

/** Whether all that a RUN does is to fetch lists, which no later one asks for. */
function isUnused({ lint }: Subject, run: Run): boolean {
  const { facts, commands, at, stage } = run;
  const isUpdate = commands.every(
    (one) => isApt(one) && one.args.every(({ text }) => text === 'update' || text.startsWith('-')),
  );
  if (!isUpdate || commands.length === 0 || facts.commands.length !== commands.length) return false;
  if (facts.commands.some(({ command }) => command.redirects.some(({ operator }) => operator !== '>&')))
    return false;
  return !runsOf(lint).some(
    (later) =>
      later.at.start > at.start &&
      later.commands.some(isApt) &&
      !later.commands.some((one) => isApt(one) && hasArgument(one, 'update')) &&
      lineage(lint.dockerfile.stages, later.stage).includes(stage),
  );
}

function proposalOf(
  subject: Subject,
  { at, facts }: Run,
  { left, allows }: { readonly left?: Leavings; readonly allows: readonly Allowance[] },
): Proposal {
  const instruction = subject.lint.dockerfile.instructions.find(({ node }) => node === at)!;
  const edits = removeLines(subject, linesOf(subject, instruction));
  const gain = gainOf(subject, { edits });
  const lists = left ? `the ${formatSize(left.bytes)} of lists that it fetches` : 'the lists that it fetches';
  return {
    title: `take away ${shortened(facts.line.text, 50)}`,
    reason: `no later RUN installs anything by ${lists}, and it does nothing else`,
    span: instruction.span,
    edits,
    claim: {
      ...(left && left.bytes > 0 ? { bytes: left.bytes } : {}),
      ...(gain ? { secondsPerCommit: gain.before - gain.after } : {}),
    },
    allows,
  };
}
