// A proxy in front of a registry that says what it was asked for.

/** A proxy. */
export interface CountingProxy {
  readonly host: string;
  /** `METHOD /path`, with the query of uploads that mount, as they came since this was emptied. */
  readonly requests: string[];
  /** What is answered in the place of the registry; undefined for the registry's own answer. */
  hook: ((path: string) => Response | undefined) | undefined;
  stop(): void;
}

/** Starts a proxy to a registry without TLS. */
export function countingProxy(registry: string): CountingProxy {
  const requests: string[] = [];
  const self: CountingProxy = { host: '', requests, hook: undefined, stop: () => server.stop(true) };
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      requests.push(`${request.method} ${pathname}${search.includes('mount=') ? search : ''}`);
      const instead = self.hook?.(pathname);
      if (instead) return instead;
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
  return Object.assign(self, { host: `127.0.0.1:${server.port}` });
}
