// Registries that fail, lie or are after somebody's login: a pull completes right or fails clean, and nothing partial
// can be seen.

import { afterAll, afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRemote } from '../../src/app/pull/find-remote.ts';
import { parsePlatform, parseReference } from '../../src/oci/image/index.ts';
import type { RegistryAccess } from '../../src/oci/registry/index.ts';
import { openStore, type Store } from '../../src/oci/store/index.ts';
import { lockFd } from '../../src/sys/index.ts';
import { blobOf, type FakeRegistry, fakeRegistry, tinyImage } from '../support/registry.ts';

const place = mkdtempSync(join(tmpdir(), 'mille-faults-'));
const amd64 = parsePlatform('linux/amd64', { os: 'linux', architecture: 'amd64' });
const noise = randomBytes(600_000);
const image = tinyImage(noise);
let store: Store;
let registry: FakeRegistry;
let count = 0;

beforeEach(() => {
  store = openStore(join(place, String(count++)), { privilege: 'root' });
  registry = fakeRegistry();
  registry.serve('1', image);
});
afterEach(() => {
  registry.stop();
  store.close();
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

async function pull(options: { tag?: string; access?: Partial<RegistryAccess>; platform?: string } = {}) {
  const reference = parseReference(`${registry.host}/team/app${options.tag ?? ':1'}`);
  const access = { credentials: async () => undefined, pause: 1, patience: 500, ...options.access };
  const platform = options.platform === undefined ? amd64 : parsePlatform(options.platform, amd64);
  const lock = store.lockShared();
  try {
    const found = await findRemote(store, { reference, platform, access, keepOther: false });
    return { ...found, fetched: await found.keep(() => {}) };
  } finally {
    lock.release();
  }
}

const name = () => `${registry.host}/team/app:1`;
const isLayer = (url: URL) => url.pathname.endsWith(`/blobs/${image.layer.digest}`);
const blobRequests = () =>
  registry.requests.filter((line) => line === `GET /v2/team/app/blobs/${image.layer.digest}`);

async function failsClean(code: string, options?: Parameters<typeof pull>[0]): Promise<string> {
  const error = await pull(options).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ code });
  expect(store.listImages()).toEqual([]);
  expect(store.hasBlob(image.layer.digest as never)).toBe(false);
  expect(await store.verify()).toEqual([]);
  return error.message;
}

describe('a pull', () => {
  test('brings the image; a second one asks for the digest alone', async () => {
    expect((await pull()).fetched).toBe(true);
    expect(String(store.resolveName(name()))).toBe(image.manifest.digest);
    expect(await store.verify()).toEqual([]);
    registry.requests.length = 0;
    expect((await pull()).fetched).toBe(false);
    expect(registry.requests).toEqual(['HEAD /v2/team/app/manifests/1']);
  });

  test('by digest names nothing, and needs no registry the second time', async () => {
    const tag = `@${image.manifest.digest}`;
    await pull({ tag });
    expect(store.listImages().map(({ names }) => names)).toEqual([[]]);
    registry.requests.length = 0;
    await pull({ tag });
    expect(registry.requests).toEqual([]);
  });

  test('of a moved tag fetches only what differs', async () => {
    await pull();
    const other = JSON.parse(image.config.bytes.toString());
    const config = blobOf(JSON.stringify({ ...other, author: 'somebody' }));
    const manifest = JSON.parse(image.manifest.bytes.toString());
    const edited = {
      ...manifest,
      config: { ...manifest.config, digest: config.digest, size: config.bytes.length },
    };
    registry.blob(config);
    registry.manifest('1', blobOf(JSON.stringify(edited)));
    registry.requests.length = 0;
    expect((await pull()).fetched).toBe(false);
    expect(blobRequests()).toEqual([]);
    expect(store.image(store.resolveName(name())!).config.author).toBe('somebody');
  });

  test('of an index takes the platform asked for, and remembers what its digest means', async () => {
    const arm = tinyImage('arm', 'arm64');
    registry.serve('arm', arm);
    const entry = (served: typeof arm, architecture: string) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: served.manifest.digest,
      size: served.manifest.bytes.length,
      platform: { os: 'linux', architecture },
    });
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const index = blobOf(
      JSON.stringify({
        schemaVersion: 2,
        mediaType,
        manifests: [entry(arm, 'arm64'), entry(image, 'amd64')],
      }),
    );
    registry.manifest('1', index);
    const tag = `@${index.digest}`;
    expect(String((await pull({ tag, platform: 'linux/arm64' })).manifestDigest)).toBe(arm.manifest.digest);
    expect(String((await pull({ tag })).manifestDigest)).toBe(image.manifest.digest);
    registry.requests.length = 0;
    expect(String((await pull({ tag, platform: 'linux/arm64' })).manifestDigest)).toBe(arm.manifest.digest);
    expect(registry.requests).toEqual([]);
    expect(pull({ platform: 'linux/s390x' })).rejects.toThrow(/is for linux\/arm64, linux\/amd64, not for/);
  });
});

