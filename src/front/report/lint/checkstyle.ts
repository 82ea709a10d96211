// What was found, as Checkstyle has it.

import type { LintedFile } from '../../../app/index.ts';
import { xmlDocument } from '../xml.ts';
import { byFile, type LintStyle } from './finding.ts';

/** An element a file, also for one without findings. */
export function checkstyle(files: readonly LintedFile[], style: LintStyle): string {
  return xmlDocument({
    name: 'checkstyle',
    attributes: { version: '4.3' },
    children: byFile(files, style).map(({ name, findings }) => ({
      name: 'file',
      attributes: { name },
      children: findings.map(({ line, column, id, message, diagnostic }) => ({
        name: 'error',
        attributes: { line, column, severity: diagnostic.severity, message, source: id },
      })),
    })),
  });
}
