// How bad a vulnerability is. What the distribution or the database itself says comes first, since it knows the package as
// it was built; then scores, the newest kind first.

import { CVSS20, CVSS30, CVSS31, CVSS40 } from '@pandatix/js-cvss';
import type { Advisory } from './advisory.ts';

/** From the worst. `negligible`: the distribution holds it for unimportant. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;

/** One of `SEVERITIES`. */
export type Severity = (typeof SEVERITIES)[number];

/** How bad, and who says so. */
export interface Rating {
  readonly severity: Severity;
  /** Of CVSS, where there is a vector. */
  readonly score?: number;
  /** The record that says so. */
  readonly by?: string;
}

const WORDS: Readonly<Record<string, Severity>> = {
  ...{ critical: 'critical', high: 'high', important: 'high', medium: 'medium', moderate: 'medium' },
  ...{ low: 'low', minor: 'low', negligible: 'negligible', unimportant: 'negligible' },
};

/** Says how bad it is what some records agree to be one vulnerability. */
export function rate(advisories: readonly Advisory[]): Rating {
  const best = bestScore(advisories);
  const score = best ? { score: best.score } : {};
  if (advisories.some(({ id }) => id.startsWith('MAL-')))
    return { severity: 'critical', ...score, by: advisories.find(({ id }) => id.startsWith('MAL-'))!.id };
  for (const { id, word, scores } of advisories) {
    const own = severityOfWord(word ?? scores.find(([type]) => type === 'Ubuntu')?.[1]);
    if (own) return { severity: own, ...score, by: id };
  }
  if (!best) return { severity: 'unknown' };
  return { severity: severityOfScore(best.score, best.kind), score: best.score, by: best.by };
}

/** What a database's word means; undefined where it says that it does not know yet. */
function severityOfWord(word: string | undefined): Severity | undefined {
  const plain = word?.toLowerCase().replace(/\*+$/, '') ?? '';
  return Object.hasOwn(WORDS, plain) ? WORDS[plain] : undefined;
}

const KINDS = ['CVSS_V4', 'CVSS_V3', 'CVSS_V2'];

function bestScore(
  advisories: readonly Advisory[],
): { readonly kind: string; readonly score: number; readonly by: string } | undefined {
  for (const kind of KINDS) {
    for (const { id, scores } of advisories) {
      for (const [type, vector] of scores) {
        const score = type === kind ? scoreOf(kind, vector) : undefined;
        if (score !== undefined) return { kind, score, by: id };
      }
    }
  }
  return undefined;
}

/** The score that a vector stands for; undefined for what is none. */
export function scoreOf(kind: string, vector: string): number | undefined {
  if (/^[0-9](?:\.[0-9])?$|^10(?:\.0)?$/.test(vector)) return Number(vector);
  try {
    if (kind === 'CVSS_V4') return new CVSS40(vector).Score();
    if (kind === 'CVSS_V3')
      return vector.startsWith('CVSS:3.0/') ? new CVSS30(vector).BaseScore() : new CVSS31(vector).BaseScore();
    return new CVSS20(vector.replace(/^CVSS:2\.0\/|^\(|\)$/g, '')).BaseScore();
  } catch {
    return undefined;
  }
}

/** The specifications' own scales: version 2 knows nothing worse than high. */
function severityOfScore(score: number, kind: string): Severity {
  if (score >= 9 && kind !== 'CVSS_V2') return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'negligible';
}
