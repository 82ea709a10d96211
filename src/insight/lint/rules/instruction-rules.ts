// Rules about instructions and the commands in them; those that hadolint has too have its codes.

import type { Rule } from '../rule.ts';

export const INSTRUCTION_RULES: readonly Rule[] = [];
