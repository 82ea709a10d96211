// The pages of rules in French, by the rules' names. That of a new rule is a file in `rules-fr` and a line in one of its two
// lists.

import { A_TO_L } from './rules-fr/a-l.ts';
import { M_TO_Z } from './rules-fr/m-z.ts';

/** Titles and texts; the examples are the rule's own. */
export const FRENCH_RULES: Readonly<Record<string, string>> = { ...A_TO_L, ...M_TO_Z };
