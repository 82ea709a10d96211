import type { Fix } from '../../../core/index.ts';
import { buildkitPage, type Finding, type Rule } from '../rule.ts';
import type { BuiltInstruction } from '../subject.ts';

/** What hadolint calls it. */
const CODES = new Map([
  ['cmd', 'DL4003'],
  ['entrypoint', 'DL4004'],
  ['healthcheck', 'DL3012'],
]);

export const multipleInstructionsDisallowed: Rule = {
  name: 'MultipleInstructionsDisallowed',
  codes: [...CODES.values()],
  severity: 'warning',
  summary: 'a stage has at most one CMD, one ENTRYPOINT and one HEALTHCHECK',
  url: buildkitPage('multiple-instructions-disallowed'),
  page: `Each of them replaces the one before, so that only the last counts. It is the earlier ones that are reported.
A stage may well replace what the stage or image below it has.`,
  examples: [
    {
      bad: 'FROM alpine\nCMD ["debug"]\nENTRYPOINT ["app"]\nCMD ["serve"]',
      at: [2],
      good: 'FROM alpine\nENTRYPOINT ["app"]\nCMD ["serve"]',
    },
  ],
  check: ({ built }) => {
    const last = new Map<string, BuiltInstruction>();
    const findings: Finding[] = [];
    for (const one of built) {
      const { kind } = one.instruction;
      const code = CODES.get(kind);
      if (code === undefined) continue;
      const key = `${one.facts.stage.index} ${kind}`;
      const earlier = last.get(key);
      last.set(key, one);
      if (!earlier) continue;
      findings.push({
        message: `another ${kind.toUpperCase()} below takes the place of this one`,
        span: earlier.spanOf(earlier.instruction),
        at: earlier.at,
        codes: [code],
        ...removed(earlier),
      });
    }
    return findings;
  },
};

/** Without the line; one that a base image brought stays. */
function removed({ planned, at: { start, end } }: BuiltInstruction): { readonly fix?: Fix } {
  if (planned.trigger) return {};
  return { fix: { title: 'remove it', edits: [{ start, end, text: '' }] } };
}
