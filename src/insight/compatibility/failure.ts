// Why a step failed on another base, from what it said: which package is not there, which program, which library, which
// wheel. The last thing that was said is not always the reason: every line is asked, and what explains most stands first.

import type { FailedBase } from './failed-base.ts';
import { type FailureReason, SAYINGS } from './sayings.ts';

export type { FailedBase } from './failed-base.ts';
export type { FailureReason } from './sayings.ts';

/** Reasons, at most. */
const MOST = 6;

/** The reasons that output gives; none where it says nothing that is known. */
export function explainFailure(output: readonly string[], base: FailedBase): readonly FailureReason[] {
  const found = new Map<string, FailureReason & { readonly rank: number }>();
  for (const line of output.map(plain)) {
    for (const [rank, { pattern, explain }] of SAYINGS.entries()) {
      const match = pattern.exec(line);
      const reason = match && explain(match, base);
      if (!reason || found.has(`${reason.kind} ${reason.what}`)) continue;
      found.set(`${reason.kind} ${reason.what}`, { ...reason, rank });
      break;
    }
  }
  const all = [...found.values()].toSorted((a, b) => a.rank - b.rank);
  return all.slice(0, MOST).map(({ rank: _, ...reason }) => reason);
}

/** Without colours. */
function plain(line: string): string {
  return line.replace(/\u001b\[[\d;]*m/g, '').trimEnd();
}
