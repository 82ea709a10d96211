// Rules about how commands of RUN are written; those that ShellCheck has too have its codes.

import type { Rule } from '../rule.ts';
import { unreadableScript } from './unreadable-script.ts';

export const SHELL_RULES: readonly Rule[] = [unreadableScript];
