// All rewrites together: what they have made once they leave as it is.

import { expect, test } from 'bun:test';
import { evidenceFor } from './evidence-for.ts';
import { propose, REWRITES } from './index.ts';

for (const { name, examples } of REWRITES)
  examples.forEach((example, i) => {
    test(`example ${i + 1} of ${name}: a second time there is nothing to do`, () => {
      const { draft, around } = evidenceFor(example);
      const once = propose(draft, around, { rewrites: REWRITES });
      const twice = propose(once.draft, around, { rewrites: REWRITES });
      expect(twice.applied.map(({ rewrite, proposal }) => `${rewrite.name}: ${proposal.title}`)).toEqual([]);
    });
  });
