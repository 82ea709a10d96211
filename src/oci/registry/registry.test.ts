import { describe, expect, test } from 'bun:test';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseReference } from '../image/index.ts';
import { parseChallenges } from './challenge.ts';
import { dockerCredentials } from './credentials.ts';
import { addressOf, endpointOf, isSafe } from './endpoint.ts';

describe('parseChallenges', () => {
  const cases: readonly (readonly [string, readonly (readonly [string, Record<string, string>])[]])[] = [
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
      [
        [
          'bearer',
          {
            realm: 'https://auth.docker.io/token',
            service: 'registry.docker.io',
            scope: 'repository:a/b:pull,push',
          },
        ],
      ],
    ],
    ['Basic realm="a \\"b\\""', [['basic', { realm: 'a "b"' }]]],
    ['BASIC', [['basic', {}]]],
    [
      'Negotiate, Basic realm=x , Bearer REALM = "y"',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
        ['bearer', { realm: 'y' }],
      ],
    ],
    [
      'Negotiate YWJj==, Basic realm="x"',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    ['Bearer realm="unfinished', [['bearer', {}]]],
    ['', []],
    [', ,', []],
  ];
  test.each(cases)('%s', (header, expected) =>
    expect(parseChallenges(header).map(({ scheme, parameters }) => [scheme, { ...parameters }])).toEqual(
      expected as never,
    ),
  );
  test('ends, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(parseChallenges(header).length).toBeLessThanOrEqual(header.length);
      }),
    );
  });
});

describe('where a registry is', () => {
  test.each([
    ['python', 'https://registry-1.docker.io/v2/library/python/manifests/latest'],
    ['me/app:1', 'https://registry-1.docker.io/v2/me/app/manifests/1'],
    ['ghcr.io/a/b:c', 'https://ghcr.io/v2/a/b/manifests/c'],
    ['localhost/x', 'http://localhost/v2/x/manifests/latest'],
    ['localhost:5000/x', 'http://localhost:5000/v2/x/manifests/latest'],
    ['127.0.0.2:5000/x', 'http://127.0.0.2:5000/v2/x/manifests/latest'],
    ['127.0.0.1.example.com/x', 'https://127.0.0.1.example.com/v2/x/manifests/latest'],
    ['lan:5000/x', 'http://lan:5000/v2/x/manifests/latest'],
    ['other:5000/x', 'https://other:5000/v2/x/manifests/latest'],
  ])('%s', (text, url) => {
    const reference = parseReference(text);
    const endpoint = endpointOf(reference, ['lan:5000']);
    expect(addressOf(endpoint, reference.repository, 'manifests', reference.tag!)).toBe(url);
  });
  test('what is safe to send to', () => {
    const endpoint = endpointOf({ registry: 'ghcr.io' });
    const safe = (url: string) => isSafe(new URL(url), endpoint);
    expect(safe('https://elsewhere.example/x')).toBe(true);
    expect(safe('http://ghcr.io/x')).toBe(false);
    expect(safe('ftp://ghcr.io/x')).toBe(false);
  });
});

describe("Docker's logins", () => {
  const withConfig = async <T>(config: string, work: (directory: string) => Promise<T>): Promise<T> => {
    const directory = mkdtempSync(join(tmpdir(), 'mille-login-'));
    writeFileSync(join(directory, 'config.json'), config);
    try {
      return await work(directory);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  };
  const auth = Buffer.from('me:a:b').toString('base64');
  const password = { kind: 'password', user: 'me', password: 'a:b' };
  const cases: readonly (readonly [string, unknown, string, unknown])[] = [
    ['by host', { auths: { 'r.example:5000': { auth } } }, 'r.example:5000', password],
    ['by an old address', { auths: { 'https://r.example/v1/': { auth } } }, 'r.example', password],
    ["Docker's hub", { auths: { 'https://index.docker.io/v1/': { auth } } }, 'docker.io', password],
    ['of another port', { auths: { 'r.example:5000': { auth } } }, 'r.example', undefined],
    ['of a name like it', { auths: { 'r.example.org': { auth } } }, 'r.example', undefined],
    ['identity', { auths: { r: { identitytoken: 't' } } }, 'r', { kind: 'identity', token: 't' }],
    ['token', { auths: { r: { registrytoken: 't' } } }, 'r', { kind: 'token', token: 't' }],
    ['empty', { auths: { r: {} } }, 'r', undefined],
    ['of a strange shape', { auths: { r: 7, s: null }, credHelpers: [] }, 'r', undefined],
    ['none by that name', { auths: {} }, '__proto__', undefined],
  ];
  test.each(cases)('%s', async (_, config, registry, expected) => {
    await withConfig(JSON.stringify(config), async (directory) => {
      expect(await dockerCredentials({ DOCKER_CONFIG: directory })(registry)).toEqual(expected as never);
    });
  });

  test('no file, no login; a damaged one is not quoted', async () => {
    expect(await dockerCredentials({ DOCKER_CONFIG: '/nonexistent' })('r')).toBeUndefined();
    expect(await dockerCredentials({})('r')).toBeUndefined();
    await withConfig('{"auths": geheim', async (directory) => {
      const error = await dockerCredentials({ DOCKER_CONFIG: directory })('r').catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'file-format' });
      expect(String(error.message)).not.toContain('geheim');
    });
  });

  test('of a helper program', async () => {
    const program = (directory: string, script: string) => {
      const file = join(directory, 'docker-credential-fake');
      writeFileSync(file, `#!/bin/sh\nread key; ${script}\n`);
      chmodSync(file, 0o755);
    };
    const path = process.env.PATH;
    const config = '{"credHelpers": {"r": "fake"}, "auths": {"s": {"identitytoken": "t"}}}';
    await withConfig(config, async (directory) => {
      process.env.PATH = `${directory}:${path}`;
      try {
        const find = (registry: string) => dockerCredentials({ DOCKER_CONFIG: directory })(registry);
        program(directory, `echo "{\\"Username\\":\\"$key\\",\\"Secret\\":\\"p\\"}"`);
        expect(await find('r')).toEqual({ kind: 'password', user: 'r', password: 'p' });
        expect(await find('s')).toEqual({ kind: 'identity', token: 't' });
        program(directory, `echo '{"Username":"<token>","Secret":"p"}'`);
        expect(await find('r')).toEqual({ kind: 'identity', token: 'p' });
        program(directory, 'echo credentials not found in native keychain; exit 1');
        expect(await find('r')).toBeUndefined();
        program(directory, 'echo geheim; exit 3');
        const error = await find('r').catch((thrown) => thrown);
        expect(error).toMatchObject({ code: 'tool-failed' });
        expect(String(error.message) + error.hint).not.toContain('geheim');
      } finally {
        process.env.PATH = path;
      }
    });
  });
});
