// Build arguments that are others with every build, declared where they are used.

import type { ArgInstruction } from '../../../lang/dockerfile/index.ts';
import type { BuiltInstruction } from '../../lint/index.ts';
import { basisOf, commitsOf } from '../commits.ts';
import { gainOf } from '../gain.ts';
import { installOf, isHarmless } from '../installs.ts';
import { insertAbove, insertBelow, linesOf, replaceLines } from '../lines.ts';
import { changesAlways, neededStages } from '../rebuild-cost.ts';
import type { Proposal, Rewrite } from '../rewrite.ts';
import { builtOf, type Subject } from '../subject.ts';
import { inSeconds } from '../words.ts';

export const lateArguments: Rewrite = {
  name: 'late-arguments',
  summary: 'declare arguments that change with every build below what takes long',
  goal: 'rebuild',
  page: `An ARG is in the environment of every RUN below it, whether that uses it or not: with another value all of them run
again. A commit, a date or the number of a build is another one each time. Here such an ARG (told by its name: \`GIT_SHA\`,
\`VCS_REF\`, \`BUILD_DATE\`, \`COMMIT\`, \`REVISION\` and their kin) goes down to the first line that uses it.

It is not moved below a RUN that might look at it in its environment: only below installs and the like, whose commands are
known.

Nothing in the image may change.`,
  examples: [
    {
      before:
        'FROM node:24\nARG GIT_SHA\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nLABEL revision=$GIT_SHA\n',
      after:
        'FROM node:24\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nARG GIT_SHA\nLABEL revision=$GIT_SHA\n',
      context: { 'a.js': 900, 'package.json': 40, 'package-lock.json': 3000 },
      steps: { 4: { seconds: 20 } },
    },
  ],
  propose: (subject) => {
    const needed = neededStages(subject);
    return [...needed].flatMap((stage) => {
      const items = builtOf(subject, stage);
      return items.flatMap(({ instruction }, i) => {
        if (instruction.kind !== 'arg' || !instruction.args.every(({ name }) => changesAlways(name.text)))
          return [];
        return proposalOf(subject, { items, at: i, instruction }) ?? [];
      });
    });
  },
};

interface Place {
  readonly items: readonly BuiltInstruction[];
  readonly at: number;
  readonly instruction: ArgInstruction;
}

function proposalOf(subject: Subject, { items, at, instruction }: Place): Proposal | undefined {
  const names = instruction.args.map(({ name }) => name.text);
  let to = at + 1;
  while (to < items.length && !mayUse(subject, items[to]!, names)) to++;
  if (to === at + 1) return undefined;
  const lines = linesOf(subject, instruction);
  const next = items[to];
  const edits = [
    ...replaceLines(lines, ''),
    next
      ? insertAbove(subject, next.instruction, lines.text)
      : insertBelow(subject, items.at(-1)!.instruction, lines.text),
  ];
  const gain = gainOf(subject, { edits });
  if (!gain) return undefined;
  const where = next ? `the ${next.instruction.kind.toUpperCase()} that uses it` : 'the end of its stage';
  return {
    title: `declare ${names.join(', ')} at ${where}`,
    reason:
      `with another value every RUN below it runs again, and none down to there uses it. If it is given with each build, ` +
      `a commit's rebuild goes from ${inSeconds(gain.before)} to ${inSeconds(gain.after)}, ${basisOf(commitsOf(subject))}`,
    span: instruction.span,
    edits,
    claim: { secondsPerCommit: gain.before - gain.after },
    allows: [],
    risk: `a program that is installed in between and looks at ${names.join(', ')} would not find it`,
  };
}

/** Whether an instruction may look at an argument. */
function mayUse(subject: Subject, { instruction }: BuiltInstruction, names: readonly string[]): boolean {
  const { text, node } = instruction;
  if (names.some((name) => text.includes(name)) || node.heredocs.length > 0) return true;
  if (instruction.kind === 'onbuild') return true;
  if (instruction.kind !== 'run') return false;
  const run = subject.lint.runs().find(({ at }) => at === node);
  const commands = run?.commands ?? [];
  return commands.length === 0 || !commands.every((one) => installOf(one) || isHarmless(one));
}
