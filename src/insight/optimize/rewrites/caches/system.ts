// Caches of the package managers of distributions.

import { appendCommand, type Command, flagNames, hasArgument } from '../../../lint/index.ts';
import { type Cache, flagged, removal } from './clean-cache.ts';

const APT_PROGRAMS = ['apt', 'apt-get', 'aptitude'];
const LISTS = 'var/lib/apt/lists';

/** Whether a command is one of apt's. */
export function isApt({ name }: Command): boolean {
  return APT_PROGRAMS.includes(name);
}

export const APT: Cache = {
  name: 'clean-apt',
  what: "apt's lists of packages, and archives",
  page: `\`apt-get update\` fetches the lists of all packages there are, some 20 to 50 MB, into \`/var/lib/apt/lists\`; after the
installation they are of no use. Archives that were unpacked may lie below \`/var/cache/apt\`. They have to go in the same
RUN: what a later one deletes is only hidden. As long as a RUN below installs without fetching the lists itself, they stay.`,
  examples: [
    {
      before: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y curl\n',
      after:
        'FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
      steps: { 2: { layer: { 'var/lib/apt/lists/mirror.example_main_Packages.lz4': 19_000_000 } } },
    },
    {
      before: 'FROM debian:trixie\nRUN apt-get update \\\n && apt-get install -y curl\n',
      after:
        'FROM debian:trixie\nRUN apt-get update \\\n && apt-get install -y curl \\\n && apt-get clean && rm -rf /var/lib/apt/lists/*\n',
      steps: {
        2: {
          layer: {
            'var/lib/apt/lists/mirror.example_main_Packages.lz4': 19_000_000,
            'var/cache/apt/archives/curl_8.deb': 300_000,
          },
        },
      },
    },
  ],
  fills: isApt,
  left: /^var\/(?:lib\/apt\/lists|cache\/apt)(?=\/|$)/,
  neededBy: (command) =>
    isApt(command) && !command.run.commands.some((one) => isApt(one) && hasArgument(one, 'update')),
  usual: { directories: [LISTS], by: (command) => hasArgument(command, 'update') },
  isClean: (command, directory) =>
    isApt(command) &&
    hasArgument(command, 'distclean', 'dist-clean', ...(directory === LISTS ? [] : ['clean'])),
  remedy: ({ last, left: { directories } }) => {
    const lists = directories.includes(LISTS) ? [removal([LISTS], '/*')] : [];
    const archives = directories.some((one) => one !== LISTS) ? ['apt-get clean'] : [];
    return appendCommand(last, [...archives, ...lists].join(' && '));
  },
};

export const APK: Cache = {
  name: 'clean-apk',
  what: "apk's index",
  page: `With \`--no-cache\` apk fetches the index, uses it and forgets it. Otherwise the layer keeps it, and nobody uses it again.`,
  examples: [
    {
      before: 'FROM alpine:3.22\nRUN apk update && apk add curl\n',
      after: 'FROM alpine:3.22\nRUN apk update && apk add curl && rm -rf /var/cache/apk/*\n',
      steps: { 2: { layer: { 'var/cache/apk/APKINDEX.066df28d.tar.gz': 2_000_000 } } },
    },
    {
      before: 'FROM alpine:3.22\nRUN apk add curl\n',
      after: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
      steps: { 2: { layer: { 'var/cache/apk/APKINDEX.066df28d.tar.gz': 2_000_000 } } },
    },
  ],
  fills: ({ name }) => name === 'apk',
  left: /^(?:var|etc)\/cache\/apk(?=\/|$)|^etc\/apk\/cache(?=\/|$)/,
  usual: {
    directories: ['var/cache/apk'],
    by: (command) =>
      !flagNames(command).includes('no-cache') &&
      (hasArgument(command, 'update') ||
        flagNames(command).some((flag) => flag === 'update' || flag === 'U')),
  },
  neededBy: (command) =>
    command.name === 'apk' &&
    hasArgument(command, 'add') &&
    flagNames(command).some((flag) => flag === 'no-network'),
  remedy: ({ commands, last, left }) => {
    // What `apk update` fetched stays, whatever `add` is told.
    if (commands.some((one) => !hasArgument(one, 'add')))
      return appendCommand(last, removal(left.directories, '/*'));
    const adds = commands.filter((one) => !flagNames(one).includes('no-cache'));
    return flagged(
      adds.map(({ args }) => args.find(({ text }) => text === 'add')),
      '--no-cache',
    );
  },
};

const RPM = (
  programs: readonly string[],
  left: RegExp,
  { clean, usual }: { readonly clean: string; readonly usual: string },
) => ({
  usual: {
    directories: [usual],
    by: (command: Command) => hasArgument(command, 'install', 'update', 'upgrade'),
  },
  fills: ({ name }: Command) => programs.includes(name),
  left,
  isClean: (command: Command) => programs.includes(command.name) && hasArgument(command, 'clean', 'cc'),
  remedy: ({ last }: { readonly last: Command }) => appendCommand(last, `${last.word.text} ${clean}`),
});

export const DNF: Cache = {
  name: 'clean-dnf',
  what: 'metadata and packages that dnf fetched',
  page: `Behind an installation dnf leaves metadata, and microdnf the packages too, below \`/var/cache/dnf\` or, from dnf5 on,
\`/var/cache/libdnf5\`.`,
  examples: [
    {
      before: 'FROM fedora:42\nRUN dnf install -y httpd\n',
      after: 'FROM fedora:42\nRUN dnf install -y httpd && dnf clean all\n',
      steps: { 2: { layer: { 'var/cache/libdnf5/fedora.solv': 40_000_000 } } },
    },
  ],
  ...RPM(['dnf', 'dnf5', 'microdnf'], /^(?:var\/cache|.*\/\.cache)\/(?:dnf|libdnf5|yum)(?=\/|$)/, {
    clean: 'clean all',
    usual: 'var/cache/dnf',
  }),
};

export const YUM: Cache = {
  name: 'clean-yum',
  what: 'metadata and packages that yum fetched',
  page: 'Behind an installation yum leaves its metadata and often the packages themselves below `/var/cache/yum`.',
  examples: [
    {
      before: 'FROM centos:7\nRUN yum install -y httpd\n',
      after: 'FROM centos:7\nRUN yum install -y httpd && yum clean all\n',
      steps: { 2: { layer: { 'var/cache/yum/x86_64/7/base/primary.sqlite': 30_000_000 } } },
    },
  ],
  ...RPM(['yum'], /^var\/cache\/(?:yum|dnf|libdnf5)(?=\/|$)/, { clean: 'clean all', usual: 'var/cache/yum' }),
};

export const ZYPPER: Cache = {
  name: 'clean-zypper',
  what: 'metadata and packages that zypper fetched',
  page: 'Behind an installation zypper leaves metadata and packages below `/var/cache/zypp`.',
  examples: [
    {
      before: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl\n',
      after: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl && zypper clean --all\n',
      steps: { 2: { layer: { 'var/cache/zypp/raw/repo/primary.xml.gz': 9_000_000 } } },
    },
  ],
  ...RPM(['zypper'], /^var\/cache\/zypp(?=\/|$)/, { clean: 'clean --all', usual: 'var/cache/zypp' }),
};
