// What was found, as issues of Code Climate.

import type { LintedFile } from '../../../app/index.ts';
import type { Severity } from '../../../core/index.ts';
import { findingsOf, fingerprint, type LintFinding, type LintStyle } from './finding.ts';

const IMPACTS: Readonly<Record<Severity, string>> = {
  error: 'blocker',
  warning: 'major',
  info: 'info',
  style: 'minor',
};

function issueOf(finding: LintFinding) {
  return {
    type: 'issue',
    check_name: finding.id,
    description: finding.message,
    categories: ['Bug Risk'],
    location: { path: finding.file, lines: { begin: finding.line, end: finding.endLine } },
    severity: IMPACTS[finding.diagnostic.severity],
    fingerprint: fingerprint(finding),
  };
}

/** One document a finding, each ended by a zero byte, as engines of Code Climate write them. */
export function codeclimate(files: readonly LintedFile[], style: LintStyle): string {
  return findingsOf(files, style)
    .map((finding) => `${JSON.stringify(issueOf(finding))}\0`)
    .join('');
}

/** GitLab wants a list. */
export function gitlabCodeclimate(files: readonly LintedFile[], style: LintStyle): string {
  return `${JSON.stringify(findingsOf(files, style).map(issueOf), undefined, 2)}\n`;
}
