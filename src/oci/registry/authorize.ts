// From a challenge and the user's login to the value of the header `Authorization`: basic, or a token fetched from
// the server that the registry names (distribution spec, "token authentication"; OAuth2 for identity tokens).
// A login is sent to the registry it belongs to and to the token server that this registry names, over TLS; never to
// where one of them redirects.

import { displayPath, MilleError } from '../../core/index.ts';
import { type Exchange, type ExchangeOptions, exchange, isLoopback } from '../../sys/index.ts';
import { mayPass, PATIENCE, REPETITIONS, type RegistryAccess, waitBefore } from './access.ts';
import { parseChallenges } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { type Endpoint, isSafe } from './endpoint.ts';
import { readBody } from './read-body.ts';

const TOKEN_LIMIT = 1024 * 1024;

/**
 * Answers a challenge.
 * @returns undefined where the registry asks for a login and there is none, or for something that is not known here
 * @throws MilleError `registry-denied` where the login is refused; `network`
 */
export async function authorize(
  challenge: string,
  scope: string,
  context: { readonly endpoint: Endpoint; readonly access: RegistryAccess },
): Promise<string | undefined> {
  const { endpoint, access } = context;
  const challenges = parseChallenges(challenge);
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  const basic = challenges.some(({ scheme }) => scheme === 'basic');
  const login = await access.credentials(endpoint.registry);
  if (bearer) {
    if (login?.kind === 'token') return `Bearer ${login.token}`;
    const { realm, service, scope: asked } = bearer.parameters;
    const query = { ...(service === undefined ? {} : { service }), scope: asked || scope };
    return `Bearer ${await fetchToken(realmUrl(realm, endpoint), query, { login, ...context })}`;
  }
  return basic && login?.kind === 'password' ? basicHeader(login) : undefined;
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
  return url;
}

function malformed({ registry }: Endpoint, why: string): MilleError {
  return new MilleError('network', `the registry ${registry} asks for a token, but ${why}`, {
    hint: 'this is for the registry to put right',
  });
}

async function fetchToken(
  realm: URL,
  query: Readonly<Record<string, string>>,
  context: {
    readonly login: Credentials | undefined;
    readonly endpoint: Endpoint;
    readonly access: RegistryAccess;
  },
): Promise<string> {
  const { login, endpoint, access } = context;
  const { ca, signal, patience = PATIENCE } = access;
  const { url, ...request } = tokenRequest(realm, query, login);
  const options: ExchangeOptions = {
    ...request,
    ...(ca === undefined ? {} : { ca }),
    ...(signal ? { signal } : {}),
    ...(isLoopback(realm.hostname) ? { direct: true } : {}),
    patience,
    shown: `${realm.origin}${realm.pathname}`,
  };
  let answer = await exchange(url, options);
  for (let count = 0; mayPass(answer.status) && count < REPETITIONS; count++) {
    await answer.discard();
    await waitBefore(count, access, answer.header('retry-after'));
    answer = await exchange(url, options);
  }
  return tokenOf(answer, { endpoint, realm, loggedIn: login !== undefined });
}

function tokenRequest(
  realm: URL,
  query: Readonly<Record<string, string>>,
  login: Credentials | undefined,
): Pick<ExchangeOptions, 'method' | 'headers' | 'body'> & { readonly url: string } {
  if (login?.kind === 'identity') {
    const grant = { grant_type: 'refresh_token', client_id: 'millefeuille', refresh_token: login.token };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ ...query, ...grant }).toString();
    return { url: realm.href, method: 'POST', headers, body };
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(query)) {
    // Several scopes in one challenge stand apart by spaces; each is a parameter of its own.
    for (const part of name === 'scope' ? value.split(' ').filter(Boolean) : [value])
      url.searchParams.append(name, part);
  }
  return { url: url.href, headers: login?.kind === 'password' ? { authorization: basicHeader(login) } : {} };
}

async function tokenOf(
  answer: Exchange,
  of: { readonly endpoint: Endpoint; readonly realm: URL; readonly loggedIn: boolean },
): Promise<string> {
  const { endpoint, realm, loggedIn } = of;
  const { status } = answer;
  if (status !== 200) {
    await answer.discard();
    if (status === 401 || status === 403) throw refusedLogin(endpoint, loggedIn);
    throw new MilleError('network', `the token server ${realm.host} answered ${status}`, {
      hint: 'it may be for a moment only: try again',
    });
  }
  let value: { token?: unknown; access_token?: unknown } | null;
  try {
    value = JSON.parse(new TextDecoder().decode(await readBody(answer, 'a token', TOKEN_LIMIT)));
  } catch (error) {
    if (error instanceof MilleError) throw error;
    value = null;
  }
  const token = value?.token || value?.access_token;
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw malformed(endpoint, `${realm.host} gave none`);
}

/** The error for a registry that says no. */
export function refusedLogin({ registry }: Endpoint, loggedIn: boolean, reason?: string): MilleError {
  const why = reason === undefined ? '' : ` (${displayPath(reason.slice(0, 200))})`;
  const where = registry === 'docker.io' ? '' : ` ${registry}`;
  const message = loggedIn
    ? `the registry ${registry} refuses the login of Docker's config.json${why}`
    : `the registry ${registry} asks for a login, or has no such image${why}`;
  return new MilleError('registry-denied', message, {
    hint: `check the name; 'docker login${where}' or 'skopeo login --authfile ~/.docker/config.json${where || ' docker.io'}' writes the login that mille reads`,
  });
}
