// What was found, as JSON; or as the JSON of hadolint.

import type { LintedFile } from '../../../app/index.ts';
import type { Fix } from '../../../core/index.ts';
import { findingsOf, type LintFinding, type LintStyle } from './finding.ts';

/** All of it. */
export function json(files: readonly LintedFile[], style: LintStyle): string {
  const all = findingsOf(files, style);
  if (style.hadolint) {
    return `${JSON.stringify(
      all.map(({ file, line, column, id, message, diagnostic }) => ({
        code: id,
        column,
        file,
        level: diagnostic.severity,
        line,
        message,
      })),
    )}\n`;
  }
  const document = {
    files: files.map(({ name, missingImages }) => ({ file: style.shownPath ?? name, missingImages })),
    findings: all.map(findingJson),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function findingJson({ file, line, column, endLine, endColumn, message, diagnostic }: LintFinding) {
  const { rule, codes = [], severity, summary, url, fix, cost } = diagnostic;
  return {
    file,
    line,
    column,
    endLine,
    endColumn,
    instruction: { first: diagnostic.lines.first, last: diagnostic.lines.last },
    severity,
    rule,
    codes,
    message,
    summary,
    ...(url === undefined ? {} : { url }),
    ...(cost ? { cost } : {}),
    ...(fix ? { fix: fixJson(fix) } : {}),
  };
}

function fixJson({ title, fixClass = 'safe', edits, addedLines }: Fix) {
  return { title, class: fixClass, edits, ...(addedLines ? { addedLines } : {}) };
}
