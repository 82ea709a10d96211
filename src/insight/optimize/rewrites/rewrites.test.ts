// All rewrites against their own examples: what they make of them, and that they find nothing to do a second time.

import { describe, expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import { REWRITES } from './index.ts';

for (const rewrite of REWRITES) {
  describe(rewrite.name, () => {
    rewrite.examples.forEach((example, i) => {
      const { draft, around } = evidenceFor(example);
      const once = propose(draft, around, { rewrites: [rewrite] });
      test(`example ${i + 1} becomes what it says`, () => {
        expect(once.draft.source.text).toBe(example.after);
        expect(once.draft.ignoreText).toBe(example.ignoreFileAfter ?? example.ignoreFile);
      });
      test(`example ${i + 1} stays so`, () => {
        expect(
          propose(once.draft, around, { rewrites: [rewrite] }).applied.map(({ proposal }) => proposal.title),
        ).toEqual([]);
      });
    });
  });
}
