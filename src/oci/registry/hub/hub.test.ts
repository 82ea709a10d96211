// Docker Hub's interface against a stand-in: pages, limits, logins, and answers that are not what they should be.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { type FakeHub, fakeHub, officialTags } from '../../../../test/support/hub.ts';
import { type HubAccess, hubBase } from './ask.ts';
import { searchHub } from './search.ts';
import { hubTags } from './tags.ts';

const many = Array.from({ length: 730 }, (_, i) => ({ name: `1.0.${i}`, images: [] }));
let hub: FakeHub;
beforeAll(() => {
  hub = fakeHub({ 'library/alpine': officialTags('alpine'), 'me/many': many, 'me/private': [{ name: 'x' }] });
});
afterAll(() => hub.stop());
beforeEach(() => {
  hub.hook = undefined;
  hub.requests.length = 0;
});

const access = (more: Partial<HubAccess> = {}): HubAccess => ({
  ...{ credentials: async () => undefined, hub: new URL(hub.url), patience: 2000, pause: 1 },
  ...more,
});
const me = { kind: 'password', user: 'me', password: 'pass' } as const;

describe('hubTags', () => {
  test('names, sizes, platforms, times', async () => {
    const answer = await hubTags('library/alpine', { pages: 3 }, access());
    expect(answer).toMatchObject({ total: 12, dropped: 0 });
    expect(answer?.cut).toBeUndefined();
    expect(answer?.tags.map(({ name }) => name)).toContain('3.24.1');
    expect(answer?.tags[0]).toMatchObject({ pushed: '2026-08-20T02:01:00.000000Z' });
    expect(answer?.tags[0]?.images[2]).toMatchObject({ os: 'linux', architecture: 'arm', variant: 'v7' });
  });
  test('pages, as many as are wanted', async () => {
    const all = await hubTags('me/many', { pages: 10 }, access());
    expect([all?.tags.length, all?.total, all?.cut, hub.requests.length]).toEqual([730, 730, undefined, 8]);
    const some = await hubTags('me/many', { pages: 2 }, access());
    expect([some?.tags.length, some?.total, some?.cut]).toEqual([200, 730, 'enough']);
    const named = await hubTags('me/many', { pages: 2, name: '1.0.72' }, access());
    expect([named?.tags.length, named?.total]).toEqual([11, 11]);
  });
  test('nothing more for who has not logged in', async () => {
    hub.hook = (_, url) =>
      Number(url.searchParams.get('page')) > 4
        ? Response.json({ message: 'pagination offset too large for anonymous requests' }, { status: 403 })
        : undefined;
    const answer = await hubTags('me/many', { pages: 10 }, access());
    expect([answer?.tags.length, answer?.cut]).toEqual([400, 'refused']);
  });
  test('no such repository, before and after a login', async () => {
    expect(await hubTags('me/nothing', { pages: 1 }, access())).toBeUndefined();
    expect(
      await hubTags('me/nothing', { pages: 1 }, access({ credentials: async () => me })),
    ).toBeUndefined();
  });
  test('a private one with the login, which goes nowhere else', async () => {
    hub.hook = (request, url) =>
      url.pathname.includes('/me/') && request.headers.get('authorization') !== 'Bearer the-token'
        ? Response.json({ message: 'object not found' }, { status: 404 })
        : undefined;
    expect(await hubTags('me/private', { pages: 1 }, access())).toBeUndefined();
    const answer = await hubTags('me/private', { pages: 1 }, access({ credentials: async () => me }));
    expect(answer?.tags.map(({ name }) => name)).toEqual(['x']);
    expect(hub.authorizations.get('/v2/auth/token')).toBeNull();
    const wrong = { ...me, password: 'wrong' };
    expect(
      await hubTags('me/private', { pages: 1 }, access({ credentials: async () => wrong })),
    ).toBeUndefined();
  });
  test('limits: waited for where it is short, told where it is long', async () => {
    let count = 0;
    hub.hook = () =>
      count++ === 0 ? new Response('{}', { status: 429, headers: { 'x-retry-after': '1' } }) : undefined;
    expect((await hubTags('library/alpine', { pages: 1 }, access()))?.total).toBe(12);
    const later = String(Math.floor(Date.now() / 1000) + 600);
    hub.hook = () => new Response('{}', { status: 429, headers: { 'x-retry-after': later } });
    await expect(hubTags('library/alpine', { pages: 1 }, access())).rejects.toThrow(
      /^Docker Hub limits how often it is asked, again in 10 minutes$/,
    );
    hub.hook = () => new Response('rate limit exceeded', { status: 429 });
    await expect(hubTags('library/alpine', { pages: 1 }, access())).rejects.toThrow('limits how often');
  });
  test.each([
    ['no JSON', '<html>', 'is not JSON'],
    ['a list', '[]', 'not what its documentation says'],
    ['null', 'null', 'not what its documentation says'],
    ['no results', '{"count":3}', 'not what its documentation says'],
    ['too much', ' '.repeat(9 * 1024 * 1024), 'larger than'],
  ])('%s', async (_, body, message) => {
    hub.hook = () => new Response(body);
    await expect(hubTags('library/alpine', { pages: 1 }, access())).rejects.toThrow(message);
  });
  test('entries that are not what they should be are left out', async () => {
    const images = [{ os: 'linux', architecture: 'amd64', size: -1, digest: 'sha256:x' }, { os: 1 }, null];
    const results = [
      ...[null, 3, {}, { name: 'a b' }, { name: `\u001b[31m` }, { name: 'x'.repeat(200_000) }],
      { name: 'good', images, last_updated: 'yesterday', digest: 7 },
    ];
    hub.hook = () => Response.json({ count: 'many', results });
    const answer = await hubTags('library/alpine', { pages: 9 }, access());
    const image = { os: 'linux', architecture: 'amd64', size: 0 };
    expect(answer).toEqual({ tags: [{ name: 'good', images: [image] }], total: 1, dropped: 6 });
  });
  test('a count without end is not believed', async () => {
    hub.hook = () => Response.json({ count: Number.MAX_SAFE_INTEGER, results: [{ name: 'a' }] });
    const answer = await hubTags('library/alpine', { pages: 10 }, access());
    expect([answer?.tags.length, answer?.cut, hub.requests.length]).toEqual([1, 'enough', 10]);
  });
});

describe('searchHub', () => {
  test('a page', async () => {
    const answer = await searchHub('python', { page: 1, size: 2 }, access());
    expect([answer.pages, answer.dropped]).toEqual([2, 0]);
    expect(answer.found.map(({ name, stars, official }) => [name, stars, official])).toEqual([
      ['python', 9800, true],
      ['cimg/python', 12, false],
    ]);
  });
  test('what has no name is left out', async () => {
    const results = [
      { name: 'ok', is_private: true },
      { name: '\u001b[2J' },
      { name: 'x'.repeat(300) },
      null,
    ];
    hub.hook = () => Response.json({ results });
    const answer = await searchHub('x', { page: 1, size: 25 }, access());
    const found = { name: 'ok', description: '', stars: 0, official: false, automated: false, private: true };
    expect(answer).toEqual({ found: [found], pages: 1, dropped: 3 });
  });
});

test('another address: by TLS, or of this machine', () => {
  expect(hubBase('https://hub.example/x', 'S').href).toBe('https://hub.example/x');
  expect(hubBase('http://localhost:1', 'S').port).toBe('1');
  for (const text of ['http://hub.example', 'hub', 'https://u:p@hub.example', 'file:///etc'])
    expect(() => hubBase(text, 'MILLE_HUB_URL')).toThrow("MILLE_HUB_URL can't be");
});
