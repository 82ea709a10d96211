import { YUM } from '../../package-installs.ts';
import { rpmVersionsPage, unpinnedRpm } from '../../rpm-pinned.ts';
import type { Rule } from '../../rule.ts';

export const pinYumVersions: Rule = {
  name: 'PinYumVersions',
  codes: ['DL3033'],
  severity: 'warning',
  summary: 'packages of yum are installed in a version that is written down',
  page: rpmVersionsPage('yum'),
  examples: [
    {
      bad: 'FROM centos:7\nRUN yum install -y httpd && yum clean all',
      at: [2],
      good: 'FROM centos:7\nRUN yum install -y httpd-2.4.62 && yum clean all',
    },
  ],
  check: (subject) => unpinnedRpm(subject, YUM),
};
