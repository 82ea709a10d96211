import { suggest } from '../../../core/index.ts';
import { buildkitPage, type Rule } from '../rule.ts';

/** Variables among which the one that was meant is looked for; nobody has more, and each costs. */
const MOST_NAMES = 200;

/** Arguments that are addressed to the builder: no variable, and yet known. */
const BUILDER = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

export const undefinedVar: Rule = {
  name: 'UndefinedVar',
  severity: 'warning',
  summary: 'variables are defined before they are used',
  url: buildkitPage('undefined-var'),
  page: `A variable that is not set is empty, without an error: \`COPY src $APP_DIR\` copies to the working directory. What
counts is ENV of the base image and of the stages below, and ENV and ARG of the stage, above the line: on a line of ENV
the new values are not there yet. ARG without a value is enough. Arguments from before the first FROM, and platform
arguments, have to be declared in the stage again.

\`\${NAME:-default}\` is looked at like any other. Commands of RUN, CMD and ENTRYPOINT are not: their variables are the
shell's, and so are EXPOSE's ports. For \`\${NAME:?message}\` without a value the build fails.

Without the base image nothing is said about the stages that stand on it.`,
  examples: [
    {
      bad: 'FROM alpine\nARG APP_DIR=/app\nCOPY src $APPDIR/',
      at: [3],
      good: 'FROM alpine\nARG APP_DIR=/app\nCOPY src $APP_DIR/',
    },
    {
      bad: 'ARG VERSION=1\nFROM alpine\nLABEL version=$VERSION',
      at: [3],
      good: 'ARG VERSION=1\nFROM alpine\nARG VERSION\nLABEL version=$VERSION',
    },
    {
      bad: 'FROM alpine\nENV HOME_DIR=/x BIN_DIR=$HOME_DIR/bin',
      at: [2],
      good: 'FROM alpine\nENV HOME_DIR=/x\nENV BIN_DIR=$HOME_DIR/bin',
    },
  ],
  check: ({ built }) =>
    built
      .filter(({ facts, instruction }) => facts.baseKnown && instruction.kind !== 'expose')
      .flatMap(({ expansions, at, spanOf }) =>
        expansions.flatMap(({ word, expansion, state }) => {
          if (expansion.unset.length === 0) return [];
          const declared = new Set(state.args.map(({ name }) => name));
          const variables = state.environment.variables();
          const names = variables.length > MOST_NAMES ? [] : variables.map(({ name }) => name);
          return expansion.unset
            .filter((name) => !declared.has(name) && !BUILDER.has(name))
            .map((name) => {
              const near = suggest(name, names);
              const meant = near === undefined ? '' : ` (did you mean $${near}?)`;
              return { message: `the variable '$${name}' is not defined${meant}`, span: spanOf(word), at };
            });
        }),
      ),
};
