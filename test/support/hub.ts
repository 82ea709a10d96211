// A stand-in for Docker Hub's own interface: its search, its tags and its logins, in the shapes that its documentation
// gives, with pages, limits of requests and refusals.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hook } from './registry.ts';

/** A Docker Hub on this machine. */
export interface FakeHub {
  readonly url: string;
  /** `METHOD /path?query`, as they came. */
  readonly requests: string[];
  /** The last header `Authorization` of each path. */
  readonly authorizations: Map<string, string | null>;
  hook: Hook | undefined;
  stop(): void;
}

const IMAGES = join(import.meta.dir, '../../src/insight/tags/testdata/images.tsv');
const LINUX = ['amd64', 'arm64', 'arm/v7', 's390x'];

function digestOf(text: string): string {
  return `sha256:${new Bun.CryptoHasher('sha256').update(text).digest('hex')}`;
}

/** The tags of an official image as of August 2026, as Docker Hub shows them: names and images are real, sizes not. */
export function officialTags(repository: string): Record<string, unknown>[] {
  const groups = readFileSync(IMAGES, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t') as [string, string])
    .filter(([name]) => name === repository)
    .map(([, names]) => names.split(' '));
  const tags = new Map<string, Record<string, unknown>[]>();
  for (const names of groups) {
    const windows = /windows|nanoserver/.test(names[0]!);
    const images = (windows ? ['amd64'] : LINUX).map((platform) => {
      const [architecture, variant] = platform.split('/');
      return {
        architecture,
        variant: variant ?? null,
        features: '',
        os: windows ? 'windows' : 'linux',
        os_version: windows ? '10.0.26100.1' : null,
        os_features: '',
        digest: digestOf(`${names[0]} ${platform}`),
        size: (names[0]!.length * 1_234_567 + platform.length) % 400_000_000,
        status: 'active',
        last_pulled: '2026-08-21T01:00:00.000000Z',
        last_pushed: '2026-08-20T02:00:00.000000Z',
      };
    });
    // A tag that several images share lists all of them.
    for (const name of names) tags.set(name, [...(tags.get(name) ?? []), ...images]);
  }
  return [...tags].map(([name, images], i) => ({
    creator: 2215,
    id: 1000 + i,
    images,
    last_updated: '2026-08-20T02:01:00.000000Z',
    last_updater: 1156886,
    last_updater_username: 'doijanky',
    name,
    repository: 21400,
    full_size: images[0]!.size,
    v2: true,
    tag_status: 'active',
    tag_last_pulled: '2026-08-21T01:00:00.000000Z',
    tag_last_pushed: '2026-08-20T02:01:00.000000Z',
    media_type: 'application/vnd.oci.image.index.v1+json',
    content_type: 'image',
    digest: digestOf(JSON.stringify(images)),
  }));
}

/** What the search finds. */
export const FOUND = [
  [
    'python',
    'Python is an interpreted, interactive, object-oriented, open-source programming language.',
    9800,
    true,
  ],
  ['pypy', 'PyPy is a fast, compliant alternative implementation of the Python language.', 400, true],
  ['cimg/python', '', 12, false],
  ['someone/python', 'line one\nline two \u001b]0;title\u0007\u001b[31mred\u001b[0m \u202egnp', 1, false],
  ['nobody/python', 'no stars', 0, false],
] as const;

/** Starts one. @param tags by repository, `library/python` */
export function fakeHub(tags: Readonly<Record<string, readonly unknown[]>>): FakeHub {
  const json = (value: unknown, status = 200) =>
    Response.json(value, {
      status,
      headers: {
        'x-ratelimit-limit': '180',
        'x-ratelimit-remaining': '179',
        'x-ratelimit-reset': '1787000000',
      },
    });
  const page = <T>(all: readonly T[], url: URL, size: string) => {
    const [number, count] = [
      Number(url.searchParams.get('page') ?? 1),
      Number(url.searchParams.get(size) ?? 10),
    ];
    return { some: all.slice((number - 1) * count, number * count), number, count };
  };
  const answer = async (request: Request, url: URL): Promise<Response> => {
    const { pathname } = url;
    if (pathname === '/v1/search') {
      const query = url.searchParams.get('q') ?? '';
      const all = FOUND.filter(([name]) => name.includes(query)).map(
        ([name, description, stars, official]) => ({
          ...{ name, description, star_count: stars, is_official: official, is_automated: false },
        }),
      );
      const { some, number, count } = page(all, url, 'n');
      return json({
        num_pages: Math.ceil(all.length / count),
        num_results: all.length,
        page: number,
        page_size: count,
        query,
        results: some,
      });
    }
    if (pathname === '/v2/auth/token' && request.method === 'POST') {
      const { identifier, secret } = (await request.json()) as Record<string, unknown>;
      const good = identifier === 'me' && secret === 'pass';
      return good ? json({ access_token: 'the-token' }) : json({ detail: 'Incorrect credentials' }, 401);
    }
    const [, space, name] = /^\/v2\/namespaces\/([^/]+)\/repositories\/([^/]+)\/tags$/.exec(pathname) ?? [];
    const all = tags[`${space}/${name}`];
    if (!all) return json({ message: 'httperror 404: object not found', errinfo: {} }, 404);
    const wanted = url.searchParams.get('name') ?? '';
    const matching = all.filter((tag) => String((tag as { name?: unknown }).name).includes(wanted));
    const { some, number, count } = page(matching, url, 'page_size');
    const near = (to: number) => `${url.origin}${pathname}?page=${to}&page_size=${count}`;
    const last = Math.ceil(matching.length / count);
    return json({
      count: matching.length,
      next: number < last ? near(number + 1) : null,
      previous: number > 1 ? near(number - 1) : null,
      results: some,
    });
  };
  const self: FakeHub = {
    url: '',
    requests: [],
    authorizations: new Map(),
    hook: undefined,
    stop: () => server.stop(true),
  };
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      const url = new URL(request.url);
      self.requests.push(`${request.method} ${url.pathname}${url.search}`);
      self.authorizations.set(url.pathname, request.headers.get('authorization'));
      return (await self.hook?.(request, url)) ?? (await answer(request, url));
    },
  });
  return Object.assign(self, { url: `http://127.0.0.1:${server.port}` });
}
