// All rewrites, in the order in which they are made: first what moves steps, for what is inside of them is cheaper to mend
// where they stand then.

import { RULES } from '../../lint/index.ts';
import type { Rewrite } from '../rewrite.ts';
import { dependenciesFirst } from './dependencies-first.ts';
import { fromLint } from './from-lint.ts';

function rule(name: string) {
  return RULES.find((one) => one.name === name)!;
}

export const REWRITES: readonly Rewrite[] = [
  fromLint({
    ...{ name: 'copy-not-add', goal: 'both', rule: rule('CopyInsteadOfAdd') },
    page: 'Nothing in the image may change.',
    allows: () => [],
    claim: () => ({}),
  }),
  dependenciesFirst,
];
