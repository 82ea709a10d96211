import { about, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const copyFromOwnStage: Rule = {
  name: 'CopyFromOwnStage',
  codes: ['DL3023'],
  severity: 'error',
  summary: 'a stage does not copy from itself',
  page: `\`COPY --from\` reads what another stage came to at its end; a stage's own end is not there yet, and the build
fails. Within a stage it is \`RUN cp\`, or the file is copied to both places from where it came.`,
  examples: [
    {
      bad: 'FROM debian:trixie AS app\nCOPY --from=app /etc/a /etc/b',
      at: [2],
      good: 'FROM debian:trixie AS app\nRUN cp /etc/a /etc/b',
    },
  ],
  check: (subject) =>
    placed(subject, 'copy').flatMap(({ stage, instruction }) => {
      const { from } = instruction;
      const isOwn =
        from && stage.from.name !== undefined && unquoted(from.text).toLowerCase() === stage.from.name;
      return isOwn ? [about(instruction, `'${from.text}' is this stage itself`, { word: from })] : [];
    }),
};
