import { insertFlag } from '../../command-fix.ts';
import { APK, hasAny, installs } from '../../package-installs.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, hasMount } from '../../run-commands.ts';

export const apkNoCache: Rule = {
  name: 'ApkNoCache',
  codes: ['DL3019'],
  severity: 'info',
  summary: 'apk add does not keep its index',
  page: `With \`--no-cache\` apk fetches the index, uses it and forgets it. Otherwise the layer keeps it under
\`/var/cache/apk\`, and nobody uses it again. A cache mount there is as good.`,
  examples: [
    {
      bad: 'FROM alpine:3.22\nRUN apk add curl=~8.14',
      at: [2],
      good: 'FROM alpine:3.22\nRUN apk add --no-cache curl=~8.14',
    },
  ],
  check: (subject) =>
    installs(subject, APK).flatMap(({ run, command, verb }) => {
      if (hasAny(command, ['no-cache', 'no-network']) || hasMount(run, '/var/cache/apk')) return [];
      return [
        aboutWords(
          run,
          'the index of apk stays in the layer',
          [command.word, verb],
          insertFlag(verb, '--no-cache'),
        ),
      ];
    }),
};
