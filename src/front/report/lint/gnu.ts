// What was found, in the lines of compilers.

import type { LintedFile } from '../../../app/index.ts';
import { findingsOf, type LintStyle } from './finding.ts';
import { lines } from './lines.ts';

/** What editors and compilers' users know. */
export function gnu(files: readonly LintedFile[], style: LintStyle): string {
  return lines(
    findingsOf(files, style).map(({ file, line, column, id, message, diagnostic: { severity } }) =>
      style.hadolint
        ? `hadolint:${file}:${line}: ${id} ${severity}: ${message}`
        : `${file}:${line}:${column}: ${severity}: ${message} [${id}]`,
    ),
  );
}
