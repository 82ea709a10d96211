// Whether standard error gets colours: only a terminal that has them, and only if nobody minds (no-color.org).

import type { Host } from './spec.ts';

/** Whether to colour what goes to standard error. */
export function useColor(host: Pick<Host, 'env' | 'terminal'>): boolean {
  return host.terminal.stderr && !host.env.NO_COLOR && host.env.TERM !== 'dumb';
}
