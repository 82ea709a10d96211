import { execFormFix } from '../../exec-form.ts';
import { about, placed } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const execForm: Rule = {
  name: 'ExecForm',
  codes: ['DL3025'],
  severity: 'warning',
  overlaps: 'JSONArgsRecommended',
  summary: 'CMD, ENTRYPOINT and the command of HEALTHCHECK are JSON arrays',
  page: `The same as JSONArgsRecommended, but for HEALTHCHECK too, and whether or not there is a SHELL, as hadolint has it:
looked at with \`--compat hadolint\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nHEALTHCHECK CMD curl -f http://localhost\nCMD serve',
      at: [2, 3],
      good: 'FROM debian:trixie\nHEALTHCHECK CMD ["curl", "-f", "http://localhost"]\nCMD ["serve"]',
    },
  ],
  check: (subject) =>
    placed(subject, 'cmd', 'entrypoint', 'healthcheck').flatMap(({ instruction }) =>
      instruction.command?.form === 'shell'
        ? [
            about(instruction, `the command of ${instruction.kind.toUpperCase()} should be a JSON array`, {
              fix: execFormFix(instruction.command),
            }),
          ]
        : [],
    ),
};
