import { about } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { type Run, runsOf } from '../../run-commands.ts';

/** With more commands than this in one of the two somebody has thought about it. */
const FEW = 1;

export const consecutiveRuns: Rule = {
  name: 'ConsecutiveRuns',
  codes: ['DL3059'],
  severity: 'info',
  summary: 'small RUN instructions that follow each other are one',
  page: `Each RUN is a layer, and what a later one deletes stays in the earlier one. Commands that belong together belong
into one RUN, joined by \`&&\` or written as a here-document (\`RUN <<EOF\`).

The other side of it: each RUN is also a step of the cache. What takes long and rarely changes is better off in one of
its own. So it is only said of short ones, with the same mounts, and it is a hint and no more.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN mkdir /srv/app\nRUN chown nobody /srv/app',
      at: [3],
      good: 'FROM debian:trixie\nRUN mkdir /srv/app && chown nobody /srv/app',
    },
  ],
  check: (subject) => {
    const runs = new Map(runsOf(subject).map((run) => [run.at, run]));
    let before: Run | undefined;
    let stage = -1;
    return subject.dockerfile.stages.flatMap(({ index, instructions }) =>
      instructions.flatMap((instruction) => {
        const last = stage === index ? before : undefined;
        stage = index;
        const run = instruction.kind === 'run' ? runs.get(instruction.node) : undefined;
        const previous = last;
        before = run;
        if (!run || !previous || flagsOf(run) !== flagsOf(previous)) return [];
        if (countOf(run) > FEW || countOf(previous) > FEW) return [];
        before = previous;
        return [
          about(instruction, 'the RUN above could do this too', { word: instruction.node.clause.keyword }),
        ];
      }),
    );
  },
};

/** What mounts, network and the like are, whatever their order. */
function flagsOf({ facts: { clause } }: Run): string {
  return clause.flags
    .map(({ text }) => text)
    .sort()
    .join(' ');
}

/** How many commands there are; a test is none. */
function countOf({ commands }: Run): number {
  return commands.filter(({ name }) => name !== '[').length;
}
