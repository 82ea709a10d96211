// Findings on their way to the result: given fingerprints, let pass where the user said so, sorted.

import { type Allowed, ruleSummary } from '../../secrets/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { SecretFinding } from './types.ts';

/** A finding without what follows from it. */
export type NewFinding = Omit<SecretFinding, 'summary' | 'fingerprint'>;

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** Collects what is found. */
export class FindingCollector {
  readonly #allowed: Allowed;
  readonly #findings: SecretFinding[] = [];
  readonly #seen = new Map<string, number>();
  passed = 0;

  constructor(allowed: Allowed) {
    this.#allowed = allowed;
  }

  add(finding: NewFinding): void {
    const { rule, where, path, layer } = finding;
    const name = finding.name ?? finding.attribute;
    // Of a value that is easily guessed a digest would tell it: only the place goes in.
    const place = [rule, where, path, name ?? ''].join('\0');
    const within = `${place}\0${layer?.diffId ?? ''}`;
    const nth = this.#seen.get(within) ?? 0;
    this.#seen.set(within, nth + 1);
    const fingerprint = sha256(`${place}\0${nth}`).slice(7, 19);
    if (this.#allowed.passes({ rule, path, fingerprint, ...(name === undefined ? {} : { name }) })) {
      this.passed++;
      return;
    }
    this.#findings.push({ ...finding, summary: ruleSummary(rule), fingerprint });
  }

  /** The worst first, then as they were found. */
  sorted(): readonly SecretFinding[] {
    return [...this.#findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  }
}
