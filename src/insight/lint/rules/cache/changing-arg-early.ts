import { about } from '../../placed.ts';
import type { Finding, Rule } from '../../rule.ts';
import { type Run, runsOf } from '../../run-commands.ts';

/** Names of what is another with every build. */
const CHANGING =
  /^(.*_)?(BUILD_(DATE|TIME|TIMESTAMP|NUMBER|ID)|DATE|TIMESTAMP|COMMIT(_(SHA|HASH|ID|REF))?|(GIT|VCS)_(SHA|HASH|REF|REV|REVISION|COMMIT)|REVISION)$/i;

export const changingArgEarly: Rule = {
  name: 'ChangingArgEarly',
  severity: 'info',
  summary: 'what changes with every build is declared below what takes long',
  page: `An ARG is in the environment of every RUN below it, whether that uses it or not, so another value runs all of them
again. A commit or a date is another one at every build: declared at the top it makes the cache useless for the whole
stage. Declare it right above the line that uses it, mostly a LABEL at the end.

Told by the name: \`GIT_SHA\`, \`VCS_REF\`, \`BUILD_DATE\`, \`COMMIT\`, \`REVISION\` and their kin.`,
  examples: [
    {
      bad: 'FROM node:24\nARG GIT_SHA\nCOPY package.json package-lock.json ./\nRUN npm ci\nLABEL revision=$GIT_SHA',
      at: [2],
      good: 'FROM node:24\nCOPY package.json package-lock.json ./\nRUN npm ci\nARG GIT_SHA\nLABEL revision=$GIT_SHA',
    },
  ],
  check: (subject) => {
    const runs = runsOf(subject);
    return subject.dockerfile.stages.flatMap((stage) =>
      stage.instructions.flatMap((instruction): readonly Finding[] => {
        if (instruction.kind !== 'arg') return [];
        return instruction.args.flatMap(({ name }) => {
          if (!CHANGING.test(name.text)) return [];
          const below = runs.filter((run) => run.stage === stage && run.at.start > instruction.node.start);
          // From the first that uses it on it has to be there.
          const [first] = below;
          if (!first || uses(first, name.text)) return [];
          const message = `another '${name.text}' runs line ${first.at.line} again, which does not use it`;
          return [about(instruction, message, { word: name })];
        });
      }),
    );
  },
};

function uses({ facts, onbuild }: Run, name: string): boolean {
  return onbuild || facts.line.text.includes(name);
}
