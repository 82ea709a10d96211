import { APT, installs } from '../../package-installs.ts';
import { unpinned } from '../../pinned.ts';
import type { Rule } from '../../rule.ts';

export const pinAptVersions: Rule = {
  name: 'PinAptVersions',
  codes: ['DL3008'],
  severity: 'warning',
  summary: 'packages of apt-get are installed in a version that is written down',
  page: `\`apt-get install curl\` takes what the archive holds on the day of the build. \`curl=8.14.*\` takes a version you
know, and fails when it is gone instead of giving another. A star keeps security updates coming.

Debian's and Ubuntu's archives drop a version when the next arrives, so an exact version breaks the build at every
update unless the archive is a snapshot. Who would rather have a digest on FROM, and updates with every build, switches
this rule off with good reason. Files (\`./tool.deb\`) and \`package/release\` count as pinned.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends curl git=1:2.47.*',
      at: [2],
      good: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.* git=1:2.47.*',
    },
  ],
  check: (subject) =>
    installs(subject, APT).flatMap((one) => unpinned(one, (name) => /[=/]|\.deb$/.test(name))),
};
