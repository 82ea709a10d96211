import { installs } from '../../package-installs.ts';
import { unpinned } from '../../pinned.ts';
import type { Rule } from '../../rule.ts';
import { hasArgument } from '../../run-commands.ts';

const GEM = {
  programs: ['gem'],
  verbs: ['install', 'i'],
  valued: [
    'v',
    'version',
    'i',
    'install-dir',
    'n',
    'bindir',
    'P',
    'trust-policy',
    's',
    'source',
    'p',
    'http-proxy',
    'platform',
    'document',
    'g',
    'file',
    'without',
  ],
} as const;

export const pinGemVersions: Rule = {
  name: 'PinGemVersions',
  codes: ['DL3028'],
  severity: 'warning',
  summary: 'gems are installed in a version that is written down',
  page: `\`gem install rake\` takes the newest release of the day. Write \`rake:13.3.0\`, or \`rake -v 13.3.0\` for a single one;
for what an application needs, a \`Gemfile.lock\` and \`bundle install\`. What stands behind \`--\` is for the compiler.`,
  examples: [
    {
      bad: 'FROM ruby:3.4\nRUN gem install rake',
      at: [2],
      good: 'FROM ruby:3.4\nRUN gem install rake:13.3.0',
    },
  ],
  check: (subject) =>
    installs(subject, GEM).flatMap((one) => {
      const { command, packages } = one;
      const hasVersion =
        hasArgument(command, '-v', '--version') ||
        command.args.some(({ text }) => text.startsWith('--version='));
      if (hasVersion) return [];
      const end = command.args.find(({ text }) => text === '--')?.at ?? Number.POSITIVE_INFINITY;
      return unpinned({ ...one, packages: packages.filter(({ at }) => at < end) }, (name) =>
        name.includes(':'),
      );
    }),
};
