// Fetching a URL, streamed. Certificates are checked against the runtime's roots and those of the system's bundle.

import { MilleError, redactUrls } from '../core/index.ts';

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

/** Options of `download`. */
export interface DownloadOptions {
  readonly condition?: HttpCondition;
  /** Certificate authorities in PEM form, trusted beside the machine's. */
  readonly ca?: string;
  readonly sink: (chunk: Uint8Array) => void;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

/**
 * Downloads a URL.
 * @throws MilleError `network` for a refused connection, an answer other than 200 or 304, or a body cut short.
 */
export async function download(url: string, options: DownloadOptions): Promise<HttpAnswer> {
  const { condition, sink, onProgress } = options;
  const headers: Record<string, string> = { 'user-agent': 'millefeuille', 'accept-encoding': 'identity' };
  if (condition?.etag) headers['if-none-match'] = condition.etag;
  if (condition?.lastModified) headers['if-modified-since'] = condition.lastModified;
  let response: Response;
  try {
    response = await fetch(url, {
      headers,
      redirect: 'follow',
      ...(options.ca === undefined ? {} : { tls: { ca: await withPublicRoots(options.ca) } }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    throw failed(url, connectionFailure(cause), cause, isUntrusted(cause) ? UNTRUSTED : UNREACHED);
  }
  const answer = {
    ...pick('etag', response.headers.get('etag')),
    ...pick('lastModified', response.headers.get('last-modified')),
    ...pick('fileName', dispositionName(response.headers.get('content-disposition'))),
  };
  if (response.status === 304) return { notModified: true, ...answer };
  if (!response.ok) throw refused(url, response);
  const announced = response.headers.get('content-length');
  const total = announced === null ? undefined : Number(announced);
  let done = 0;
  try {
    if (response.body) {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        sink(chunk);
        done += chunk.length;
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

/** What the server said no to, and what may help. */
function refused(url: string, { status, statusText }: Response): MilleError {
  const hint =
    status === 404 || status === 410
      ? 'look at the address in a browser: the file may have moved'
      : status === 401 || status === 403 || status === 407
        ? 'the server, or a proxy on the way, asks for a login; fetch the file first and COPY it'
        : 'the next build tries again';
  return failed(url, `the server answered ${status} ${statusText}`.trimEnd(), undefined, hint);
}

const UNTRUSTED = "add the authority to this machine's certificates, or name its bundle with --ca PATH";

function isUntrusted(cause: unknown): boolean {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return /CERT|certificate/i.test(`${code} ${message}`);
}

/** Bun's words for common failures are made for programmers. */
function connectionFailure(cause: unknown): string {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  const text = `${code} ${message}`;
  if (/ECONNREFUSED|ConnectionRefused/.test(text)) return 'the connection was refused';
  if (/ENOTFOUND|EAI_AGAIN|FailedToOpenSocket|DNS/i.test(text)) return 'no such host is known';
  if (/ETIMEDOUT|Timeout/i.test(text)) return 'the server did not answer in time';
  return cause instanceof Error ? cause.message : String(cause);
}

/** A bundle that is given stands beside the public authorities, not in their place. */
async function withPublicRoots(ca: string): Promise<string[]> {
  const { rootCertificates } = await import('node:tls');
  return [ca, ...rootCertificates];
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
