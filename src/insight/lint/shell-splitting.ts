// Where a shell does not split what a variable or a command gives.

import type { Run } from './run-commands.ts';

/** Commands whose arguments are assignments. */
const DECLARING = new Set(['export', 'readonly', 'local', 'declare', 'typeset']);

/** Whether the arguments of a command are assignments, which bash and its kin keep whole. dash splits them like others. */
export function isKeptWhole({ shell: { dialect } }: Run, command: string): boolean {
  return DECLARING.has(command) && dialect !== 'sh' && dialect !== 'dash';
}
