// Instructions of which only the last in a stage counts.

import { about, placed } from './placed.ts';
import type { Finding } from './rule.ts';
import type { LintSubject } from './subject.ts';

/** Those of a kind that are not the first of their stage. */
export function repeated(
  subject: LintSubject,
  kind: 'cmd' | 'entrypoint' | 'healthcheck',
): readonly Finding[] {
  const seen = new Set<number>();
  return placed(subject, kind).flatMap(({ stage, instruction }) => {
    if (!seen.has(stage.index)) {
      seen.add(stage.index);
      return [];
    }
    return [about(instruction, `this ${kind.toUpperCase()} takes the place of the one above`)];
  });
}
