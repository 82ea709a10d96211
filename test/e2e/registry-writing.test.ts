// Blobs and manifests put into registries: the real one, with and without a login, and one that breaks off.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash, randomBytes } from 'node:crypto';
import type { Digest } from '../../src/core/index.ts';
import { parseReference } from '../../src/oci/image/index.ts';
import { openRepository, type RegistryAccess, type Repository } from '../../src/oci/registry/index.ts';
import { command } from '../support/docker.ts';
import { realRegistry, type TestRegistry } from '../support/registry.ts';

const access: RegistryAccess = { credentials: async () => undefined, pause: 1, patience: 2000 };
const large = randomBytes(20 * 1024 * 1024 + 5);
const digestOf = (bytes: Uint8Array) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;

/** Cut as streams are: at places of their own. */
function blobOf(bytes: Uint8Array) {
  return {
    digest: digestOf(bytes),
    size: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += 999_999) yield bytes.subarray(at, at + 999_999);
    },
  };
}

async function read(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function manifestOf(bytes: Uint8Array) {
  const descriptor = { mediaType: 'application/octet-stream', digest: digestOf(bytes), size: bytes.length };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  return {
    mediaType,
    bytes: Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config: descriptor, layers: [] })),
  };
}

describe('the real registry', () => {
  let registry: TestRegistry | undefined;
  beforeAll(async () => {
    registry = await realRegistry();
  });
  afterAll(async () => registry?.stop());

  test('takes blobs of every size, mounts them elsewhere, and a manifest over them', async () => {
    if (!registry) return;
    const open = (name: string, mounts: readonly string[] = []) =>
      openRepository(parseReference(`${registry!.host}/${name}:1`), access, { push: true, mounts });
    const one = open('team/one');
    for (const size of [0, 1, 8 * 1024 * 1024, 8 * 1024 * 1024 + 1, large.length]) {
      const bytes = large.subarray(0, size);
      const blob = blobOf(bytes);
      expect(await one.has(blob.digest)).toBe(false);
      let told = -1;
      expect(await one.send(blob, { onProgress: (done) => (told = done) })).toBe('sent');
      expect(told).toBe(size);
      expect(await one.has(blob.digest)).toBe(true);
      expect((await read(one.stream(blob))).equals(bytes)).toBe(true);
    }
    const two = open('team/two', ['team/one']);
    const never = {
      ...blobOf(large),
      open: () => {
        throw new Error('it was read');
      },
    };
    expect(await two.send(never, { mountFrom: 'team/one' })).toBe('mounted');
    // Not there to be mounted: sent instead.
    const fresh = blobOf(randomBytes(100));
    expect(await two.send(fresh, { mountFrom: 'team/one' })).toBe('sent');
    const manifest = manifestOf(large);
    const digest = await two.putManifest('1', manifest);
    expect(await two.manifest('1')).toEqual({ digest, bytes: new Uint8Array(manifest.bytes) as never });
    expect((await two.manifest(digest)).digest).toBe(digest);
    await expect(two.manifest('2')).rejects.toMatchObject({ code: 'image-missing' });
  });

  test('takes blobs that are made while they are sent, unless the making fails', async () => {
    if (!registry) return;
    const open = (name: string, mounts: readonly string[] = []) =>
      openRepository(parseReference(`${registry!.host}/${name}:1`), access, { push: true, mounts });
    const made = open('made/one');
    for (const size of [0, 8 * 1024 * 1024, 16 * 1024 * 1024, large.length]) {
      const bytes = large.subarray(0, size);
      const { digest, open } = blobOf(bytes);
      expect(await made.sendMade({ open })).toEqual({ digest, size });
      expect((await read(made.stream({ digest, size }))).equals(bytes)).toBe(true);
    }
    const never = () => {
      throw new Error('it was read');
    };
    const two = open('made/two', ['made/one']);
    const known = digestOf(large);
    expect(await two.sendMade({ open: never, known }, { mountFrom: 'made/one' })).toBe('mounted');
    // What it was the last time is no promise.
    const other = blobOf(randomBytes(100));
    expect(
      await two.sendMade({ open: other.open, known: other.digest }, { mountFrom: 'made/one' }),
    ).toMatchObject({ digest: other.digest });
    for (const length of [100, large.length]) {
      const bytes = randomBytes(length);
      const failing = async function* () {
        yield* blobOf(bytes).open();
        throw new Error('damaged');
      };
      await expect(two.sendMade({ open: failing })).rejects.toThrow('damaged');
      expect(await two.has(digestOf(bytes))).toBe(false);
    }
  });

  test('refuses what is not the blob, and a manifest whose blobs are not there', async () => {
    if (!registry) return;
    const own = openRepository(parseReference(`${registry.host}/refused:1`), access, { push: true });
    const wrong = { ...blobOf(randomBytes(100)), digest: digestOf(large) };
    await expect(own.send(wrong)).rejects.toMatchObject({ code: 'network' });
    await expect(own.send({ ...blobOf(large), size: 7 })).rejects.toMatchObject({ code: 'digest-mismatch' });
    await expect(own.putManifest('1', manifestOf(large))).rejects.toMatchObject({ code: 'network' });
  });
});

