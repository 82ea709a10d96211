// Requests to Docker Hub's own interface, beside its registry: who it is searched and asked for tags by. Anonymous at
// first; a login of Docker's config.json is only used where that is refused.

import { displayPath, MilleError } from '../../../core/index.ts';
import { type Exchange, type ExchangeOptions, exchange, isLoopback } from '../../../sys/index.ts';
import { mayPass, PATIENCE, REPETITIONS, type RegistryAccess, waitBefore } from '../access.ts';
import { readBody, reasonOf } from '../read-body.ts';

/** How Docker Hub is talked to. */
export interface HubAccess extends RegistryAccess {
  /** Where it answers, in the place of its own addresses. */
  readonly hub?: URL;
}

const API = 'https://hub.docker.com';
const SEARCH = 'https://index.docker.io';
const ANSWER_LIMIT = 8 * 1024 * 1024;
/** Milliseconds that a limit of requests is waited for. */
const LONGEST_WAIT = 30_000;

/**
 * Another place that stands for Docker Hub, from a setting.
 * @throws MilleError `usage` for what is no address, or one without TLS that is not of this machine
 */
export function hubBase(text: string, setting: string): URL {
  const url = URL.parse(text);
  const plain = url?.protocol === 'http:' && isLoopback(url.hostname);
  if (url && (url.protocol === 'https:' || plain) && url.username === '' && url.search === '') return url;
  throw new MilleError('usage', `${setting} can't be '${displayPath(text)}'`, {
    hint: 'it is an address such as https://hub.example, without TLS on this machine only',
  });
}

/**
 * Asks for a document: of the search, or of what is known of repositories.
 * @returns JSON; undefined where there is no such thing
 * @throws MilleError `network`, `registry-denied`, `interrupted`
 */
export async function askHub(
  of: 'search' | 'api',
  path: string,
  access: HubAccess,
  session: { token?: string } = {},
): Promise<unknown> {
  const base = access.hub?.href.replace(/\/$/, '') ?? (of === 'search' ? SEARCH : API);
  const url = `${base}${path}`;
  let answer = await send(url, access, session.token);
  const refused = [401, 403, 429].includes(answer.status) || (of === 'api' && answer.status === 404);
  if (refused && of === 'api' && session.token === undefined) {
    const token = await logIn(base, access);
    if (token !== undefined) {
      await answer.discard();
      session.token = token;
      answer = await send(url, access, token);
    }
  }
  if (answer.status === 404) {
    await answer.discard();
    return undefined;
  }
  if (answer.status !== 200) throw await refusal(answer, session.token !== undefined);
  return readJson(answer);
}

async function send(url: string, access: HubAccess, token?: string): Promise<Exchange> {
  const options = optionsFor(url, access, {
    headers: {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  for (let count = 0; ; count++) {
    const answer = await exchange(url, options);
    if (!mayPass(answer.status) || count === REPETITIONS) return answer;
    const wait = waitAsked(answer);
    // Minutes are for the user to wait.
    if (wait !== undefined && wait > LONGEST_WAIT) return answer;
    if (answer.status === 429 && wait === undefined) return answer;
    await answer.discard();
    await waitBefore(count, access, wait === undefined ? undefined : String(Math.ceil(wait / 1000)));
  }
}

function optionsFor(
  url: string,
  { ca, tls, signal, patience = PATIENCE }: HubAccess,
  request: Pick<ExchangeOptions, 'method' | 'headers' | 'body'>,
): ExchangeOptions {
  const { hostname, host, origin, pathname } = new URL(url);
  return {
    ...request,
    ...(ca === undefined ? {} : { ca }),
    ...(tls?.(host) ?? {}),
    ...(signal ? { signal } : {}),
    ...(isLoopback(hostname) ? { direct: true } : {}),
    patience,
    shown: `${origin}${pathname}`,
  };
}

/** Milliseconds until it may be asked again: Docker Hub gives the time, others seconds. */
function waitAsked(answer: Exchange): number | undefined {
  const at = Number(answer.header('x-retry-after') ?? Number.NaN);
  if (Number.isFinite(at)) return Math.max(0, at * 1000 - Date.now());
  const seconds = answer.header('retry-after');
  return seconds !== undefined && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/** A token for the login that the user has at Docker Hub; undefined without one, or where it is refused. */
async function logIn(base: string, access: HubAccess): Promise<string | undefined> {
  const login = await access.credentials('docker.io');
  if (login?.kind !== 'password') return undefined;
  const url = `${base}/v2/auth/token`;
  const body = JSON.stringify({ identifier: login.user, secret: login.password });
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const answer = await exchange(url, optionsFor(url, access, { method: 'POST', headers, body }));
  if (answer.status !== 200) {
    await answer.discard();
    return undefined;
  }
  const { access_token: token } = ((await readJson(answer)) ?? {}) as { access_token?: unknown };
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}

async function readJson(answer: Exchange): Promise<unknown> {
  const bytes = await readBody(answer, "Docker Hub's answer", ANSWER_LIMIT);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new MilleError('network', "Docker Hub's answer is not JSON", {
      hint: 'something on the way may have answered in its place: a proxy, a portal',
    });
  }
}

async function refusal(answer: Exchange, loggedIn: boolean): Promise<MilleError> {
  const { status } = answer;
  const wait = waitAsked(answer);
  const reason = await reasonOf(answer);
  const why = reason === undefined ? '' : ` (${displayPath(reason.slice(0, 200))})`;
  if (status === 401 || status === 403) {
    return new MilleError('registry-denied', `Docker Hub refuses to answer${why}`, {
      hint: loggedIn ? 'the login of docker.io does not suffice' : 'log in at docker.io',
    });
  }
  if (status !== 429) {
    return new MilleError('network', `Docker Hub answered ${status}${why}`, { hint: 'try again later' });
  }
  const when = wait === undefined ? '' : `, again in ${Math.max(1, Math.ceil(wait / 60_000))} minutes`;
  return new MilleError('network', `Docker Hub limits how often it is asked${when}${why}`, {
    hint: loggedIn ? 'wait' : 'wait, or log in at docker.io: more is allowed then',
  });
}
