import { installs, YUM } from '../../package-installs.ts';
import { unpinned } from '../../pinned.ts';
import { declaredNames, isRpmVersion } from '../../rpm-version.ts';
import type { Rule } from '../../rule.ts';

export const pinYumVersions: Rule = {
  name: 'PinYumVersions',
  codes: ['DL3033'],
  severity: 'warning',
  summary: 'packages of yum are installed in a version that is written down',
  page: `\`yum install httpd\` takes what the repositories hold on the day of the build; \`httpd-2.4.62\` takes what you
have tested. Of a module it is the stream that counts: \`nodejs:22\`. Files (\`tool.rpm\`) are what they are, and a
version may come from ARG or ENV.`,
  examples: [
    {
      bad: 'FROM centos:7\nRUN yum install -y httpd && yum clean all',
      at: [2],
      good: 'FROM centos:7\nRUN yum install -y httpd-2.4.62 && yum clean all',
    },
  ],
  check: (subject) => {
    const variables = declaredNames(subject);
    return installs(subject, YUM).flatMap((one) => {
      const words = one.packages;
      const isModule = words.some(({ text }) => text === 'module');
      if (isModule) {
        const modules = words.filter(({ text }) => text !== 'module');
        return unpinned({ ...one, packages: modules }, (name) => name.includes(':'));
      }
      if (words.some(({ text }) => text === 'group')) return [];
      return unpinned(one, (name) => isRpmVersion(name, variables));
    });
  },
};