describe('two images with a layer in common', () => {
  test('at the same time: it is fetched once', async () => {
    const edit = { ...JSON.parse(image.manifest.bytes.toString()), annotations: { a: 'b' } };
    registry.manifest('2', blobOf(JSON.stringify(edit)));
    registry.hook = async (_, url) => {
      if (isLayer(url)) await Bun.sleep(50);
      return undefined;
    };
    await Promise.all([pull(), pull({ tag: ':2' })]);
    expect(blobRequests().length).toBe(1);
    expect(store.listImages().length).toBe(2);
    expect(await store.verify()).toEqual([]);
  });
});

describe('what a registry gets wrong', () => {
  const answerLayer = (make: (bytes: Uint8Array) => Response) => {
    registry.hook = (_, url) => (isLayer(url) ? make(image.layer.bytes) : undefined);
  };

  test('a blob of other bytes', async () => {
    answerLayer((bytes) => {
      const changed = Buffer.from(bytes);
      changed[5_000]! ^= 1;
      return new Response(changed);
    });
    const error = await pull().catch((thrown) => thrown);
    expect(['digest-mismatch', 'archive-broken']).toContain(error.code);
    expect(store.listImages()).toEqual([]);
    expect(await store.verify()).toEqual([]);
  });

  test('another image in its place, well-formed', async () => {
    const other = tinyImage(randomBytes(600_000));
    answerLayer(() => new Response(other.layer.bytes as Uint8Array<ArrayBuffer>));
    await failsClean('digest-mismatch');
  });

  test('a blob that is longer, announced or not', async () => {
    answerLayer((bytes) => new Response(Buffer.concat([bytes, Buffer.alloc(9)])));
    await failsClean('digest-mismatch');
    answerLayer((bytes) => new Response(new Blob([bytes as Uint8Array<ArrayBuffer>, 'more']).stream()));
    await failsClean('digest-mismatch');
  });

  test('a body without end', async () => {
    answerLayer(
      () =>
        new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65536)) })),
    );
    expect(['digest-mismatch', 'archive-broken']).toContain((await pull().catch((error) => error)).code);
    registry.hook = (_, url) =>
      url.pathname.includes('/manifests/')
        ? new Response(
            new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)) }),
          )
        : undefined;
    expect(await failsClean('image-invalid')).toContain('larger than');
  });

  test('a manifest that is not what its digest says', async () => {
    registry.hook = (_, url) =>
      url.pathname.includes('/manifests/sha256:') ? new Response('{"schemaVersion":2}') : undefined;
    await failsClean('digest-mismatch', { tag: `@${image.manifest.digest}` });
  });

  test('redirections in a circle, and to where there is no TLS', async () => {
    registry.hook = (_, url) =>
      isLayer(url) ? new Response(null, { status: 307, headers: { location: url.pathname } }) : undefined;
    expect(await failsClean('network')).toContain('again and again');
    registry.hook = (_, url) =>
      isLayer(url)
        ? new Response(null, {
            status: 307,
            headers: { location: 'http://elsewhere.example/x?signature=abc' },
          })
        : undefined;
    expect(await failsClean('network')).toContain('without TLS');
  });

  test('silence', async () => {
    registry.hook = () => new Promise(() => {});
    expect(await failsClean('network', { access: { patience: 100 } })).toContain('nothing came');
  });
});

test('an interruption ends it at once', async () => {
  const controller = new AbortController();
  registry.hook = (_, url) => {
    if (isLayer(url)) setTimeout(() => controller.abort(), 20);
    return isLayer(url) ? new Promise(() => {}) : undefined;
  };
  await failsClean('interrupted', { access: { signal: controller.signal, patience: 30_000 } });
});

