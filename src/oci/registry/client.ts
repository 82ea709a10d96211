// Requests to one repository of one registry: authenticated when asked for, redirections followed without credentials,
// repeated where the failure may pass. What comes back is judged by the caller, but for what no caller can use.

import { displayPath, MilleError } from '../../core/index.ts';
import { type Exchange, exchange, isLoopback } from '../../sys/index.ts';
import type { Reference } from '../image/index.ts';
import { mayPass, PATIENCE, REPETITIONS, type RegistryAccess, waitBefore } from './access.ts';
import { authorize, refusedLogin } from './authorize.ts';
import { addressOf, type Endpoint, endpointOf, isSafe, secured } from './endpoint.ts';
import { reasonOf } from './read-body.ts';

const MAX_REDIRECTS = 5;

/** Something in a repository, or to be put there. */
export interface Wanted {
  readonly kind: 'manifests' | 'blobs';
  /** A tag or a digest; of blobs also `uploads/`, with a query. */
  readonly name: string;
  /** Where the registry said to go on, in the place of kind and name. */
  readonly location?: URL;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Answers that the caller wants to see; by default those that bring what was asked for. */
  readonly expected?: readonly number[];
  /** Not repeated here: what was sent may have arrived. */
  readonly once?: boolean;
  /** Ends this request, in the place of the signal of the access. */
  readonly signal?: AbortSignal;
}

/** A repository to ask. */
export interface RepositoryClient {
  readonly registry: string;
  /**
   * Asks for something.
   * @returns an answer of success
   * @throws MilleError `image-missing` for what is not there, `registry-denied`, `network`, `interrupted`
   */
  ask(wanted: Wanted): Promise<Exchange>;
  /** An address that the registry gave to go on at. @throws MilleError `network` for one that nothing may be sent to */
  next(location: string | undefined, from?: URL): URL;
}

/** What a repository is asked for beside its content. */
export interface ClientOptions {
  /** Whether something is put there. */
  readonly push?: boolean;
  /** Repositories of the same registry that blobs are mounted from. */
  readonly mounts?: readonly string[];
}

/** Milliseconds for each byte that is sent, beyond the patience: 64 KiB a second are a slow line. */
const SLOW = 1 / 64;

