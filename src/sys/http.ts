// Fetching a URL, streamed. Certificates are checked against the runtime's roots and those of the system's bundle.

import { MilleError, redactUrls } from '../core/index.ts';
import { withHostAuthorities } from './authorities.ts';
import { isLoopback } from './loopback.ts';
import { checkNetwork } from './offline.ts';

/** What is sent along to be told "not modified". */
export interface HttpCondition {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** The answer to a request; the body, if any, went to the sink. */
export interface HttpAnswer {
  readonly notModified: boolean;
  readonly etag?: string;
  readonly lastModified?: string;
  /** File name the server proposed (Content-Disposition). */
  readonly fileName?: string;
  /** MD5 of the body in base64, where a server of Google's storage says it: against damage, not against malice. */
  readonly md5?: string;
}

/** What every request may need. */
export interface RequestOptions {
  /** Value of the header `Authorization`; it is not sent on to another host. */
  readonly authorization?: string;
  /** Certificate authorities in PEM form, trusted beside the machine's. */
  readonly ca?: string;
  readonly signal?: AbortSignal;
}

/** Options of `download`. */
export interface DownloadOptions extends RequestOptions {
  readonly condition?: HttpCondition;
  /** Value of the header `Accept`. */
  readonly accept?: string;
  /** Bytes of it that are here already, and what the server called that version of it. */
  readonly resume?: { readonly offset: number; readonly etag: string };
  /** Told before the first bytes: where in the body they stand, and what the server calls this version of it. */
  readonly onStart?: (offset: number, etag: string | undefined) => void;
  /** Bytes that the body may have. */
  readonly limit?: number;
  readonly sink: (chunk: Uint8Array) => void;
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

/**
 * Downloads a URL.
 * @throws MilleError `network` for a refused connection, an answer other than 200 or 304, or a body that is cut short
 * or above the limit.
 */
export async function download(url: string, options: DownloadOptions): Promise<HttpAnswer> {
  const { condition, resume, accept, sink, onProgress } = options;
  const headers: Record<string, string> = { 'user-agent': 'millefeuille', 'accept-encoding': 'identity' };
  if (accept !== undefined) headers.accept = accept;
  if (condition?.etag) headers['if-none-match'] = condition.etag;
  if (condition?.lastModified) headers['if-modified-since'] = condition.lastModified;
  if (resume) {
    headers.range = `bytes=${resume.offset}-`;
    headers['if-range'] = resume.etag;
  }
  const response = await follow(url, options, headers);
  const answer = {
    ...pick('md5', /(?:^|,\s*)md5=([A-Za-z0-9+/=]{24})/.exec(response.headers.get('x-goog-hash') ?? '')?.[1]),
    ...pick('etag', response.headers.get('etag')),
    ...pick('lastModified', response.headers.get('last-modified')),
    ...pick('fileName', dispositionName(response.headers.get('content-disposition'))),
  };
  if (response.status === 304) return { notModified: true, ...answer };
  if (!response.ok) throw refused(url, response);
  const announced = response.headers.get('content-length');
  const start = response.status === 206 ? startOf(response) : 0;
  if (start !== 0 && start !== resume?.offset)
    throw failed(url, 'the server sent another part than the one asked for');
  options.onStart?.(start, answer.etag);
  const total = announced === null ? undefined : start + Number(announced);
  const { limit = Number.POSITIVE_INFINITY } = options;
  if (total !== undefined && total > limit) throw tooLarge(url, limit);
  let done = start;
  try {
    if (response.body) {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        done += chunk.length;
        if (done > limit) throw tooLarge(url, limit);
        sink(chunk);
        onProgress?.(done, total);
      }
    }
  } catch (cause) {
    if (cause instanceof MilleError) throw cause;
    throw failed(url, `the transfer broke after ${done} bytes`, cause);
  }
  if (total !== undefined && done !== total)
    throw failed(url, `the transfer ended after ${done} of ${total} bytes`);
  return { notModified: false, ...answer };
}

/** Where the part begins that an answer holds. */
function startOf({ headers }: Response): number {
  return Number(/^bytes ([0-9]{1,15})-/.exec(headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
}

/** Where a URL is answered with a redirection, which is not followed. */
export async function locate(url: string, options: RequestOptions): Promise<string | undefined> {
  const response = await request(url, options, withLogin({}, options));
  await response.body?.cancel();
  const location = response.headers.get('location');
  return location === null ? undefined : new URL(location, url).href;
}

/** As browsers and Go's client do. */
const MAX_REDIRECTS = 10;
const REDIRECTIONS = [301, 302, 303, 307, 308];

/**
 * The answer at the end of all redirections. Followed here, because each of them may lead to this machine or away from
 * it; a login goes no further than the server that it is for.
 */
async function follow(
  url: string,
  options: RequestOptions,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  let at = url;
  let sent = withLogin(headers, options);
  for (let redirects = 0; ; redirects++) {
    const response = await request(at, options, sent, url);
    const location = REDIRECTIONS.includes(response.status) ? response.headers.get('location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, at);
    if (redirects === MAX_REDIRECTS) throw failed(url, `it was redirected more than ${MAX_REDIRECTS} times`);
    if (!next || !['http:', 'https:'].includes(next.protocol))
      throw failed(url, `it was redirected to what is no address: ${redactUrls(location)}`);
    if (next.origin !== new URL(at).origin) sent = headers;
    at = next.href;
  }
}

function withLogin(
  headers: Readonly<Record<string, string>>,
  { authorization }: RequestOptions,
): Readonly<Record<string, string>> {
  return authorization === undefined ? headers : { ...headers, authorization };
}

async function request(
  url: string,
  { ca, signal }: RequestOptions,
  headers: Readonly<Record<string, string>>,
  shown: string = url,
): Promise<Response> {
  checkNetwork(shown);
  try {
    return await fetch(url, {
      headers,
      redirect: 'manual',
      // Not in the runtime's types; what this machine serves itself is no business of a proxy, as in Go and curl.
      ...(isLoopback(URL.parse(url)?.hostname ?? '') ? { proxy: false as unknown as string } : {}),
      ...(ca === undefined ? {} : { tls: { ca: await withHostAuthorities(ca) } }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    throw unreached(shown, cause);
  }
}

function tooLarge(url: string, limit: number): MilleError {
  return failed(url, `it has more than ${limit} bytes`, undefined, 'is this the file that is meant?');
}

/** What the server said no to, and what may help. */
function refused(url: string, { status, statusText }: Response): MilleError {
  const hint =
    status === 404 || status === 410
      ? 'look at the address in a browser: the file may have moved'
      : status === 401 || status === 403 || status === 407
        ? `the server, or a proxy on the way, asks for a login: --secret id=HTTP_AUTH_TOKEN_${hostOf(url)},env=VARIABLE gives a token`
        : 'the next build tries again';
  return failed(url, `the server answered ${status} ${statusText}`.trimEnd(), undefined, hint);
}

const UNTRUSTED = "add the authority to this machine's certificates, or name its bundle with --ca PATH";

function isUntrusted(cause: unknown): boolean {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  return /CERT|certificate/i.test(`${code} ${message}`);
}

/** Bun's words for common failures are made for programmers. */
function connectionFailure(cause: unknown): string {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  const text = `${code} ${message}`;
  if (/ECONNREFUSED|ConnectionRefused/.test(text)) return 'the connection was refused';
  if (/ECONNRESET|ConnectionClosed/.test(text)) return 'the connection was cut';
  if (/ENOTFOUND|EAI_AGAIN|FailedToOpenSocket|DNS/i.test(text)) return 'no such host is known';
  if (/ETIMEDOUT|Timeout/i.test(text)) return 'the server did not answer in time';
  return redactUrls(cause instanceof Error ? cause.message : String(cause));
}

/** The error for a server that cannot be reached, or breaks off. */
export function unreached(url: string, cause: unknown, why = connectionFailure(cause)): MilleError {
  return failed(url, why, cause, isUntrusted(cause) ? UNTRUSTED : UNREACHED);
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? 'HOST';
}

function pick<K extends string>(key: K, value: string | null | undefined): Partial<Record<K, string>> {
  return value ? ({ [key]: value } as Record<K, string>) : {};
}

function dispositionName(header: string | null): string | undefined {
  const name = /filename\*?=(?:UTF-8'')?"?([^";]+)"?/i.exec(header ?? '')?.[1];
  return name && !name.includes('/') && name !== '.' && name !== '..' ? name : undefined;
}

const UNREACHED =
  'check the address and the proxy variables (HTTP_PROXY, HTTPS_PROXY, NO_PROXY); the next build tries again';

function failed(url: string, why: string, cause?: unknown, hint = UNREACHED): MilleError {
  return new MilleError('network', `cannot fetch ${redactUrls(url)}: ${why}`, {
    hint,
    cause,
  });
}
