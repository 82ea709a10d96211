// ADD of a URL, from a real HTTP server on this machine: name, mode, time, validators, checksum.

import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { join } from 'node:path';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;
let server: ReturnType<typeof Bun.serve>;
let body = 'first';
let answers: number[] = [];

const MODIFIED = 'Sun, 09 Sep 2001 01:46:40 GMT';

beforeAll(async () => {
  place = makePlace('add-url');
  self = await mille(join(place, 'store'));
  server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const etag = `"${Bun.hash(body)}"`;
      const same = request.headers.get('if-none-match') === etag;
      answers.push(same ? 304 : 200);
      return new Response(same ? null : body, {
        status: same ? 304 : 200,
        headers: { etag, 'last-modified': MODIFIED },
      });
    },
  });
});

beforeEach(() => {
  answers = [];
});

afterAll(() => {
  server.stop(true);
  removePlace(place);
});

function dockerfile(line: string): string {
  const context = join(place, 'context');
  writeTree(context, { Dockerfile: `FROM busybox\n${line}\n` });
  return context;
}

test('the file has mode 600, the time of Last-Modified, and the name of the URL in a directory', async () => {
  const context = dockerfile(`ADD http://127.0.0.1:${server.port}/some/file.txt?x=1 /into/`);
  await self.must(['build', '-t', 'url', context]);
  const listed = await self.must(['run', '--rm', 'url', 'stat', '-c', '%a %u %Y %s', '/into/file.txt']);
  expect(listed).toBe('600 0 1000000000 5\n');
});

test('an unchanged file costs one conditional request; a changed one runs the step', async () => {
  const context = dockerfile(`ADD --chmod=644 http://127.0.0.1:${server.port}/data /data`);
  await self.must(['build', '-t', 'url', context]);
  answers = [];
  expect((await self.build(['-t', 'url', context])).ran).toEqual([]);
  expect(answers).toEqual([304]);
  body = 'second';
  const again = await self.build(['-t', 'url', context]);
  expect(again.ran).toHaveLength(1);
  expect(again.output).toContain('/data changed');
  expect(await self.must(['run', '--rm', 'url', 'cat', '/data'])).toBe('second');
});

test('a known checksum asks nobody the second time', async () => {
  body = 'pinned';
  const digest = new Bun.CryptoHasher('sha256').update(body).digest('hex');
  const context = dockerfile(
    `ADD --checksum=sha256:${digest} http://127.0.0.1:${server.port}/pinned /pinned`,
  );
  await self.must(['build', '-t', 'url', context]);
  answers = [];
  await self.must(['build', '-t', 'url', context]);
  expect(answers).toEqual([]);
});

test.skipIf(!Bun.which('openssl'))(
  'an https server with an authority of its own: refused, and trusted with --ca',
  async () => {
    const [key, cert] = [join(place, 'key.pem'), join(place, 'cert.pem')];
    const made = command([
      ...['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ]);
    expect(made.stderr.includes('rror')).toBe(false);
    const secure = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      tls: { key: Bun.file(key), cert: Bun.file(cert) },
      fetch: () => new Response('secure'),
    });
    try {
      const context = dockerfile(`ADD --chmod=644 https://127.0.0.1:${secure.port}/data /data`);
      const refused = await self.run(['build', context]);
      expect(refused.status).toBe(60);
      expect(refused.stderr).toContain('--ca PATH');
      await self.must(['build', '-t', 'secure', '--ca', cert, context]);
      expect(await self.must(['run', '--rm', 'secure', 'cat', '/data'])).toBe('secure');
    } finally {
      secure.stop(true);
    }
  },
);
