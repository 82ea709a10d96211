// What was found, in the lines of hadolint.

import type { LintedFile } from '../../../app/index.ts';
import { positionAt } from '../../../core/index.ts';
import { findingsOf, type LintStyle } from './finding.ts';
import { lines } from './lines.ts';

/** One line a finding, as hadolint writes it. */
export function hadolintLines(files: readonly LintedFile[], style: LintStyle): string {
  return lines(
    findingsOf(files, style).map(({ file, line, id, message, diagnostic }) =>
      // What cannot be read has its column, and no code.
      diagnostic.codes?.[0] === 'DL1000'
        ? `${file}:${line}:${positionAt(diagnostic.span.source, diagnostic.span.start).column} ${message}`
        : `${file}:${line} ${id} ${diagnostic.severity}: ${message}`,
    ),
  );
}
