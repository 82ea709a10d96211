// Lists of names, page by page, of registries that mean well and of those that do not.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { type FakeRegistry, fakeRegistry } from '../../../test/support/registry.ts';
import { parseReference } from '../image/index.ts';
import { listCatalogue, listTags } from './listing.ts';

let registry: FakeRegistry;
beforeAll(() => {
  registry = fakeRegistry();
});
afterAll(() => registry.stop());
beforeEach(() => {
  registry.requests.length = 0;
});

const access = { credentials: async () => undefined, patience: 2000, pause: 1 };
const tags = () => listTags(parseReference(`${registry.host}/team/app`), access);

describe('listTags', () => {
  test.each([
    ['relative', (next: string) => `</v2/team/app/tags/list?last=${next}>; rel="next"`],
    ['absolute', (next: string) => `<http://${registry.host}/v2/team/app/tags/list?last=${next}>; rel=next`],
    ['among others', (next: string) => `</x>; rel="first", <list?last=${next}>; title="a"; rel="next"`],
  ])('pages by a link that is %s', async (_, link) => {
    registry.hook = (_request, url) => {
      if (url.pathname !== '/v2/team/app/tags/list') return undefined;
      const last = url.searchParams.get('last');
      const names = ['a', 'b', 'c'].filter((name) => last === null || name > last);
      const headers = names.length > 1 ? { link: link(names[0]!) } : undefined;
      return Response.json({ name: 'team/app', tags: names.slice(0, 1) }, headers ? { headers } : {});
    };
    expect(await tags()).toEqual({ names: ['a', 'b', 'c'], more: false, dropped: 0 });
    expect(registry.requests).toHaveLength(3);
  });
  test('none', async () => {
    registry.hook = () => Response.json({ name: 'team/app', tags: null });
    expect(await tags()).toEqual({ names: [], more: false, dropped: 0 });
  });
  test('no repository', async () => {
    registry.hook = undefined;
    await expect(tags()).rejects.toThrow(/has no repository team\/app$/);
  });
  test('without an end: the same page, new pages', async () => {
    const link = { link: '</v2/team/app/tags/list?last=x>; rel="next"' };
    registry.hook = () => Response.json({ tags: ['a'] }, { headers: link });
    expect(await tags()).toEqual({ names: ['a'], more: true, dropped: 0 });
    expect(registry.requests).toHaveLength(2);
    let count = 0;
    registry.hook = () => Response.json({ tags: [`t${count++}`] }, { headers: link });
    const endless = await tags();
    expect([endless.names.length, endless.more]).toEqual([200, true]);
    const large = Array.from({ length: 60_000 }, (_, i) => `t${i}`);
    registry.hook = () => Response.json({ tags: large });
    const most = await tags();
    expect([most.names.length, most.more]).toEqual([50_000, true]);
  });
  test('what cannot be a tag is left out', async () => {
    registry.hook = () =>
      Response.json({ tags: ['ok', '\u001b]0;x\u0007', 'x'.repeat(129), '../x', 7, null, 'a\nb'] });
    expect(await tags()).toEqual({ names: ['ok'], more: false, dropped: 6 });
  });
  test.each([
    ['no JSON', 'x'],
    ['no list', '{"tags":{}}'],
    ['null', 'null'],
  ])('%s', async (_, body) => {
    registry.hook = () => new Response(body);
    await expect(tags()).rejects.toThrow('is not what the protocol says');
  });
  test('a page without an end', async () => {
    registry.hook = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(32)),
        }),
      );
    await expect(tags()).rejects.toThrow('larger than');
  });
  test('no link leads away without TLS', async () => {
    registry.hook = () =>
      Response.json({ tags: ['a'] }, { headers: { link: '<http://elsewhere.example/x>; rel="next"' } });
    await expect(tags()).rejects.toThrow('redirects to http://elsewhere.example');
  });
});

describe('listCatalogue', () => {
  test('names of repositories', async () => {
    registry.hook = (_, url) =>
      url.pathname === '/v2/_catalog'
        ? Response.json({ repositories: ['team/app', 'UPPER', 'a b', 'x'] })
        : undefined;
    expect(await listCatalogue(registry.host, access)).toEqual({
      names: ['team/app', 'x'],
      more: false,
      dropped: 2,
    });
  });
  test('a registry that keeps none', async () => {
    registry.hook = undefined;
    await expect(listCatalogue(registry.host, access)).rejects.toThrow(/has no catalogue$/);
  });
  test('asks for the right to see it', async () => {
    let scope: string | null = null;
    registry.hook = (request, url) => {
      if (url.pathname === '/token') {
        scope = url.searchParams.get('scope');
        return Response.json({ token: 't' });
      }
      if (request.headers.get('authorization') === 'Bearer t') return Response.json({ repositories: ['a'] });
      const challenge = `Bearer realm="http://${registry.host}/token",service="s"`;
      return new Response('', { status: 401, headers: { 'www-authenticate': challenge } });
    };
    expect((await listCatalogue(registry.host, access)).names).toEqual(['a']);
    expect(scope as string | null).toBe('registry:catalog:*');
  });
});
