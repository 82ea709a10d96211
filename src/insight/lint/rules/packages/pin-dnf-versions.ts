import { DNF } from '../../package-installs.ts';
import { rpmVersionsPage, unpinnedRpm } from '../../rpm-pinned.ts';
import type { Rule } from '../../rule.ts';

export const pinDnfVersions: Rule = {
  name: 'PinDnfVersions',
  codes: ['DL3041'],
  severity: 'warning',
  summary: 'packages of dnf are installed in a version that is written down',
  page: rpmVersionsPage('dnf'),
  examples: [
    {
      bad: 'FROM fedora:42\nRUN dnf install -y httpd && dnf clean all',
      at: [2],
      good: 'FROM fedora:42\nRUN dnf install -y httpd-2.4.62 && dnf clean all',
    },
  ],
  check: (subject) => unpinnedRpm(subject, DNF),
};
