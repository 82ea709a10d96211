// One HTTP request and its answer as it comes: nothing is followed, nothing is judged, the body is a stream. For
// protocols that decide for themselves what a status or a redirection means.

import { MilleError } from '../core/index.ts';
import { withHostAuthorities } from './authorities.ts';
import { unreached } from './http.ts';
import { checkNetwork } from './offline.ts';

/** What a server is spoken to with by TLS, beyond what the machine trusts. */
export interface TlsOptions {
  /** Certificate authorities in PEM form, trusted beside the machine's and those of the request. */
  readonly authorities?: string;
  /** A certificate to show, and its key, in PEM form. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Whether the server may be anybody. */
  readonly unverified?: boolean;
}

/** What is sent. */
export interface ExchangeOptions extends TlsOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Certificate authorities in PEM form, trusted beside the machine's. */
  readonly ca?: string;
  readonly signal?: AbortSignal;
  /** What messages call the address: one that was redirected to may hold a signature. */
  readonly shown?: string;
  /** A socket of this machine to be spoken to, whatever host the address names. */
  readonly socket?: string;
  /** Whether a proxy is never asked, whatever the environment says. */
  readonly direct?: boolean;
  /** Milliseconds within which the answer must begin, and each further piece of its body must come. */
  readonly patience: number;
}

/** What came back. */
export interface Exchange {
  readonly status: number;
  /** A header by its name, whatever its case. */
  header(name: string): string | undefined;
  /** The body, to be read once. @throws MilleError `network` where it breaks off or stalls; `interrupted` */
  body(): AsyncGenerator<Uint8Array, void, void>;
  /** Lets go of a body that nobody wants. */
  discard(): Promise<void>;
}

/**
 * Sends one request.
 * @throws MilleError `network` where nothing answers, `interrupted` after the signal
 */
export async function exchange(url: string, options: ExchangeOptions): Promise<Exchange> {
  const { method = 'GET', headers = {}, body, signal, patience, shown = url } = options;
  const controller = new AbortController();
  const stop = () => controller.abort();
  let stalled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled = true;
      stop();
    }, patience);
  };
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  };
  const failure = (cause: unknown): unknown => {
    if (cause instanceof MilleError) return cause;
    if (signal?.aborted) return new MilleError('interrupted', 'interrupted');
    return stalled ? silent(shown, patience) : unreached(shown, cause);
  };
  if (options.socket === undefined) checkNetwork(shown);
  if (signal?.aborted) throw new MilleError('interrupted', 'interrupted');
  signal?.addEventListener('abort', stop);
  wait();
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: { 'user-agent': 'millefeuille', 'accept-encoding': 'identity', ...headers },
      redirect: 'manual',
      signal: controller.signal,
      ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
      // Not in the runtime's types; without it a request to this machine itself would go to the proxy too.
      ...(options.direct ? { proxy: false as unknown as string } : {}),
      ...(options.socket === undefined ? {} : { unix: options.socket }),
      ...(await tlsSettings(options)),
    });
  } catch (cause) {
    end();
    throw failure(cause);
  }
  clearTimeout(timer);
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    async *body() {
      const reader = response.body?.getReader();
      try {
        for (;;) {
          wait();
          const piece = await reader?.read();
          // Whoever takes the bytes may need longer than the server.
          clearTimeout(timer);
          if (!piece || piece.done) return;
          yield piece.value;
        }
      } catch (cause) {
        throw failure(cause);
      } finally {
        end();
        await reader?.cancel().catch(() => {});
      }
    },
    async discard() {
      end();
      await response.body?.cancel().catch(() => {});
    },
  };
}

async function tlsSettings({ ca, authorities, certificate, unverified }: ExchangeOptions) {
  const own = [ca, authorities].filter((one) => one !== undefined);
  if (own.length === 0 && !certificate && !unverified) return {};
  const tls = {
    ...(own.length > 0 ? { ca: await withHostAuthorities(own.join('\n')) } : {}),
    ...(certificate ?? {}),
    ...(unverified ? { rejectUnauthorized: false } : {}),
  };
  return { tls };
}

function silent(url: string, patience: number): MilleError {
  return unreached(url, undefined, `nothing came for ${Math.round(patience / 1000)} seconds`);
}
