// A proxy in front of a registry that says what it was asked for.

/** A proxy. */
export interface CountingProxy {
  readonly host: string;
  /** `METHOD /path`, with the query of uploads that mount, as they came since this was emptied. */
  readonly requests: string[];
  stop(): void;
}

/** Starts a proxy to a registry without TLS. */
export function countingProxy(registry: string): CountingProxy {
  const requests: string[] = [];
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      requests.push(`${request.method} ${pathname}${search.includes('mount=') ? search : ''}`);
      const body =
        request.method === 'GET' || request.method === 'HEAD' ? {} : { body: await request.bytes() };
      const answer = await fetch(`http://${registry}${pathname}${search}`, {
        ...body,
        method: request.method,
        headers: request.headers,
        redirect: 'manual',
      });
      return new Response(request.method === 'HEAD' ? null : answer.body, answer);
    },
  });
  return { host: `127.0.0.1:${server.port}`, requests, stop: () => server.stop(true) };
}
