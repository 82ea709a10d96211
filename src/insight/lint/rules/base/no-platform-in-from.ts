import { about } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const noPlatformInFrom: Rule = {
  name: 'NoPlatformInFrom',
  codes: ['DL3029'],
  severity: 'warning',
  overlaps: 'FromPlatformFlagConstDisallowed',
  summary: 'FROM leaves the platform to the build',
  page: `\`--platform\` of FROM ties the stage to one kind of machine whatever the build is asked for. The build has a flag of
its own for it. Only \`$BUILDPLATFORM\` and \`$TARGETPLATFORM\` follow the build, and are not reported. The stricter sister
of FromPlatformFlagConstDisallowed, as hadolint has it: looked at with \`--compat hadolint\`.`,
  examples: [
    {
      bad: 'FROM --platform=linux/amd64 debian:trixie',
      at: [1],
      good: 'FROM debian:trixie',
    },
  ],
  check: ({ dockerfile: { stages } }) =>
    stages.flatMap(({ from }) =>
      from.platform && !/BUILDPLATFORM|TARGETPLATFORM/.test(from.platform.text)
        ? [about(from, `the platform is fixed to ${from.platform.text}`, { word: from.platform })]
        : [],
    ),
};
