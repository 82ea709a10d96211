// An image's HEALTHCHECK, asked while what the image starts is running: both in one container that has a network of its
// own with nothing but the loopback in it, so that no port is anybody else's.

import { shellOf } from '../../build/graph/index.ts';
import type { ImageConfig } from '../../oci/image/index.ts';

const NANOSECONDS = 1e9;
/** Docker's own where nothing is said, in seconds. */
const INTERVAL = 30;
const TIMEOUT = 30;
const RETRIES = 3;
/** However long it may take: by then a server is up, or does not come. */
const LEAST = 10;
const MOST = 60;

/** The command of a HEALTHCHECK. */
export interface HealthCheck {
  /** As it is executed, the shell in front where it is one's. */
  readonly argv: readonly string[];
  readonly words: string;
  /** Seconds that one check may take. */
  readonly timeout: number;
  /** Seconds after which Docker would call a container unhealthy in which no check ends well. */
  readonly patience: number;
}

/** That of an image; undefined where it has none. */
export function healthCheckOf({ config }: ImageConfig): HealthCheck | undefined {
  const { Healthcheck } = config ?? {};
  const [kind, ...words] = Healthcheck?.Test ?? [];
  if ((kind !== 'CMD' && kind !== 'CMD-SHELL') || words.length === 0) return undefined;
  const seconds = (nanoseconds: number | undefined, standard: number) =>
    nanoseconds ? nanoseconds / NANOSECONDS : standard;
  const timeout = seconds(Healthcheck?.Timeout, TIMEOUT);
  const { StartPeriod, Interval, Retries } = Healthcheck ?? {};
  const until = seconds(StartPeriod, 0) + seconds(Interval, INTERVAL) * (Retries || RETRIES) + timeout;
  return {
    argv: kind === 'CMD' ? words : [...shellOf(config ?? {}), ...words],
    words: words.join(' '),
    timeout,
    patience: Math.min(MOST, Math.max(LEAST, until)),
  };
}

/**
 * A shell that starts what comes last and checks it until one check ends well, which is what healthy means; Docker would
 * look less often, and come to the same. Of the numbers the first says how many words the check has.
 */
const SCRIPT = `
words=$1 timeout=$2 until=$(($(date +%s) + $3)); shift 3
check= i=1
while [ $i -le $words ]; do check="$check \\"\\\${$i}\\""; i=$((i + 1)); done
begin() { shift $words; exec "$@"; }
begin "$@" & main=$!
while kill -0 $main 2>/dev/null && [ $(date +%s) -lt $until ]; do
  eval "$check" & one=$!
  { sleep $timeout; kill -9 $one; } >/dev/null 2>&1 & watch=$!
  if wait $one; then kill -9 $main $watch 2>/dev/null; exit 0; fi
  kill -9 $watch 2>/dev/null
  sleep 0.3 2>/dev/null || sleep 1
done
kill -0 $main 2>/dev/null || { wait $main; echo "it ended with exit status $?, before a check ended well"; exit 1; }
echo "no check ended well"
exit 1
`;

/** The words of a container that does both; for images that have a shell. */
export function withService(
  { argv, timeout, patience }: HealthCheck,
  service: readonly string[],
): readonly string[] {
  const numbers = [argv.length, Math.ceil(timeout), Math.ceil(patience)].map(String);
  return ['/bin/sh', '-c', SCRIPT, 'health', ...numbers, ...argv, ...service];
}
