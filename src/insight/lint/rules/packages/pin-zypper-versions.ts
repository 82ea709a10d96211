import { installs, ZYPPER } from '../../package-installs.ts';
import { unpinned } from '../../pinned.ts';
import type { Rule } from '../../rule.ts';

export const pinZypperVersions: Rule = {
  name: 'PinZypperVersions',
  codes: ['DL3037'],
  severity: 'warning',
  summary: 'packages of zypper are installed in a version that is written down',
  page: `\`zypper install curl\` takes what the repositories hold on the day of the build; \`curl=8.6.0\`, or a bound such as
\`'curl>=8.6'\`, takes what you have tested. Files (\`tool.rpm\`) are what they are.`,
  examples: [
    {
      bad: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl && zypper clean',
      at: [2],
      good: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl=8.6.0 && zypper clean',
    },
  ],
  check: (subject) =>
    installs(subject, ZYPPER).flatMap((one) => unpinned(one, (name) => /[=<>]|\.rpm$/.test(name))),
};
