import { unsafeFix } from '../../fix.ts';
import { about } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { scannedRuns } from '../../shell-scan.ts';
import { buildVariables, scriptVariables } from '../../shell-variables.ts';

export const globalArgInStage: Rule = {
  name: 'GlobalArgInStage',
  severity: 'warning',
  summary: 'an ARG from before FROM is declared again in the stage that uses it',
  page: `ARG above the first FROM is for FROM lines alone. In a stage the name is unknown: RUN sees an empty value and says
nothing. \`ARG VERSION\` in the stage, without a value, brings the one from above in. (UndefinedVar says the same of the
other instructions.)`,
  examples: [
    {
      bad: 'ARG VERSION=1.2\nFROM debian:trixie\nRUN fetch app-$VERSION',
      at: [3],
      good: 'ARG VERSION=1.2\nFROM debian:trixie\nARG VERSION\nRUN fetch app-$VERSION',
    },
  ],
  check: (subject) => {
    const global = new Set(
      subject.dockerfile.globalArgs.flatMap(({ args }) => args.map(({ name }) => name.text)),
    );
    if (global.size === 0) return [];
    return scannedRuns(subject).flatMap((scanned) => {
      const { run, words } = scanned;
      if (run.onbuild) return [];
      const known = buildVariables(subject, run);
      const { values } = scriptVariables(scanned);
      const base = subject.stages.find(({ stage }) => stage.index === run.stage.index)?.trace[0]?.before
        .environment;
      const parts = words.flatMap(({ word }) => word.parts);
      const part = parts.find(
        (one) =>
          one.kind === 'variable' &&
          global.has(one.name) &&
          !known.has(one.name) &&
          !values.has(one.name) &&
          base?.get(one.name) === undefined,
      );
      if (part?.kind !== 'variable') return [];
      const { start } = run.at;
      const fix = unsafeFix(`add ARG ${part.name}`, [{ start, end: start, text: `ARG ${part.name}\n` }]);
      return [
        about(
          { node: run.at, span: run.facts.spanOf(part) },
          `the ARG '${part.name}' from before FROM is not known in the stage`,
          { fix },
        ),
      ];
    });
  },
};