describe('what passes', () => {
  test('too many requests, and errors of the moment', async () => {
    const statuses = [429, 503, 500];
    registry.hook = () => {
      const status = statuses.shift();
      return status === undefined
        ? undefined
        : new Response('busy', { status, headers: { 'retry-after': '0' } });
    };
    expect((await pull()).fetched).toBe(true);
  });

  test('who wants to be left alone for an hour is not asked again, and the error says until when', async () => {
    const headers = { 'retry-after': '3600' };
    registry.hook = () => new Response('{"errors":[{"message":"slow down"}]}', { status: 429, headers });
    expect(await failsClean('network')).toMatch(
      /answered 429 \(slow down\), and wants to be left alone until 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC$/,
    );
    expect(registry.requests.length).toBe(1);
  });

  test('errors that stay are told, after a bounded number of tries', async () => {
    registry.hook = () => new Response('{"errors":[{"message":"on fire"}]}', { status: 500 });
    expect(await failsClean('network')).toContain('answered 500 (on fire)');
    expect(registry.requests.length).toBe(5);
  });

  test('a cut connection: taken up where it ended', async () => {
    const cuts = await cuttingProxy(Number(registry.host.split(':')[1]), 250_000);
    try {
      const direct = registry.host;
      Object.assign(registry, { host: cuts.host });
      expect((await pull()).fetched).toBe(true);
      expect(await store.verify()).toEqual([]);
      expect(cuts.count()).toBeGreaterThan(0);
      expect(blobRequests().length).toBeGreaterThan(1);
      Object.assign(registry, { host: direct });
    } finally {
      cuts.stop();
    }
  });
});

describe('what was cut is taken up again', () => {
  const partial = () => join(store.paths.tmp, `${image.layer.digest.slice(7)}.partial`);
  const reopen = () => {
    const { root } = store;
    store.close();
    store = openStore(root, { privilege: 'root' });
  };
  /** A pull of which half the layer comes. */
  const cut = async () => {
    registry.hook = (request, url) => {
      if (!isLayer(url)) return undefined;
      const [, from = '0'] = /^bytes=(\d+)-/.exec(request.headers.get('range') ?? '') ?? [];
      const part = image.layer.bytes.subarray(Number(from), 300_000) as Uint8Array<ArrayBuffer>;
      const headers = { 'content-range': `bytes ${from}-${image.layer.bytes.length - 1}/*` };
      return new Response(new Blob([part]).stream(), { status: from === '0' ? 200 : 206, headers });
    };
    await failsClean('network');
    expect(statSync(partial()).size).toBe(300_000);
    reopen();
  };
  const ranges = () => {
    const asked: (string | null)[] = [];
    registry.hook = (request, url) => {
      if (isLayer(url)) asked.push(request.headers.get('range'));
      return undefined;
    };
    return asked;
  };

  test('by another process, at the byte where it ended', async () => {
    await cut();
    const asked = ranges();
    expect((await pull()).fetched).toBe(true);
    expect(asked).toEqual(['bytes=300000-']);
    expect(existsSync(partial())).toBe(false);
    expect(await store.verify()).toEqual([]);
  });

  test('where all of it came, no more is asked for', async () => {
    await cut();
    writeFileSync(partial(), image.layer.bytes);
    const asked = ranges();
    expect((await pull()).fetched).toBe(true);
    expect(asked).toEqual([]);
  });

  test('but not believed: what is damaged comes again', async () => {
    for (const damage of [Buffer.alloc(300_000), randomBytes(300_000), Buffer.alloc(700_000)]) {
      await cut();
      const bytes = Buffer.from(image.layer.bytes.subarray(0, damage.length));
      damage.copy(bytes, 200_000);
      writeFileSync(partial(), damage.length > 600_000 ? damage : bytes);
      const asked = ranges();
      expect((await pull()).fetched).toBe(true);
      expect(asked.at(-1)).toBeNull();
      expect(existsSync(partial())).toBe(false);
      expect(await store.verify()).toEqual([]);
      store.close();
      store = openStore(join(place, String(count++)), { privilege: 'root' });
    }
  });

  test('by one at a time, not for ever, and not after tidying up', async () => {
    await cut();
    const fd = openSync(partial(), 'r+');
    expect(lockFd(fd, { exclusive: true, wait: false })).toBe(true);
    const asked = ranges();
    expect((await pull()).fetched).toBe(true);
    expect(asked).toEqual([null]);
    store.sweep();
    expect(existsSync(partial())).toBe(true);
    closeSync(fd);
    store.sweep();
    expect(existsSync(partial())).toBe(false);
    writeFileSync(partial(), 'x');
    utimesSync(partial(), 1, 1);
    reopen();
    store.putBlob('anything');
    expect(existsSync(partial())).toBe(false);
  });
});

