// Whether a standard stream gets colours: only a terminal that has them, and only if nobody minds (no-color.org).

import type { Host } from './spec.ts';

/** Whether to colour what goes to standard error. */
export function useColor(host: Pick<Host, 'env' | 'terminal'>): boolean {
  return hasColor(host, 'stderr');
}

/** Whether to colour what goes to a stream. */
export function hasColor(host: Pick<Host, 'env' | 'terminal'>, stream: 'stdout' | 'stderr'): boolean {
  return host.terminal[stream] && !host.env.NO_COLOR && host.env.TERM !== 'dumb';
}
