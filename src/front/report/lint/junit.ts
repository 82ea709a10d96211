// What was found, as failed tests.

import type { LintedFile } from '../../../app/index.ts';
import { xmlDocument } from '../xml.ts';
import { byFile, type LintStyle } from './finding.ts';

/** A suite a file; one without findings is a test that passed. */
export function junit(files: readonly LintedFile[], style: LintStyle): string {
  const suites = byFile(files, style);
  const failures = suites.reduce((sum, { findings }) => sum + findings.length, 0);
  const tests = suites.reduce((sum, { findings }) => sum + Math.max(1, findings.length), 0);
  return xmlDocument({
    name: 'testsuites',
    attributes: { name: 'mille lint', tests, failures },
    children: suites.map(({ name, findings }) => ({
      name: 'testsuite',
      attributes: { name, tests: Math.max(1, findings.length), failures: findings.length },
      children:
        findings.length === 0
          ? [{ name: 'testcase', attributes: { name, classname: 'mille lint' } }]
          : findings.map(({ line, column, id, message, diagnostic }) => ({
              name: 'testcase',
              attributes: { name: `${id} at ${name}:${line}:${column}`, classname: id, file: name, line },
              children: [
                {
                  name: 'failure',
                  attributes: { type: diagnostic.severity, message },
                  text: `${name}:${line}:${column}: ${diagnostic.severity}: ${message}`,
                },
              ],
            })),
    })),
  });
}
