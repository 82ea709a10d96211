import { type Platform, parsePlatform } from '../../../oci/image/index.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const fromPlatformFlagConstDisallowed: Rule = {
  name: 'FromPlatformFlagConstDisallowed',
  codes: ['DL3029'],
  severity: 'warning',
  summary: 'the platform of FROM is not a constant',
  url: buildkitPage('from-platform-flag-const-disallowed'),
  page: `With a constant the stage is for that one platform, whatever \`--platform\` of the build says. Give the platform
to the build, or use \`$BUILDPLATFORM\`. A stage that is meant to be for one platform only says so in its name
(\`AS build-arm64\`), and nothing is said about it.`,
  examples: [
    {
      bad: 'FROM --platform=linux/amd64 alpine AS base',
      at: [1],
      good: 'FROM alpine AS base',
    },
    {
      bad: 'FROM --platform=linux/arm64 alpine AS tools',
      at: [1],
      good: 'FROM --platform=linux/arm64 alpine AS tools-arm64',
    },
  ],
  check: ({ froms }) =>
    froms.facts.flatMap(({ from, platform }) => {
      if (!platform || !from.platform || platform.used.length + platform.unset.length > 0) return [];
      const parsed = readPlatform(platform.text, froms.hostPlatform);
      const name = from.name ?? '';
      if (!parsed || name.includes(parsed.os) || name.includes(parsed.architecture)) return [];
      const message = `the platform of FROM should not be the constant '${platform.text}'`;
      return [{ message, span: from.platform.span, at: from.node }];
    }),
};

/** Undefined for what is no platform: the build fails with a better word about it. */
function readPlatform(text: string, host: Platform): Platform | undefined {
  try {
    return parsePlatform(text, host);
  } catch {
    return undefined;
  }
}
