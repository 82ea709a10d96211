// One registry as it is spoken to: by TLS or not, its challenges answered, its redirections followed without
// credentials. What its answers mean is for others to say.

import { MilleError } from '../../core/index.ts';
import { type Exchange, exchange, isLoopback } from '../../sys/index.ts';
import { PATIENCE, type RegistryAccess } from './access.ts';
import { type Authorization, authorize, isGood } from './authorize.ts';
import { type Endpoint, isSafe, secured } from './endpoint.ts';

const MAX_REDIRECTS = 5;

/** A request. */
export interface Asked {
  /** Where it goes, made anew where the registry turns out to speak TLS. */
  readonly address: (endpoint: Endpoint) => URL;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Ends this request, in the place of the signal of the access. */
  readonly signal?: AbortSignal;
}

/** A registry to talk to. */
export interface Connection {
  readonly endpoint: Endpoint;
  /** Whether it has answered yet. */
  readonly reached: boolean;
  /** What the last challenge was answered with. */
  readonly authorization: Authorization | undefined;
  /** Asks, and follows redirections. @throws MilleError `network`, `registry-denied`, `interrupted` */
  ask(asked: Asked): Promise<Exchange>;
  /** An address that the registry gave. @throws MilleError `network` for one that nothing may be sent to */
  next(location: string | undefined, from: URL): URL;
}

/** What the registry is asked for, where it wants to know. */
export interface ConnectionOptions {
  readonly scope: string;
  readonly repository?: string;
  /** Whether the login is only tried. */
  readonly trial?: boolean;
}

/** Milliseconds for each byte that is sent, beyond the patience: 64 KiB a second are a slow line. */
const SLOW = 1 / 64;

/** Makes ready to ask a registry; nothing is sent yet. */
export function openConnection(at: Endpoint, access: RegistryAccess, options: ConnectionOptions): Connection {
  let endpoint = at;
  let reached = false;
  let authorization: Authorization | undefined;
  let authorizing: Promise<Authorization | undefined> | undefined;
  /** The last challenge, to be answered anew when the answer of then is not good any more. */
  let challenged: string | undefined;

  /** Several requests may meet the same challenge at once: one of them answers it. */
  const renew = async (challenge: string, used: Authorization | undefined): Promise<boolean> => {
    if (authorization !== used) return true;
    challenged = challenge;
    authorizing ??= authorize(challenge, { endpoint, access, ...options }, used?.header).finally(() => {
      authorizing = undefined;
    });
    authorization = await authorizing;
    return authorization !== undefined && authorization !== used;
  };

  const send = (url: URL, { method = 'GET', headers = {}, body, signal = access.signal }: Asked) => {
    const { ca, patience = PATIENCE } = access;
    const own = url.origin === endpoint.origin;
    return exchange(url.href, {
      method,
      headers: { ...headers, ...(own && authorization ? { authorization: authorization.header } : {}) },
      ...(ca === undefined ? {} : { ca }),
      ...(access.tls?.(url.host) ?? {}),
      ...(signal ? { signal } : {}),
      ...(body === undefined ? {} : { body }),
      ...(isLoopback(url.hostname) ? { direct: true } : {}),
      // Where a registry redirects to, the query is often a signature that opens the door.
      shown: `${url.origin}${url.pathname}`,
      patience: patience + Math.ceil((body?.length ?? 0) * SLOW),
    });
  };

  const ask = async (asked: Asked): Promise<Exchange> => {
    const reading = asked.method === undefined || asked.method === 'GET' || asked.method === 'HEAD';
    const redirections = reading ? [301, 302, 303, 307, 308] : [307, 308];
    let url = asked.address(endpoint);
    let renewed = false;
    for (let redirects = 0; ; ) {
      // A long transfer outlives its token: better another one now than a large body sent in vain.
      if (authorization && challenged !== undefined && !isGood(authorization))
        await renew(challenged, authorization);
      const used = authorization;
      const spoken = endpoint;
      const answer = await send(url, asked);
      // A registry that speaks TLS all the same says so in this way: to each of the requests that were first.
      const secures = !reached && endpoint === spoken;
      if (answer.status === 400 && mayHideTls(spoken) && (secures || endpoint !== spoken)) {
        await answer.discard();
        if (secures) endpoint = secured(spoken);
        url = asked.address(endpoint);
        continue;
      }
      const own = url.origin === endpoint.origin;
      reached = true;
      const challenge = answer.header('www-authenticate');
      if (answer.status === 401 && own && !renewed && challenge !== undefined) {
        renewed = true;
        if (await renew(challenge, used)) {
          await answer.discard();
          continue;
        }
      }
      const location = answer.header('location');
      if (!redirections.includes(answer.status) || location === undefined) return answer;
      await answer.discard();
      url = nextUrl(location, url, endpoint);
      redirects++;
      if (redirects > MAX_REDIRECTS) throw redirectsTo(endpoint, 'redirects again and again');
    }
  };
  return {
    get endpoint() {
      return endpoint;
    },
    get reached() {
      return reached;
    },
    get authorization() {
      return authorization;
    },
    ask,
    next: (location, from) => {
      if (location === undefined) throw redirectsTo(endpoint, 'does not say where to send a blob');
      return nextUrl(location, from, endpoint);
    },
  };
}

/** Whether a registry is spoken to without TLS because it is this machine's or said to need none. */
function mayHideTls({ origin, fixed }: Endpoint): boolean {
  return origin.startsWith('http:') && fixed !== true;
}

function nextUrl(location: string, from: URL, endpoint: Endpoint): URL {
  const url = URL.parse(location, from.href);
  if (!url) throw redirectsTo(endpoint, 'redirects to what is no address');
  const safe = from.protocol === 'https:' ? url.protocol === 'https:' : isSafe(url, endpoint);
  if (!safe) throw redirectsTo(endpoint, `redirects to ${url.protocol}//${url.host}, without TLS`);
  url.username = '';
  url.password = '';
  return url;
}

function redirectsTo({ registry }: Endpoint, what: string): MilleError {
  return new MilleError('network', `the registry ${registry} ${what}`, {
    hint: 'this is for the registry to put right',
  });
}
