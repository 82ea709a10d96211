// All rewrites together: what they have made once they leave as it is, also when it is observed anew.

import { expect, test } from 'bun:test';
import { evidenceFor } from './evidence-for.ts';
import { type Proposed, propose, REWRITES } from './index.ts';
import { secondRun } from './second-run.ts';

const changesOf = ({ applied }: Proposed) =>
  applied.map(({ rewrite, proposal }) => `${rewrite.name}: ${proposal.title}`);

for (const { name, examples } of REWRITES)
  examples.forEach((example, i) => {
    test(`example ${i + 1} of ${name}: a second time there is nothing to do`, () => {
      const { draft, around } = evidenceFor(example);
      const once = propose(draft, around, { rewrites: REWRITES });
      const twice = propose(once.draft, around, { rewrites: REWRITES });
      expect(changesOf(twice)).toEqual([]);
      const second = secondRun(once.draft, around);
      const anew = propose(second.draft, second.around, { rewrites: REWRITES });
      expect({ changes: changesOf(anew), text: anew.draft.source.text }).toEqual({
        changes: [],
        text: once.draft.source.text,
      });
    });
  });
