// Logins with the real registry, a token server of our own, helper programs, and what skopeo makes of it.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace } from '../support/mille.ts';
import { type FakeRegistry, fakeRegistry, realRegistry, type TestRegistry } from '../support/registry.ts';

const tools = ['docker-registry', 'skopeo', 'htpasswd'].filter((name) => !Bun.which(name));
if (tools.length > 0) console.warn(`skipped in part: ${tools.join(', ')} not installed`);

const place = makePlace('login');
const directory = join(place, 'docker');
const config = join(directory, 'config.json');
let own: Mille;

beforeAll(async () => {
  own = await mille(join(place, 'store'), { base: false });
});
afterAll(() => removePlace(place));

/** A run whose logins are in a place of this test. */
function run(args: readonly string[], password?: string, env: Record<string, string> = {}) {
  return own.run(args, {
    env: {
      ...{ MILLE_OFFLINE: '0', DOCKER_CONFIG: directory, XDG_RUNTIME_DIR: place },
      ...{ XDG_CONFIG_HOME: place, ...env },
    },
    ...(password === undefined ? {} : { stdin: Buffer.from(password) }),
  });
}

function written(): Record<string, Record<string, Record<string, string>>> {
  return JSON.parse(readFileSync(config, 'utf8'));
}

describe.skipIf(tools.length > 0)('with a registry', () => {
  let registry: TestRegistry;
  beforeAll(async () => {
    const line = command(['htpasswd', '-nbB', 'me', 'geheim']).stdout.toString().trim();
    registry = (await realRegistry({ htpasswd: `${line}\n` }))!;
  });
  afterAll(() => registry?.stop());

  test('a login is kept once it is taken, and nothing else of the file changes', async () => {
    const wrong = await run(['login', '-u', 'me', '--password-stdin', registry.host], 'falsch');
    expect(wrong.status).toBe(63);
    expect(wrong.stdout + wrong.stderr).not.toContain('falsch');
    expect(existsSync(config)).toBe(false);
    mkdirSync(directory, { recursive: true });
    writeFileSync(config, '{\n  "mine": {"b": 1, "a": 2},\n  "psFormat": "x"\n}\n', { mode: 0o644 });
    const right = await run(
      ['login', '-u', 'me', '--password-stdin', `http://${registry.host}/v1/`],
      'geheim\r\n',
    );
    expect(right).toMatchObject({ status: 0, stdout: 'Login Succeeded\n' });
    expect(right.stderr).not.toContain('geheim');
    const auth = Buffer.from('me:geheim').toString('base64');
    expect(readFileSync(config, 'utf8')).toBe(
      `${JSON.stringify({ mine: { b: 1, a: 2 }, psFormat: 'x', auths: { [registry.host]: { auth } } }, null, 2)}\n`,
    );
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect((await run(['login', registry.host])).stderr).toContain('takes the login of me');
    // Others read it: a name that is not there is another matter than a login that is not.
    const asked = command([
      ...['skopeo', 'inspect', '--tls-verify=false', '--authfile', config],
      `docker://${registry.host}/none:1`,
    ]);
    expect(asked.stderr).toContain('manifest unknown');
    expect(await run(['logout', registry.host])).toMatchObject({
      status: 0,
      stdout: `Removing login credentials for ${registry.host}\n`,
    });
    expect(written()).toMatchObject({ auths: {}, psFormat: 'x' });
    expect((await run(['logout', registry.host])).stdout).toBe(`Not logged in to ${registry.host}\n`);
  });

  test('what skopeo keeps is used, and told of', async () => {
    const authfile = join(place, 'containers/auth.json');
    mkdirSync(join(place, 'containers'), { recursive: true });
    const made = command(
      [
        ...['skopeo', 'login', '--tls-verify=false', '--authfile', authfile],
        ...['-u', 'me', '--password-stdin', registry.host],
      ],
      { stdin: Buffer.from('geheim') },
    );
    expect(made.status).toBe(0);
    expect((await run(['pull', `${registry.host}/none:1`])).status).toBe(20);
    expect((await run(['login', registry.host])).status).toBe(0);
    const gone = await run(['logout', registry.host]);
    expect(gone.stderr).toContain(authfile);
    rmSync(authfile);
    expect((await run(['pull', `${registry.host}/none:1`])).status).toBe(63);
    // podman keeps logins for a part of a registry too.
    const auth = Buffer.from('me:geheim').toString('base64');
    const env = { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [`${registry.host}/team`]: { auth } } }) };
    expect((await run(['pull', `${registry.host}/team/none:1`], undefined, env)).status).toBe(20);
    expect((await run(['pull', `${registry.host}/teams/none:1`], undefined, env)).status).toBe(63);
  });
});