describe('a login', () => {
  const login = { kind: 'password', user: 'me', password: 'geheim' } as const;
  const access = { credentials: async () => login };
  const basic = `Basic ${Buffer.from('me:geheim').toString('base64')}`;

  test('is sent when asked for, and not to where a blob is redirected', async () => {
    const seen: (string | null)[] = [];
    const elsewhere = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: (request) => {
        seen.push(request.headers.get('authorization'));
        return new Response(image.layer.bytes as Uint8Array<ArrayBuffer>);
      },
    });
    registry.hook = (request, url) => {
      if (request.headers.get('authorization') !== basic)
        return new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } });
      const location = `http://127.0.0.1:${elsewhere.port}/blob`;
      return isLayer(url) ? new Response(null, { status: 307, headers: { location } }) : undefined;
    };
    try {
      expect((await pull({ access })).fetched).toBe(true);
      expect(seen).toEqual([null]);
    } finally {
      elsewhere.stop(true);
    }
  });

  test('is changed for a token, which expires in the middle', async () => {
    let asked = 0;
    registry.hook = (request, url) => {
      const authorization = request.headers.get('authorization');
      if (url.pathname === '/token') {
        asked++;
        if (asked === 1) return new Response('busy', { status: 503 });
        expect(authorization).toBe(basic);
        expect(url.searchParams.getAll('scope')).toEqual(['repository:team/app:pull']);
        expect(url.searchParams.get('service')).toBe('test');
        return Response.json({ token: `t${asked}` });
      }
      const good = isLayer(url) ? 'Bearer t3' : 'Bearer t2';
      if (authorization === good) return undefined;
      const challenge = `Bearer realm="http://${registry.host}/token",service="test",scope="repository:team/app:pull"`;
      return new Response(null, { status: 401, headers: { 'www-authenticate': challenge } });
    };
    expect((await pull({ access })).fetched).toBe(true);
    expect(asked).toBe(3);
  });

  test('that is an identity token is posted, and nothing else', async () => {
    registry.hook = async (request, url) => {
      if (url.pathname === '/token') {
        const form = new URLSearchParams(await request.text());
        expect(Object.fromEntries(form)).toMatchObject({
          grant_type: 'refresh_token',
          refresh_token: 'long-lived',
          service: 'test',
          scope: 'repository:team/app:pull',
        });
        return Response.json({ access_token: 'short-lived' });
      }
      if (request.headers.get('authorization') === 'Bearer short-lived') return undefined;
      const challenge = `Bearer realm="http://${registry.host}/token",service="test"`;
      return new Response(null, { status: 401, headers: { 'www-authenticate': challenge } });
    };
    const identity = { credentials: async () => ({ kind: 'identity', token: 'long-lived' }) as const };
    expect((await pull({ access: identity })).fetched).toBe(true);
  });

  test('does not go to a token server without TLS elsewhere, and is in no message', async () => {
    const challenge = 'Bearer realm="http://thief.example/token",service="x"';
    registry.hook = () => new Response(null, { status: 401, headers: { 'www-authenticate': challenge } });
    expect(await failsClean('network', { access })).toContain('without TLS');
    registry.hook = () =>
      new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } });
    const message = await failsClean('registry-denied', { access });
    expect(message).not.toContain('geheim');
    expect(registry.requests.length).toBeLessThan(6);
  });
});

/** Passes bytes on, and cuts each connection after `limit` bytes of answers, all of which arrive. */
async function cuttingProxy(port: number, limit: number) {
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const peer = connect(port, '127.0.0.1');
    const end = () => socket.end();
    let sent = 0;
    for (const one of [socket, peer]) {
      sockets.add(one);
      one.on('error', () => {});
    }
    peer.on('data', (bytes: Buffer) => {
      if (sent >= limit) return;
      const part = bytes.subarray(0, limit - sent);
      sent += part.length;
      if (sent < limit) return void socket.write(part);
      cuts++;
      // What a reset overtakes is lost to the reader, and of too little each time it has enough: it may come first.
      socket.write(part, () => setTimeout(() => socket.end(), 20));
      peer.off('close', end);
      peer.destroy();
    });
    peer.on('close', end);
    socket.on('data', (bytes) => peer.write(bytes));
    socket.on('close', () => peer.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port: own } = server.address() as AddressInfo;
  const stop = () => {
    for (const one of sockets) one.destroy();
    server.close();
  };
  return { host: `127.0.0.1:${own}`, count: () => cuts, stop };
}
