// Registries for tests: Debian's docker-registry on a loopback port, and one in memory that can be made to misbehave.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A running registry. */
export interface TestRegistry {
  /** `127.0.0.1:5000`. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Starts the real registry; undefined, with a word, where it is not installed. */
export async function realRegistry(
  options: {
    readonly htpasswd?: string;
    /** `clientCa`: only those are let in who show a certificate of this authority. */
    readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string };
  } = {},
): Promise<TestRegistry | undefined> {
  const program = Bun.which('docker-registry');
  if (!program) {
    console.warn('skipped: no registry here (Debian: docker-registry)');
    return undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), 'mille-registry-'));
  const host = `127.0.0.1:${freePort()}`;
  const { htpasswd, tls } = options;
  if (htpasswd !== undefined) writeFileSync(join(directory, 'htpasswd'), htpasswd);
  const clients = tls?.clientCa === undefined ? {} : { clientcas: [tls.clientCa] };
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, 'data') } },
    http: { addr: host, ...(tls ? { tls: { certificate: tls.cert, key: tls.key, ...clients } } : {}) },
    ...(htpasswd === undefined
      ? {}
      : { auth: { htpasswd: { realm: 'test', path: join(directory, 'htpasswd') } } }),
  };
  // JSON is YAML.
  writeFileSync(join(directory, 'config.yml'), JSON.stringify(config));
  const child = Bun.spawn([program, 'serve', join(directory, 'config.yml')], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  for (let tries = 0; tries < 100 && !(await answers(host)); tries++) await Bun.sleep(50);
  return {
    host,
    stop: async () => {
      child.kill();
      await child.exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function answers(host: string): Promise<boolean> {
  try {
    await fetch(`http://${host}/v2/`);
    return true;
  } catch {
    return false;
  }
}

function freePort(): number {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() });
  const { port } = server;
  server.stop(true);
  return port!;
}

/** Bytes with what describes them. */
export interface Blob {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export function blobOf(content: Uint8Array | string): Blob {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}

/** An image to be served. */
export interface ServedImage {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layer: Blob;
}

/** An image of one layer, a tar with one file of this content. */
export function tinyImage(content: string | Uint8Array, architecture = 'amd64'): ServedImage {
  const tar = oneFileTar(typeof content === 'string' ? Buffer.from(content) : content);
  // Stored, not squeezed: contents of the same length give blobs of the same length.
  const layer = blobOf(Bun.gzipSync(tar as Uint8Array<ArrayBuffer>, { level: 0 }));
  const diffId = blobOf(tar).digest;
  const config = blobOf(
    JSON.stringify({ architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [diffId] } }),
  );
  const media = 'application/vnd.oci.image';
  const manifest = blobOf(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: `${media}.manifest.v1+json`,
      config: { mediaType: `${media}.config.v1+json`, digest: config.digest, size: config.bytes.length },
      layers: [{ mediaType: `${media}.layer.v1.tar+gzip`, digest: layer.digest, size: layer.bytes.length }],
    }),
  );
  return { manifest, config, layer };
}

function oneFileTar(content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(512);
  header.write('file', 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}

/** What a hook may decide of a request; undefined for the ordinary answer. */
export type Hook = (request: Request, url: URL) => Response | undefined | Promise<Response | undefined>;

/** A registry in memory. */
export interface FakeRegistry {
  readonly host: string;
  /** `METHOD /path`, as they came. */
  readonly requests: string[];
  hook: Hook | undefined;
  blob(blob: Blob): void;
  /** A manifest or an index, under its digest and a tag. */
  manifest(tag: string, blob: Blob): void;
  serve(tag: string, image: ServedImage): void;
  stop(): void;
}

export function fakeRegistry(): FakeRegistry {
  const blobs = new Map<string, Blob>();
  const manifests = new Map<string, Blob>();
  const answer = (request: Request, { pathname }: URL): Response => {
    const [, kind, name = ''] = /^\/v2\/.+\/(blobs|manifests)\/(.+)$/.exec(pathname) ?? [];
    const found = (kind === 'blobs' ? blobs : manifests).get(name);
    if (!found) return new Response('{"errors":[{"message":"manifest unknown"}]}', { status: 404 });
    const type = kind === 'blobs' ? 'application/octet-stream' : JSON.parse(found.bytes.toString()).mediaType;
    const headers = { 'content-type': type, 'docker-content-digest': found.digest };
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.get('range') ?? '')?.[1] ?? 0);
    const body = found.bytes.subarray(from) as Uint8Array<ArrayBuffer>;
    if (from === 0) return new Response(request.method === 'HEAD' ? null : body, { headers });
    const range = `bytes ${from}-${found.bytes.length - 1}/${found.bytes.length}`;
    return new Response(body, { status: 206, headers: { ...headers, 'content-range': range } });
  };
  const self: FakeRegistry = {
    host: '',
    requests: [],
    hook: undefined,
    blob: (blob) => {
      blobs.set(blob.digest, blob);
    },
    manifest: (tag, blob) => {
      manifests.set(tag, blob);
      manifests.set(blob.digest, blob);
    },
    serve: (tag, { manifest, config, layer }) => {
      self.manifest(tag, manifest);
      self.blob(config);
      self.blob(layer);
    },
    stop: () => server.stop(true),
  };
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const url = new URL(request.url);
      self.requests.push(`${request.method} ${url.pathname}`);
      return (await self.hook?.(request, url)) ?? answer(request, url);
    },
  });
  return Object.assign(self, { host: `127.0.0.1:${server.port}` });
}
