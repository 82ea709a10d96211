// What was found, for SonarQube.

import type { LintedFile } from '../../../app/index.ts';
import { findingsOf, type LintStyle } from './finding.ts';

/** Generic issues of SonarQube. */
export function sonarqube(files: readonly LintedFile[], style: LintStyle): string {
  const severities = { error: 'CRITICAL', warning: 'MAJOR', info: 'MINOR', style: 'INFO' } as const;
  const issues = findingsOf(files, style).map(({ file, line, endLine, id, message, diagnostic }) => ({
    engineId: 'mille',
    ruleId: id,
    severity: severities[diagnostic.severity],
    type: diagnostic.severity === 'error' ? 'BUG' : 'CODE_SMELL',
    primaryLocation: { message, filePath: file, textRange: { startLine: line, endLine } },
  }));
  return `${JSON.stringify({ issues }, undefined, 2)}\n`;
}
