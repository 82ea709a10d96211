import type { Rule } from '../../rule.ts';
import { aboutPiece, type ScannedRun, scannedRuns } from '../../shell-scan.ts';
import { buildVariables, scriptVariables } from '../../shell-variables.ts';

export const variableNotAssigned: Rule = {
  name: 'VariableNotAssigned',
  codes: ['SC2154'],
  severity: 'warning',
  summary: 'variables in small letters are set before they are used',
  page: `What is set in one RUN is gone in the next, and an ARG from before the first FROM is not there after it: the shell
then sees nothing, and says nothing. Set it in the same RUN, or declare it with ARG or ENV in the stage.

Names in capitals are not reported, for the base image may have them, nor is \`\${name:-default}\`, which says what to
do without.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN version=1.2\nRUN echo "$version" > /version',
      at: [3],
      good: 'FROM debian:trixie\nRUN version=1.2 && echo "$version" > /version',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) => {
      const { run, words } = scanned;
      // What such a script sets is not in sight.
      if (sources(scanned)) return [];
      const known = buildVariables(subject, run);
      const { values } = scriptVariables(scanned);
      const seen = new Set<string>();
      return words.flatMap(({ word }) =>
        word.parts.flatMap((part) => {
          if (part.kind !== 'variable' || !/^[a-z_]\w*$/.test(part.name) || !/[a-z]/.test(part.name))
            return [];
          if (part.operator !== undefined && /^:?[-+=?]$/.test(part.operator)) return [];
          if (seen.has(part.name) || known.has(part.name) || values.has(part.name)) return [];
          seen.add(part.name);
          return [
            aboutPiece(run, part, { message: `'${part.name}' is not set in this RUN, nor by ARG or ENV` }),
          ];
        }),
      );
    }),
};

function sources({ run }: ScannedRun): boolean {
  return run.commands.some(({ name }) => name === '.' || name === 'source' || name === 'eval');
}
