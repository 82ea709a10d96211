import { APK, installs } from '../../package-installs.ts';
import { unpinned } from '../../pinned.ts';
import type { Rule } from '../../rule.ts';

export const pinApkVersions: Rule = {
  name: 'PinApkVersions',
  codes: ['DL3018'],
  severity: 'warning',
  summary: 'packages of apk are installed in a version that is written down',
  page: `\`apk add curl\` takes what the repository holds on the day of the build. \`curl=8.14.1-r1\` is that one and no
other; \`curl=~8.14\` any of its line, which is mostly what is wanted: Alpine's repositories keep only the newest
revision, and an exact one is gone with the next fix. A release of Alpine in FROM (\`alpine:3.22\`) already keeps the
line of every package.`,
  examples: [
    {
      bad: 'FROM alpine:3.22\nRUN apk add --no-cache curl',
      at: [2],
      good: 'FROM alpine:3.22\nRUN apk add --no-cache curl=~8.14',
    },
  ],
  check: (subject) =>
    installs(subject, APK).flatMap((one) => unpinned(one, (name) => /[=~<>]|\.apk$/.test(name))),
};
