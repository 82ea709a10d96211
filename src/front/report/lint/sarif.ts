// What was found, as SARIF, for code scanning.

import type { LintedFile } from '../../../app/index.ts';
import { type Diagnostic, positionAt, type Severity, type TextEdit } from '../../../core/index.ts';
import { type SarifLevel, type SarifRule, sarifDocument } from '../sarif.ts';
import { findingsOf, fingerprint, type LintFinding, type LintStyle } from './finding.ts';

const LEVELS: Readonly<Record<Severity, SarifLevel>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  style: 'note',
};

/** The document, with the rules that something was found of. */
export function sarif(files: readonly LintedFile[], style: LintStyle): string {
  const all = findingsOf(files, style);
  const rules = new Map<string, SarifRule>();
  for (const { id, diagnostic } of all) {
    const { codes = [], summary, url, rule } = diagnostic;
    const tags = [rule, ...codes].filter((name) => name !== id);
    rules.set(id, { id, summary, ...(url === undefined ? {} : { url }), tags });
  }
  return sarifDocument({
    rules: [...rules.values()],
    results: all.map((finding) => ({
      ruleId: finding.id,
      level: LEVELS[finding.diagnostic.severity],
      message: finding.message,
      file: finding.file,
      region: regionOf(finding),
      fingerprint: fingerprint(finding),
      ...sarifFix(finding.diagnostic),
    })),
  });
}

function regionOf({ line, column, endLine, endColumn }: Omit<LintFinding, 'diagnostic'>) {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function sarifFix({ fix, span: { source } }: Diagnostic) {
  if (!fix) return {};
  const replacement = ({ start, end, text }: TextEdit) => {
    const from = positionAt(source, start);
    const to = positionAt(source, end);
    const region = {
      startLine: from.line,
      startColumn: from.column,
      endLine: to.line,
      endColumn: to.column,
    };
    return { region, text };
  };
  return { fix: { title: fix.title, replacements: fix.edits.map(replacement) } };
}