describe('a token server', () => {
  let registry: FakeRegistry;
  let elsewhere: FakeRegistry;
  const seen: URL[] = [];
  beforeAll(() => {
    elsewhere = fakeRegistry();
    registry = fakeRegistry();
    const basic = `Basic ${Buffer.from('me:geheim').toString('base64')}`;
    registry.hook = (request, url) => {
      if (url.pathname === '/token') {
        seen.push(url);
        if (request.headers.get('authorization') !== basic) return new Response('', { status: 401 });
        const offline = url.searchParams.get('offline_token') === 'true';
        return Response.json({ token: 'short', ...(offline ? { refresh_token: 'identity' } : {}) });
      }
      if (request.headers.get('authorization') === 'Bearer short') return Response.json({});
      const challenge = `Bearer realm="http://${registry.host}/token",service="here"`;
      return new Response('', { status: 401, headers: { 'www-authenticate': challenge } });
    };
  });
  afterAll(() => {
    registry.stop();
    elsewhere.stop();
  });

  test('gives a token that is kept in the place of the password', async () => {
    expect((await run(['login', '-u', 'me', '--password-stdin', registry.host], 'falsch')).status).toBe(63);
    const { status, stderr } = await run(['login', '-u', 'me', '--password-stdin', registry.host], 'geheim');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const auth = Buffer.from('me:').toString('base64');
    expect(written().auths![registry.host]!).toEqual({ auth, identitytoken: 'identity' });
    const { searchParams } = seen.at(-1)!;
    expect([searchParams.get('service'), searchParams.get('account'), searchParams.get('scope')]).toEqual([
      'here',
      'me',
      null,
    ]);
    await run(['logout', registry.host]);
  });

  test('with a helper, the file has no secret', async () => {
    const helper = join(place, 'docker-credential-box');
    const box = join(place, 'box');
    writeFileSync(
      helper,
      [
        '#!/bin/sh',
        `case $1 in store) cat > ${box};; erase) rm ${box};; get)`,
        `[ -f ${box} ] && exec cat ${box}; echo credentials not found in native keychain; exit 1;; esac`,
      ].join('\n'),
    );
    chmodSync(helper, 0o755);
    const env = { PATH: `${place}:${process.env.PATH}` };
    const auth = Buffer.from('me:alt').toString('base64');
    writeFileSync(config, JSON.stringify({ credsStore: 'box', auths: { [registry.host]: { auth } } }));
    const kept = await run(['login', '-u', 'me', '--password-stdin', registry.host], 'geheim', env);
    expect(kept).toMatchObject({ status: 0, stderr: '' });
    expect(written()).toEqual({ credsStore: 'box' as never, auths: { [registry.host]: {} as never } });
    expect(JSON.parse(readFileSync(box, 'utf8'))).toEqual({
      ServerURL: registry.host,
      Username: '<token>',
      Secret: 'identity',
    });
    expect((await run(['logout', registry.host], undefined, env)).status).toBe(0);
    expect(existsSync(box)).toBe(false);
    expect(written()).toEqual({ credsStore: 'box' as never, auths: {} });
  });

  test('is asked without a redirection, and none gets the password', async () => {
    const hook = registry.hook!;
    registry.hook = (request, url) =>
      url.pathname === '/token'
        ? new Response('', { status: 307, headers: { location: `http://${elsewhere.host}/token` } })
        : hook(request, url);
    const { status } = await run(['login', '-u', 'me', '--password-stdin', registry.host], 'geheim');
    expect(status).toBe(60);
    expect(elsewhere.requests).toEqual([]);
    registry.hook = hook;
  });
});

test('what is refused without a question', async () => {
  const refused = async (args: readonly string[], words: string) => {
    const { status, stderr } = await run(['login', ...args], '');
    expect(status).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('geheim');
  };
  await refused(['-u', 'me', '-p', 'geheim', 'r.example'], '--password-stdin');
  await refused(['--password-stdin', 'r.example'], '--username');
  await refused(['-u', 'me', 'r.example'], 'on a terminal');
  await refused(['-u', 'me', '--password-stdin', 'r.example'], 'the password is empty');
  await refused(['-u', 'me', '--password-stdin', 'me:geheim@r.example'], 'no user or password');
});
