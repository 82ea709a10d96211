// From a challenge and the user's login to the value of the header `Authorization`: basic, or a token fetched from
// the server that the registry names (distribution spec, "token authentication"; OAuth2 for identity tokens).
// A login is sent to the registry it belongs to and to the token server that this registry names, over TLS; never to
// where one of them redirects.

import { MilleError } from '../../core/index.ts';
import { type Exchange, type ExchangeOptions, exchange, isLoopback } from '../../sys/index.ts';
import { mayPass, PATIENCE, REPETITIONS, type RegistryAccess, waitBefore } from './access.ts';
import { parseChallenges } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { type Endpoint, isSafe } from './endpoint.ts';
import { readBody } from './read-body.ts';
import { refusedLogin, refusedTrial } from './refused.ts';
import { isTooLong, untilWhen } from './retry-after.ts';

const TOKEN_LIMIT = 1024 * 1024;
/** Seconds that a token is good for where its server does not say; the protocol's own figure. */
const LIFETIME = 60;
/** Seconds before its end at which a token is not used any more: a request takes its time. */
const MARGIN = 10;

/** What a challenge was answered with. */
export interface Authorization {
  /** The value of the header. */
  readonly header: string;
  /** By the clock of `performance.now`, when another one should be fetched; never for a login itself. */
  readonly until?: number;
  /** What the token server gave to be kept in the place of the password, where it was asked for that. */
  readonly identityToken?: string;
}

/** Tokens that were fetched and are still good, by what they are for. */
export type TokenMemory = Map<string, Authorization>;

/** What is asked for, and of whom. */
export interface AuthorizeRequest {
  readonly endpoint: Endpoint;
  readonly access: RegistryAccess;
  /** Of what the login is wanted for, separated by spaces; nothing for a login alone. */
  readonly scope: string;
  /** The repository, for which there may be a login of its own. */
  readonly repository?: string;
  /** Whether the login is only tried, and an identity token wanted that is good without the password. */
  readonly trial?: boolean;
}

/**
 * Answers a challenge.
 * @param refused an answer of before that the registry does not take any more
 * @returns undefined where the registry asks for a login and there is none, or for something that is not known here
 * @throws MilleError `registry-denied` where the login is refused; `network`
 */
export async function authorize(
  challenge: string,
  request: AuthorizeRequest,
  refused?: string,
): Promise<Authorization | undefined> {
  const { endpoint, access, repository } = request;
  const challenges = parseChallenges(challenge);
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  const basic = challenges.some(({ scheme }) => scheme === 'basic');
  const login = await access.credentials(endpoint.registry, repository);
  if (!bearer) return basic && login?.kind === 'password' ? { header: basicHeader(login) } : undefined;
  if (login?.kind === 'token') return { header: `Bearer ${login.token}` };
  const { realm, service, scope: asked = '' } = bearer.parameters;
  const scope = [...new Set(`${asked} ${request.scope}`.split(' ').filter(Boolean))].join(' ');
  const url = realmUrl(realm, endpoint);
  const key = JSON.stringify([endpoint.origin, endpoint.prefix ?? '', url.href, service ?? '', scope]);
  const known = access.tokens?.get(key);
  if (known && known.header !== refused && isGood(known)) return known;
  const query = { ...(service === undefined ? {} : { service }), ...(scope === '' ? {} : { scope }) };
  const fetched = await fetchToken(url, query, { login, ...request });
  access.tokens?.set(key, fetched);
  return fetched;
}

/** Whether an authorization is still to be used. */
export function isGood({ until }: Authorization): boolean {
  return until === undefined || performance.now() < until;
}

function basicHeader({ user, password }: Extract<Credentials, { kind: 'password' }>): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

function realmUrl(realm: string | undefined, endpoint: Endpoint): URL {
  const url = realm === undefined ? undefined : URL.parse(realm);
  if (!url) throw malformed(endpoint, 'names no token server');
  // Without TLS anybody on the way could read the login.
  const plain = endpoint.origin.startsWith('http:');
  if (url.protocol !== 'https:' && !(plain && isSafe(url, endpoint)))
    throw malformed(endpoint, 'names a token server without TLS');
  url.username = '';
  url.password = '';
  return url;
}

