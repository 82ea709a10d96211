// Rules about what the Dockerfile alone does not tell: the build context, and builds that have been.

import type { Rule } from '../rule.ts';

export const CONTEXT_RULES: readonly Rule[] = [];