test('a registry with a login takes it for writing too', async () => {
  if (!Bun.which('htpasswd')) return console.warn('skipped: no htpasswd here');
  const line = command(['htpasswd', '-nbB', 'me', 'geheim']).stdout.toString().trim();
  const guarded = await realRegistry({ htpasswd: `${line}\n` });
  if (!guarded) return;
  try {
    const reference = parseReference(`${guarded.host}/a:1`);
    const open = (password?: string) =>
      openRepository(
        reference,
        {
          ...access,
          credentials: async () =>
            password === undefined ? undefined : { kind: 'password', user: 'me', password },
        },
        { push: true },
      );
    const blob = blobOf(large);
    for (const password of [undefined, 'falsch']) {
      const error = await open(password)
        .send(blob)
        .catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'registry-denied' });
      expect(error.message).not.toContain('falsch');
    }
    expect(await open('geheim').send(blob)).toBe('sent');
    expect(await open('geheim').has(blob.digest)).toBe(true);
  } finally {
    await guarded.stop();
  }
});

describe('a registry that answers something else', () => {
  const answering = async (answer: (path: string) => Response, work: (repository: Repository) => unknown) => {
    let requests = 0;
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: (request) => {
        requests++;
        return answer(`${request.method} ${new URL(request.url).pathname}`);
      },
    });
    try {
      const reference = parseReference(`127.0.0.1:${server.port}/a:1`);
      await work(openRepository(reference, access, { push: true }));
      return requests;
    } finally {
      server.stop(true);
    }
  };

  test('has not taken a manifest that it calls by another digest', async () => {
    const manifest = manifestOf(large);
    const digest = digestOf(manifest.bytes);
    const told = (kept: string) => () =>
      new Response(null, { status: 201, headers: { 'docker-content-digest': kept } });
    const put = (repository: Repository) => repository.putManifest('1', manifest);
    for (const kept of [digest, 'sha512:abc', '']) await answering(told(kept), put);
    for (const kept of [digestOf(large), 'sha256:x'])
      await expect(answering(told(kept), put)).rejects.toMatchObject({
        code: 'digest-mismatch',
        message: expect.stringContaining(`sent is ${digest}`),
      });
  });

  test('and wants to be left alone for an hour, is: the upload ends', async () => {
    const headers = { 'retry-after': '3600', location: '/v2/a/blobs/uploads/1' };
    const busy = (begins: boolean) => (path: string) =>
      new Response(null, { status: begins && path.startsWith('POST') ? 202 : 503, headers });
    for (const [begins, size, requests] of [
      [false, 5, 1],
      [true, 5, 2],
      [true, large.length, 2],
    ] as const) {
      const send = (repository: Repository) =>
        expect(repository.send(blobOf(large.subarray(0, size)))).rejects.toMatchObject({
          code: 'network',
          message: expect.stringContaining('left alone until'),
        });
      expect(await answering(busy(begins), send)).toBe(requests);
    }
  });
});

