// Builds that fail because of the world and not because of their Dockerfile: about one in ten fails so at some time
// (FlakiDock). A change must not be blamed for that.

import { MilleError } from '../../core/index.ts';

/** What programs say when they could not reach something, or it was not well. */
const SAYINGS = [
  /temporary failure (?:in name resolution|resolving)/i,
  /could not (?:resolve|connect)|couldn't (?:resolve|connect)/i,
  /(?:connection|connect|read|operation|network|request|handshake)[ -]?(?:timed out|timeout|reset|refused|aborted)/i,
  /network is unreachable|no route to host|unexpected end of file from server/i,
  /\b(?:ETIMEDOUT|ECONNRESET|ECONNREFUSED|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/,
  /\b(?:429 Too Many Requests|50[0234] (?:Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out))/i,
  /hash sum mismatch|i\/o timeout|TLS handshake timeout|remote end closed connection|incomplete read/i,
  /server returned HTTP 5\d\d|HTTP error 5\d\d|status code:? 5\d\d/i,
];

/** Whether an error sounds as if the network, or somebody at its other end, had failed. */
export function isNetworkFailure(error: unknown): boolean {
  if (!(error instanceof MilleError)) return false;
  if (error.code === 'network') return true;
  if (error.code !== 'step-failed') return false;
  const text = [error.message, ...(error.output ?? [])].join('\n');
  return SAYINGS.some((saying) => saying.test(text));
}

/** Does some work under a title; where the network fails, once more under another one. */
export async function onceMore<T>(
  work: (title: string) => Promise<T>,
  [title, again]: readonly [string, string],
): Promise<T> {
  try {
    return await work(title);
  } catch (error) {
    if (!isNetworkFailure(error)) throw error;
    return await work(again);
  }
}