function malformed({ registry }: Endpoint, why: string): MilleError {
  return new MilleError('network', `the registry ${registry} asks for a token, but ${why}`, {
    hint: 'this is for the registry to put right',
  });
}

type TokenContext = AuthorizeRequest & { readonly login: Credentials | undefined };
type Query = Readonly<Record<string, string>>;

async function fetchToken(realm: URL, query: Query, context: TokenContext): Promise<Authorization> {
  const { access } = context;
  const { ca, signal, patience = PATIENCE } = access;
  const { url, ...request } = tokenRequest(realm, query, context);
  const options: ExchangeOptions = {
    ...request,
    ...(ca === undefined ? {} : { ca }),
    ...(access.tls?.(realm.host) ?? {}),
    ...(signal ? { signal } : {}),
    ...(isLoopback(realm.hostname) ? { direct: true } : {}),
    patience,
    shown: `${realm.origin}${realm.pathname}`,
  };
  const asked = performance.now();
  let answer = await exchange(url, options);
  for (let count = 0; mayPass(answer.status) && count < REPETITIONS; count++) {
    const retryAfter = answer.header('retry-after');
    if (isTooLong(retryAfter)) break;
    await answer.discard();
    await waitBefore(count, access, retryAfter);
    answer = await exchange(url, options);
  }
  const { token, lifetime, identityToken } = await tokenOf(answer, realm, context);
  const margin = Math.min(MARGIN, lifetime / 4);
  return {
    header: `Bearer ${token}`,
    until: asked + (lifetime - margin) * 1000,
    ...(identityToken === undefined ? {} : { identityToken }),
  };
}

const CLIENT = 'millefeuille';

function tokenRequest(
  realm: URL,
  query: Query,
  { login, trial = false }: TokenContext,
): Pick<ExchangeOptions, 'method' | 'headers' | 'body'> & { readonly url: string } {
  if (login?.kind === 'identity') {
    const grant = { grant_type: 'refresh_token', client_id: CLIENT, refresh_token: login.token };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ ...query, ...grant }).toString();
    return { url: realm.href, method: 'POST', headers, body };
  }
  const url = new URL(realm);
  const more = {
    ...(login?.kind === 'password' ? { account: login.user } : {}),
    ...(trial ? { offline_token: 'true', client_id: CLIENT } : {}),
  };
  for (const [name, value] of Object.entries({ ...query, ...more })) {
    // Each scope is a parameter of its own.
    for (const part of name === 'scope' ? value.split(' ') : [value]) url.searchParams.append(name, part);
  }
  return { url: url.href, headers: login?.kind === 'password' ? { authorization: basicHeader(login) } : {} };
}

interface Token {
  readonly token: string;
  /** In seconds. */
  readonly lifetime: number;
  readonly identityToken?: string;
}

async function tokenOf(
  answer: Exchange,
  realm: URL,
  { endpoint, login, trial }: TokenContext,
): Promise<Token> {
  const { status } = answer;
  if (status !== 200) {
    await answer.discard();
    if (status === 401 || status === 403)
      throw trial ? refusedTrial(endpoint) : refusedLogin(endpoint, login !== undefined);
    const until = untilWhen(answer.header('retry-after'));
    throw new MilleError('network', `the token server ${realm.host} answered ${status}${until}`, {
      hint: 'it may be for a moment only: try again',
    });
  }
  let value: Readonly<Record<string, unknown>> | null;
  try {
    value = JSON.parse(new TextDecoder().decode(await readBody(answer, 'a token', TOKEN_LIMIT)));
  } catch (error) {
    if (error instanceof MilleError) throw error;
    value = null;
  }
  const token = value?.token || value?.access_token;
  if (!isToken(token)) throw malformed(endpoint, `${realm.host} gave none`);
  const lifetime = Number(value?.expires_in);
  const identityToken = trial ? value?.refresh_token : undefined;
  return {
    token,
    lifetime: lifetime > 0 ? lifetime : LIFETIME,
    ...(isToken(identityToken) ? { identityToken } : {}),
  };
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}
