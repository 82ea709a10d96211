// What was found, for Codacy.

import type { LintedFile } from '../../../app/index.ts';
import { findingsOf, type LintStyle } from './finding.ts';
import { lines } from './lines.ts';

/** A document a finding, each on a line. */
export function codacy(files: readonly LintedFile[], style: LintStyle): string {
  return lines(
    findingsOf(files, style).map(({ file, line, id, message }) =>
      JSON.stringify({ filename: file, patternId: id, message, line }),
    ),
  );
}
