// How many vulnerabilities, how bad, and how many of them can be mended.

import type { Apart, Finding } from './match.ts';
import { SEVERITIES, type Severity } from './severity.ts';

/** Vulnerabilities of a severity. */
export interface SeverityCount {
  readonly all: number;
  /** Of which a newer version of all packages that have them is without them. */
  readonly fixable: number;
}

/** Vulnerabilities of an image, each counted once however many packages have it. */
export interface VulnerabilityCounts extends SeverityCount {
  readonly bySeverity: Readonly<Record<Severity, SeverityCount>>;
  /** What is not in the figures above. */
  readonly apart: Readonly<Record<Apart, number>>;
}

/** Counts. */
export function countFindings(findings: readonly Finding[]): VulnerabilityCounts {
  const counted = new Map<string, { severity: Severity; fixable: boolean }>();
  const apart = { unimportant: new Set<string>(), headers: new Set<string>() };
  for (const { id, severity, fixed, apart: why } of findings) {
    if (why) {
      apart[why].add(id);
      continue;
    }
    const known = counted.get(id);
    counted.set(id, {
      severity: known ? worse(known.severity, severity) : severity,
      fixable: fixed !== undefined && (known?.fixable ?? true),
    });
  }
  const values = [...counted.values()];
  const count = (some: typeof values) => ({
    all: some.length,
    fixable: some.filter(({ fixable }) => fixable).length,
  });
  const uncounted = (ids: ReadonlySet<string>) => [...ids].filter((id) => !counted.has(id)).length;
  return {
    ...count(values),
    bySeverity: Object.fromEntries(
      SEVERITIES.map((one) => [one, count(values.filter(({ severity }) => severity === one))]),
    ) as Record<Severity, SeverityCount>,
    apart: { unimportant: uncounted(apart.unimportant), headers: uncounted(apart.headers) },
  };
}

/** Unknown is no severity: any other says more. */
function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b) ? a : b;
}
