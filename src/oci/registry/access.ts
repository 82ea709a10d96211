// What is needed to talk to registries, handed in by whoever wants an image.

import type { TlsOptions } from '../../sys/index.ts';
import type { TokenMemory } from './authorize.ts';
import type { FindCredentials } from './credentials.ts';
import type { Mirrors } from './mirror.ts';
import { askedPause, LONGEST_PAUSE } from './retry-after.ts';

/** How to talk to registries. */
export interface RegistryAccess {
  readonly credentials: FindCredentials;
  /** Certificate authorities in PEM form, trusted beside the machine's. */
  readonly ca?: string;
  /** Registries spoken to without TLS, beside those of this machine: `registry.lan:5000`. */
  readonly plain?: readonly string[];
  /** What a host, with its port, is spoken to with by TLS beyond that. @throws MilleError `file-format`, `io` */
  readonly tls?: (host: string) => TlsOptions | undefined;
  /** Asked before the registries that they stand for, never sent to. */
  readonly mirrors?: Mirrors;
  /** Remembers tokens from one repository to the next. */
  readonly tokens?: TokenMemory;
  readonly signal?: AbortSignal;
  /** Milliseconds that a server may be silent for; tests are less patient. */
  readonly patience?: number;
  /** Milliseconds before the first repetition, doubled for each further one. */
  readonly pause?: number;
}

export const PATIENCE = 30_000;
export const PAUSE = 500;
/** How often a request is repeated that failed for a reason that may pass. */
export const REPETITIONS = 4;

/** Whether an answer of this status may be another one a moment later. */
export function mayPass(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}

/** Waits before the repetition `count` (from 0), or as long as a header `Retry-After` asks for; not beyond the signal. */
export function waitBefore(count: number, access: RegistryAccess, retryAfter?: string): Promise<void> {
  const asked = askedPause(retryAfter);
  const own = (access.pause ?? PAUSE) * 2 ** count;
  const { signal } = access;
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(Math.max(own, asked), LONGEST_PAUSE));
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done);
  });
}
