// `--ulimit` as Docker takes it.

import type { ProcessLimits } from '../../app/index.ts';
import { MilleError, suggest } from '../../core/index.ts';

type Ulimit = NonNullable<ProcessLimits['rlimits']>[number];

const ULIMITS = [
  ...['core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile', 'nproc', 'rss'],
  ...['rtprio', 'rttime', 'sigpending', 'stack'],
];

/** Reads every --ulimit; a later one of the same name wins. @throws MilleError `usage` */
export function parseUlimits(given: readonly string[]): Ulimit[] {
  const limits = new Map(given.map((text) => [text.split('=', 1)[0]!, parseUlimit(text)]));
  return [...limits.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function parseUlimit(text: string): Ulimit {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  if (!ULIMITS.includes(name)) {
    const near = suggest(name, ULIMITS);
    throw bad(text, near ? `did you mean ${near}?` : `the names are ${ULIMITS.join(', ')}`);
  }
  const numbers = text.slice(equals + 1).split(':');
  const valid =
    equals > 0 && numbers.length <= 2 && numbers.every((number) => /^(-1|\d{1,15})$/.test(number));
  if (!valid) throw bad(text, `write ${name}=SOFT or ${name}=SOFT:HARD; -1 is no limit`);
  const [soft = 0, hard = soft] = numbers.map(Number);
  const above = hard !== -1 && (soft === -1 || soft > hard);
  if (above) throw bad(text, 'the soft limit is not above the hard one');
  return { name, soft, hard };
}

function bad(text: string, hint: string): MilleError {
  return new MilleError('usage', `--ulimit can't be '${text}'`, { hint });
}
