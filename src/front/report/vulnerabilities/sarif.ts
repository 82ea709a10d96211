// The same for code hosts: a result for each vulnerability of a package, at the line of the Dockerfile that brought it.

import type { Finding, VulnerabilitiesResult } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { type SarifLevel, sarifDocument } from '../sarif.ts';

const LEVELS: Readonly<Record<string, SarifLevel>> = {
  ...{
    critical: 'error',
    high: 'error',
    medium: 'warning',
    low: 'note',
    negligible: 'note',
    unknown: 'note',
  },
};

/** SARIF 2.1.0. */
export function vulnerabilitiesSarif({ layers }: VulnerabilitiesResult, shown: readonly Finding[]): string {
  const rules = new Map(
    shown.map(({ id, summary, severity }) => [
      id,
      {
        ...{ id, summary: summary === undefined ? id : oneLine(summary) },
        url: `https://osv.dev/vulnerability/${encodeURIComponent(id)}`,
        tags: ['security', severity],
      },
    ]),
  );
  return sarifDocument({
    rules: [...rules.values()],
    results: shown.map(({ id, name, version, severity, fixed, packages }) => {
      const source = layers[packages[0]!.layer]?.source;
      const fix = fixed === undefined ? 'no fix is known' : `fixed in ${oneLine(fixed)}`;
      return {
        ruleId: id,
        level: LEVELS[severity]!,
        message: `${oneLine(name)} ${oneLine(version)} has ${oneLine(id)} (${severity}): ${fix}`,
        ...(source ? { file: source.file, region: { startLine: source.line } } : {}),
        fingerprint: `${id} ${name}`,
      };
    }),
  });
}
