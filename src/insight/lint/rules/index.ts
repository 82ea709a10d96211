// All rules. A new one is a file here, a line in one of the lists, and a page in French (insight/explain/rules-fr).

import type { Rule } from '../rule.ts';
import { BUILD_RULES } from './build-rules.ts';
import { CONTEXT_RULES } from './context-rules.ts';
import { INSTRUCTION_RULES } from './instruction-rules.ts';
import { SHELL_RULES } from './shell-rules.ts';

export { BUILD_RULES } from './build-rules.ts';

/** The rules that only `mille lint` looks at. */
export const LINT_RULES: readonly Rule[] = [...INSTRUCTION_RULES, ...SHELL_RULES, ...CONTEXT_RULES];

/** All of them. */
export const RULES: readonly Rule[] = [...BUILD_RULES, ...LINT_RULES];
