// What was found, as annotations.

import type { LintedFile } from '../../../app/index.ts';
import { findingsOf, type LintStyle } from './finding.ts';
import { lines } from './lines.ts';

/** Commands of the workflow log of GitHub Actions, which become annotations. */
export function github(files: readonly LintedFile[], style: LintStyle): string {
  const text = (value: string) => value.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  const property = (value: string) => text(value).replace(/:/g, '%3A').replace(/,/g, '%2C');
  const levels = { error: 'error', warning: 'warning', info: 'notice', style: 'notice' } as const;
  return lines(
    findingsOf(files, style).map(({ file, line, column, endLine, endColumn, id, message, diagnostic }) => {
      // Columns are for annotations of one line only.
      const columns = line === endLine ? `,col=${column},endColumn=${endColumn}` : '';
      const place = `file=${property(file)},line=${line},endLine=${endLine}${columns}`;
      return `::${levels[diagnostic.severity]} ${place},title=${property(id)}::${text(message)}`;
    }),
  );
}