/** Makes ready to ask a repository; nothing is sent yet. */
export function openClient(
  reference: Reference,
  access: RegistryAccess,
  { push = false, mounts = [] }: ClientOptions = {},
): RepositoryClient {
  const { repository } = reference;
  const scope = [
    `repository:${repository}:${push ? 'pull,push' : 'pull'}`,
    ...mounts.map((from) => `repository:${from}:pull`),
  ].join(' ');
  let endpoint = endpointOf(reference, access.plain);
  let authorization: string | undefined;
  let authorizing: Promise<string | undefined> | undefined;
  /** Whether the registry has answered yet: a first failure to reach it is not worth repeating. */
  let reached = false;

  /** Several requests may meet the same challenge at once: one of them answers it. */
  const renew = async (challenge: string, used: string | undefined): Promise<boolean> => {
    if (authorization !== used) return true;
    authorizing ??= authorize(challenge, scope, { endpoint, access }).finally(() => {
      authorizing = undefined;
    });
    authorization = await authorizing;
    return authorization !== undefined && authorization !== used;
  };

  const send = (url: URL, { method = 'GET', headers = {}, body, signal = access.signal }: Wanted) => {
    const { ca, patience = PATIENCE } = access;
    const own = url.origin === endpoint.origin;
    return exchange(url.href, {
      method,
      headers: { ...headers, ...(own && authorization !== undefined ? { authorization } : {}) },
      ...(ca === undefined ? {} : { ca }),
      ...(signal ? { signal } : {}),
      ...(body === undefined ? {} : { body }),
      ...(isLoopback(url.hostname) ? { direct: true } : {}),
      // Where a registry redirects to, the query is often a signature that opens the door.
      shown: `${url.origin}${url.pathname}`,
      patience: patience + Math.ceil((body?.length ?? 0) * SLOW),
    });
  };

  const follow = async (wanted: Wanted): Promise<Exchange> => {
    const addressed = () =>
      wanted.location ?? new URL(addressOf(endpoint, repository, wanted.kind, wanted.name));
    let url = addressed();
    let renewed = false;
    for (let redirects = 0; ; ) {
      const used = authorization;
      const answer = await send(url, wanted);
      const own = url.origin === endpoint.origin;
      if (!reached && answer.status === 400 && isPlainLoopback(endpoint)) {
        // A registry of this machine that speaks TLS all the same says so in this way.
        await answer.discard();
        endpoint = secured(endpoint);
        url = addressed();
        continue;
      }
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
      const reading = wanted.method === undefined || wanted.method === 'GET' || wanted.method === 'HEAD';
      const redirected = (reading ? [301, 302, 303, 307, 308] : [307, 308]).includes(answer.status);
      if (!redirected || location === undefined) return answer;
      await answer.discard();
      url = nextUrl(location, url, endpoint);
      redirects++;
      if (redirects > MAX_REDIRECTS) throw redirectsTo(endpoint, 'redirects again and again');
    }
  };

  const ask = async (wanted: Wanted): Promise<Exchange> => {
    const { expected = [200, 206], once = false } = wanted;
    const pauses = { ...access, ...(wanted.signal ? { signal: wanted.signal } : {}) };
    for (let count = 0; ; count++) {
      const last = once || count === REPETITIONS;
      try {
        const answer = await follow(wanted);
        if (expected.includes(answer.status)) return answer;
        if (last || !mayPass(answer.status))
          throw await refusal(answer, wanted, { reference, endpoint, loggedIn: authorization !== undefined });
        await answer.discard();
        await waitBefore(count, pauses, answer.header('retry-after'));
      } catch (error) {
        if (last || !isBroken(error) || !(reached || isCut(error))) throw error;
        await waitBefore(count, pauses);
      }
    }
  };
  const next = (location: string | undefined, from?: URL): URL => {
    if (location === undefined) throw redirectsTo(endpoint, 'does not say where to send a blob');
    return nextUrl(location, from ?? new URL(addressOf(endpoint, repository, 'blobs', 'uploads/')), endpoint);
  };
  return { registry: endpoint.registry, ask, next };
}

function isPlainLoopback({ origin }: Endpoint): boolean {
  return origin.startsWith('http:') && isLoopback(new URL(origin).hostname);
}

/** A connection that failed, as opposed to an answer that says no. */
function isBroken(error: unknown): error is MilleError {
  return error instanceof MilleError && error.code === 'network' && error.cause !== undefined;
}

/** Something answered, and broke off: unlike a name that nobody has, that is worth another try. */
function isCut({ cause }: MilleError): boolean {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  return /ECONNRESET|ConnectionClosed/.test(`${code} ${message}`);
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

async function refusal(
  answer: Exchange,
  wanted: Wanted,
  of: { readonly reference: Reference; readonly endpoint: Endpoint; readonly loggedIn: boolean },
): Promise<MilleError> {
  const { reference, endpoint, loggedIn } = of;
  const { status } = answer;
  const reason = await reasonOf(answer);
  if (status === 401 || status === 403) return refusedLogin(endpoint, loggedIn, reason);
  if (status === 404) {
    const { kind, name } = wanted;
    const what =
      kind === 'blobs'
        ? `blob ${name} in ${reference.repository}`
        : `image ${reference.repository}${name.startsWith('sha256:') ? '@' : ':'}${name}`;
    return new MilleError('image-missing', `the registry ${endpoint.registry} has no ${what}`, {
      hint: 'check the name and the tag',
    });
  }
  const why = reason === undefined ? '' : ` (${displayPath(reason.slice(0, 200))})`;
  return new MilleError('network', `the registry ${endpoint.registry} answered ${status}${why}`, {
    hint: status === 429 ? 'it limits how often it is asked: wait, or log in' : 'try again later',
  });
}
