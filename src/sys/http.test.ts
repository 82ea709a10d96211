// Downloads and proxies: what this machine serves itself never goes through one, wherever a redirection leads from.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';

let origin: ReturnType<typeof Bun.serve>;
let proxy: ReturnType<typeof Bun.serve>;
const direct: string[] = [];
const proxied: string[] = [];
const logins: (string | null)[] = [];

beforeAll(() => {
  origin = Bun.serve({
    port: 0,
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      direct.push(pathname);
      logins.push(request.headers.get('authorization'));
      if (pathname === '/far') return Response.redirect('http://far.invalid/file', 302);
      if (pathname === '/loop') return Response.redirect('/loop', 302);
      if (pathname === '/local') return Response.redirect('/file', 301);
      if (pathname === '/odd')
        return new Response('', { status: 302, headers: { location: 'file:///etc/passwd' } });
      return new Response('from here');
    },
  });
  proxy = Bun.serve({
    port: 0,
    fetch: (request) => {
      proxied.push(request.url);
      logins.push(request.headers.get('authorization'));
      if (request.url.endsWith('/near'))
        return Response.redirect(`http://127.0.0.1:${origin.port}/file`, 302);
      return new Response('from the proxy');
    },
  });
});
afterAll(() => {
  origin.stop(true);
  proxy.stop(true);
});

/** Downloads in a process of its own, whose environment names the proxy. */
async function fetched(url: string, authorization?: string): Promise<string> {
  for (const list of [direct, proxied, logins]) list.length = 0;
  const program = `
    import { download } from ${JSON.stringify(join(import.meta.dir, 'http.ts'))};
    const [url, authorization] = JSON.parse(process.argv[1]);
    let text = '';
    const sink = (bytes) => { text += Buffer.from(bytes).toString(); };
    try { await download(url, { sink, authorization }); console.log(text); } catch (error) { console.log(error.message); }
  `;
  const child = Bun.spawn([process.execPath, '-e', program, JSON.stringify([url, authorization])], {
    env: {
      ...process.env,
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
      http_proxy: '',
      NO_PROXY: '',
      no_proxy: '',
    },
    stdout: 'pipe',
  });
  return (await child.stdout.text()).trim();
}

test.each(['127.0.0.1', 'localhost'])('%s is asked itself', async (host) => {
  expect(await fetched(`http://${host}:${origin.port}/local`)).toBe('from here');
  expect([direct, proxied]).toEqual([['/local', '/file'], []]);
});

test('others are asked through the proxy, also where this machine sends there, and the other way round', async () => {
  expect(await fetched('http://far.invalid/file')).toBe('from the proxy');
  expect(proxied).toEqual(['http://far.invalid/file']);
  expect(await fetched(`http://127.0.0.1:${origin.port}/far`, 'Bearer secret')).toBe('from the proxy');
  expect(logins).toEqual(['Bearer secret', null]);
  expect(await fetched('http://far.invalid/near', 'Bearer secret')).toBe('from here');
  expect([direct, proxied, logins]).toEqual([
    ['/file'],
    ['http://far.invalid/near'],
    ['Bearer secret', null],
  ]);
});

test('a login stays where the server is the same', async () => {
  expect(await fetched(`http://127.0.0.1:${origin.port}/local`, 'Bearer secret')).toBe('from here');
  expect(logins).toEqual(['Bearer secret', 'Bearer secret']);
});

test('redirections end, and lead to addresses', async () => {
  const at = `http://127.0.0.1:${origin.port}`;
  expect(await fetched(`${at}/loop`)).toBe(`cannot fetch ${at}/loop: it was redirected more than 10 times`);
  expect(await fetched(`${at}/odd`)).toBe(
    `cannot fetch ${at}/odd: it was redirected to what is no address: file:///etc/passwd`,
  );
});
