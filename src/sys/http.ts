// Fetching a URL, streamed. Certificates are checked against the runtime's roots and those of the system's bundle.

import { MilleError, redactUrls } from '../core/index.ts';
import { withHostAuthorities } from './authorities.ts';

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
  const { condition, sink, onProgress } = options;
  const headers: Record<string, string> = { 'user-agent': 'millefeuille', 'accept-encoding': 'identity' };
  if (condition?.etag) headers['if-none-match'] = condition.etag;
  if (condition?.lastModified) headers['if-modified-since'] = condition.lastModified;
  const response = await request(url, options, { headers, redirect: 'follow' });
  const answer = {
    ...pick('etag', response.headers.get('etag')),
    ...pick('lastModified', response.headers.get('last-modified')),
    ...pick('fileName', dispositionName(response.headers.get('content-disposition'))),
  };
  if (response.status === 304) return { notModified: true, ...answer };
  if (!response.ok) throw refused(url, response);
  const announced = response.headers.get('content-length');
  const total = announced === null ? undefined : Number(announced);
  const { limit = Number.POSITIVE_INFINITY } = options;
  if (total !== undefined && total > limit) throw tooLarge(url, limit);
  let done = 0;
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

/** Where a URL is answered with a redirection, which is not followed. */
export async function locate(url: string, options: RequestOptions): Promise<string | undefined> {
  const response = await request(url, options, { headers: {}, redirect: 'manual' });
  await response.body?.cancel();
  const location = response.headers.get('location');
  return location === null ? undefined : new URL(location, url).href;
}

async function request(
  url: string,
  options: RequestOptions,
  init: { readonly headers: Readonly<Record<string, string>>; readonly redirect: 'follow' | 'manual' },
): Promise<Response> {
  const { authorization, ca, signal } = options;
  try {
    return await fetch(url, {
      ...init,
      headers: { ...init.headers, ...(authorization === undefined ? {} : { authorization }) },
      ...(ca === undefined ? {} : { tls: { ca: await withHostAuthorities(ca) } }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    throw unreached(url, cause);
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