describe('a registry that breaks off', () => {
  /** Takes uploads as the distribution spec has it; `fault` may spoil a PATCH after some of its bytes. */
  function uploads(
    fault: (patch: number) => { keep: number; status: number } | undefined,
    { lost = 0, arrives = false } = {},
  ) {
    const state = { bytes: Buffer.alloc(0), patches: 0, ends: 0, finished: '' };
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: async (request) => {
        const url = new URL(request.url);
        const headers = { location: `/v2/a/blobs/uploads/1?state=${state.bytes.length}` };
        if (request.method === 'HEAD')
          return new Response(null, { status: state.finished === digestOf(state.bytes) ? 200 : 404 });
        const ranged = () => ({ ...headers, range: `0-${Math.max(0, state.bytes.length - 1)}` });
        if (request.method === 'POST') return new Response(null, { status: 202, headers });
        if (request.method === 'GET') return new Response(null, { status: 204, headers: ranged() });
        const body = Buffer.from(await request.arrayBuffer());
        if (request.method === 'PUT') {
          if (state.ends++ < lost) {
            // It arrived, or not, and the registry has forgotten the upload: nobody can tell but by asking.
            if (arrives) state.finished = digestOf(state.bytes);
            else state.bytes = Buffer.alloc(0);
            return new Response(null, { status: 503 });
          }
          state.bytes = Buffer.concat([state.bytes, body]);
          state.finished = url.searchParams.get('digest') ?? '';
          return new Response(null, { status: state.finished === digestOf(state.bytes) ? 201 : 400 });
        }
        const spoilt = fault(state.patches++);
        const start = Number(/^(\d+)-/.exec(request.headers.get('content-range') ?? '')?.[1]);
        if (start !== state.bytes.length) return new Response(null, { status: 416, headers: ranged() });
        state.bytes = Buffer.concat([state.bytes, body.subarray(0, spoilt?.keep)]);
        return new Response(null, { status: spoilt?.status ?? 202, headers: ranged() });
      },
    });
    const reference = parseReference(`127.0.0.1:${server.port}/a:1`);
    return { server, state, repository: openRepository(reference, access, { push: true }) };
  }

  test('is sent the rest', async () => {
    const faults = [{ keep: 0, status: 503 }, undefined, { keep: 1_000_000, status: 500 }, undefined];
    for (const known of [true, false]) {
      const { server, state, repository } = uploads((patch) => faults[patch]);
      try {
        const blob = blobOf(large);
        if (known) expect(await repository.send(blob)).toBe('sent');
        else expect(await repository.sendMade(blob)).toMatchObject({ digest: blob.digest });
        expect(state.finished).toBe(blob.digest);
        expect(state.bytes.equals(large)).toBe(true);
      } finally {
        server.stop(true);
      }
    }
  });

  test('is sent a blob anew that was being made, unless it arrived', async () => {
    for (const arrives of [true, false]) {
      const { server, state, repository } = uploads(() => undefined, { lost: 1, arrives });
      let opened = 0;
      try {
        const blob = blobOf(large);
        const open = () => {
          opened++;
          return blob.open();
        };
        const { digest, size } = blob;
        expect(await repository.sendMade({ open })).toEqual({ digest, size });
        expect(state.bytes.equals(large)).toBe(true);
        expect(opened).toBe(arrives ? 1 : 2);
      } finally {
        server.stop(true);
      }
    }
  });

  test('is sent all of it again where the end was lost, unless it arrived', async () => {
    for (const arrives of [true, false]) {
      const { server, state, repository } = uploads(() => undefined, { lost: 1, arrives });
      try {
        const blob = blobOf(large);
        expect(await repository.send(blob)).toBe('sent');
        expect(state.bytes.equals(large)).toBe(true);
        expect(state.ends).toBe(arrives ? 1 : 2);
      } finally {
        server.stop(true);
      }
    }
    const { server, state, repository } = uploads(() => undefined, { lost: 99 });
    try {
      await expect(repository.send(blobOf(large))).rejects.toMatchObject({ code: 'network' });
      expect(state.ends).toBe(4);
    } finally {
      server.stop(true);
    }
  });

  test('is given up after a while', async () => {
    const { server, state, repository } = uploads(() => ({ keep: 0, status: 503 }));
    try {
      await expect(repository.send(blobOf(large))).rejects.toMatchObject({ code: 'network' });
      expect(state.patches).toBeLessThan(8);
    } finally {
      server.stop(true);
    }
  });
});
