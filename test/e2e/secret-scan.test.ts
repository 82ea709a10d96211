// `mille secrets` on images that leak in every way that is known of, and on ones that do not; what it finds, where, and
// by whom brought in; and that it tells no value.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { findBusybox } from '../../src/testkit/index.ts';
import { command } from '../support/docker.ts';
import { formsOf } from '../support/find-secret.ts';
import { type Mille, makePlace, mille, type Outcome, removePlace, writeTree } from '../support/mille.ts';
import { smallZip } from '../support/small-zip.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('tests of mille secrets skipped: they need root and busybox-static');

/** Values of this run, by what leaks them. */
const values = new Map<string, string>();

function value(name: string): string {
  const known = values.get(name);
  if (known !== undefined) return known;
  const made = createHash('sha512')
    .update(`${name} ${process.pid} ${Date.now()}`)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, '');
  // Letters and digits in any case.
  const whole = `aB3${made}Zx9Qw7`;
  values.set(name, whole);
  return whole;
}
/** A token of GitHub's form. */
const token = (name: string) => `ghp_${value(name).slice(0, 36)}`;
const password = (name: string) => value(name).slice(0, 14);

const key = (name: string) => {
  const lines = Array.from({ length: 5 }, (_, i) => value(`${name} ${i}`).padEnd(64, 'x').slice(0, 60));
  return `-----BEGIN RSA PRIVATE KEY-----\nMIIE${lines.join('\n')}\n-----END RSA PRIVATE KEY-----\n`;
};

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly where: string;
  readonly path: string;
  readonly line?: number;
  readonly name?: string;
  readonly fingerprint: string;
  readonly visible: boolean;
  readonly instruction?: { readonly text: string; readonly dockerfile?: string; readonly line?: number };
  readonly hidden?: {
    readonly how: string;
    readonly instruction: { readonly text: string; readonly line?: number };
  };
  readonly advice: { readonly text: string; readonly patch?: readonly string[] };
}

/** Places where a value of this run is shown; none is the point. */
function told(text: string): string[] {
  return [...values].flatMap(([name, secret]) =>
    formsOf(secret.slice(0, 12)).some((form) => text.includes(form)) ? [name] : [],
  );
}

const DOCKERFILE = `FROM busybox AS build
RUN mkdir /out && echo built > /out/app
COPY stage-only.env /tmp/.env

FROM busybox
ARG API_TOKEN
ENV DB_PASSWORD=${password('env')}
LABEL deploy.token=${token('label')}
RUN echo "$API_TOKEN" | sha1sum > /sum
RUN echo curl -u deploy:${password('curl')} https://registry.corp/x
COPY . /app
RUN rm -r /app/.aws && echo nothing > /app/overwritten.env
RUN printf '[global]\\nindex-url = https://ci:%s@pypi.corp/simple\\n' "$(cat /app/raw)" > /etc/pip.conf && printf 'machine apt.corp login ci password %s\\n' "$(cat /app/raw)" > /etc/auth.conf && rm /app/raw
RUN printf 'root::19000:0:99999:7:::\\n' > /etc/shadow
COPY --from=build /out/app /bin/app
HEALTHCHECK CMD wget --header "Authorization: Bearer ${token('health')}" localhost
CMD ["app", "--token=${token('cmd')}"]
`;

describe.skipIf(!ready)('mille secrets', () => {
  let place = '';
  let self: Mille;
  let context = '';
  let findings: readonly Finding[] = [];
  let scanned: Outcome;
  const scan = async (...args: readonly string[]) => {
    const outcome = await self.run(['secrets', '--format', 'json', ...args]);
    return {
      ...outcome,
      findings: outcome.stdout === '' ? [] : (JSON.parse(outcome.stdout).findings as Finding[]),
    };
  };

  beforeAll(async () => {
    place = makePlace('secret-scan');
    self = await mille(join(place, 'store'));
    context = join(place, 'context');
    makeContext(context);
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
    writeFileSync(join(context, '.dockerignore'), 'Dockerfile\n.dockerignore\nprivate/\n');
    await self.build(['-t', 'leaky', '--build-arg', `API_TOKEN=${token('arg')}`, context]);
    const outcome = await scan('--severity', 'info', 'leaky');
    scanned = outcome;
    findings = outcome.findings;
  });
  afterAll(() => removePlace(place));

  const at = (path: string) =>
    findings.filter((one) => one.path === path || one.path.startsWith(`${path}!/`));

  test('ends with a status of its own', () => {
    expect(scanned.status).toBe(37);
    expect(scanned.stderr).toBe('');
  });

  test.each([
    ['ENV', 'Env DB_PASSWORD', 'variable', 7],
    ['LABEL', 'Labels deploy.token', 'github', 8],
    ['CMD', 'Cmd', 'github', undefined],
    ['HEALTHCHECK', 'Healthcheck', 'github', undefined],
    ['.env', 'app/.env', 'github', 11],
    ['.npmrc', 'app/.npmrc', 'npm', 11],
    ['id_rsa', 'app/.ssh/id_rsa', 'private-key', 11],
    ['.aws, deleted later', 'app/.aws/credentials', 'aws', 11],
    ['a file, overwritten later', 'app/overwritten.env', 'github', 11],
    ['.git/config', 'app/.git/config', 'password-in-url', 11],
    ["a registry's login", 'app/.docker/config.json', 'docker-login', 11],
    ["Terraform's state", 'app/terraform.tfstate', 'assignment', 11],
    ["a service account's JSON", 'app/service.json', 'private-key', 11],
    ['a jar', 'app/app.jar', 'assignment', 11],
    ['a jar in a jar', 'app/fat.jar', 'github', 11],
    ['a tgz', 'app/backup.tgz', 'github', 11],
    ['a gz', 'app/dump.sql.gz', 'github', 11],
    ['a wheel', 'app/x-1.whl', 'github', 11],
    ['compiled Python', 'app/__pycache__/settings.cpython-311.pyc', 'github', 11],
    ['a source map', 'app/dist/bundle.js.map', 'github', 11],
    ['a bundle', 'app/dist/bundle.js', 'github', 11],
    ['a binary', 'app/server', 'github', 11],
    ['pip.conf', 'etc/pip.conf', 'password-in-url', 13],
    ["apt's login", 'etc/auth.conf', 'netrc', 13],
    ['/etc/shadow', 'etc/shadow', 'empty-password', 14],
  ] as const)('finds %s', (_, path, rule, line) => {
    const found = at(path).filter((one) => one.rule === rule);
    expect(found).toHaveLength(1);
    if (line !== undefined && found[0]!.where === 'layer') {
      expect(found[0]!.instruction).toMatchObject({ line });
      expect(found[0]!.instruction!.dockerfile).toEndWith('/Dockerfile');
    }
  });

  test('finds what git keeps of a file that is in no commit any more', () => {
    const objects = findings.filter(({ path }) => path.startsWith('app/.git/objects/'));
    expect(objects.map(({ rule }) => rule)).toContain('github');
    expect(objects[0]!.advice.patch).toContain('+**/.git');
  });

  test('finds build arguments and command lines in the history', () => {
    const history = findings.filter(({ where }) => where === 'history');
    expect(history.map(({ rule, name = '' }) => `${rule} ${name}`)).toEqual(
      expect.arrayContaining(['github API_TOKEN', 'command ']),
    );
    expect(history.find(({ rule }) => rule === 'command')!.instruction!.text).toContain(
      'curl -u deploy:*** https',
    );
  });

  test('says what is hidden, and by whom', () => {
    expect(at('app/.aws/credentials')[0]).toMatchObject({
      visible: false,
      hidden: { how: 'deleted', instruction: { line: 12 } },
    });
    expect(at('app/overwritten.env')[0]).toMatchObject({ visible: false, hidden: { how: 'overwritten' } });
    expect(at('app/.env')[0]).toMatchObject({ visible: true });
  });

  test('finds what a stage has that is not in the image, and a cache with mode=max sends', () => {
    const found = findings.filter(({ path }) => path === 'tmp/.env');
    expect(found).toMatchObject([{ rule: 'github', visible: false, instruction: { line: 3 } }]);
  });

  test('finds nothing else', () => {
    const known = /^(?:app\/|etc\/|tmp\/\.env|Env |Labels |Cmd|Healthcheck|history)/;
    expect(findings.filter(({ path }) => !known.test(path))).toEqual([]);
    expect(at('app/README.md')).toEqual([]);
    expect(at('app/private/x')).toEqual([]);
  });

  test('no value is told, in no form of output', async () => {
    expect(told(scanned.stdout)).toEqual([]);
    for (const format of ['text', 'sarif']) {
      const { stdout, stderr } = await self.run([
        'secrets',
        '--format',
        format,
        '--severity',
        'info',
        'leaky',
      ]);
      expect(told(stdout + stderr)).toEqual([]);
      if (format === 'sarif') {
        const { runs } = JSON.parse(stdout);
        expect(runs[0].results).toHaveLength(findings.length);
      }
    }
  });

  test('of a directory, what would be sent is looked at, and the Dockerfile', async () => {
    const { status, findings: found, stdout } = await scan(context);
    expect(status).toBe(37);
    const paths = found.map(({ path }) => path);
    expect(paths).toContain('.env');
    expect(paths.some((path) => path.startsWith('private/'))).toBe(false);
    const own = found.filter(({ where }) => where === 'dockerfile');
    expect(own.map(({ line }) => line)).toEqual(expect.arrayContaining([7, 8, 10, 16, 17]));
    expect(told(stdout)).toEqual([]);
  });

  test('what is allowed passes', async () => {
    const env = at('app/.env').map(({ fingerprint }) => fingerprint);
    const without = await scan('--allow', 'app/**', '--allow', 'history*', '--allow', env[0]!, 'leaky');
    expect(without.findings.some(({ path }) => path.startsWith('app/'))).toBe(false);
    writeFileSync(join(place, 'allowed'), '# all of it\n**\n');
    const none = await self.run(['secrets', '--allow-file', join(place, 'allowed'), 'leaky']);
    expect(none.status).toBe(0);
    expect(none.stdout).toContain('allowed');
  });

  test('a plain base has none', async () => {
    const { status, findings: found } = await scan('--severity', 'info', 'busybox');
    expect(found).toEqual([]);
    expect(status).toBe(0);
  });
});

function makeContext(context: string): void {
  const tfstate = {
    resources: [{ instances: [{ attributes: { password: value('tfstate').slice(0, 24) } }] }],
  };
  writeTree(context, {
    'README.md':
      'postgres://user:password@localhost/db, AKIAIOSFODNN7EXAMPLE and ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    raw: password('pip'),
    'stage-only.env': `A=${token('stage')}\n`,
    '.env': `API_TOKEN=${token('dotenv')}\n`,
    '.env.example': 'API_TOKEN=changeme\n',
    'overwritten.env': `API_TOKEN=${token('overwritten')}\n`,
    'private/x': token('private'),
    '.npmrc': `//registry.corp/:_authToken=${value('npmrc').slice(0, 30)}\n`,
    '.ssh/id_rsa': key('ssh'),
    '.aws/credentials': `[default]\naws_secret_access_key = ${value('aws').slice(0, 40)}\n`,
    '.docker/config.json': JSON.stringify({
      auths: { 'r.corp': { auth: Buffer.from(`ci:${password('docker')}`).toString('base64') } },
    }),
    'terraform.tfstate': JSON.stringify(tfstate, undefined, 1),
    'service.json': JSON.stringify({ type: 'service_account', private_key: key('service') }),
    'dist/bundle.js': `var e={a:1};fetch("/x",{headers:{t:"${token('bundle')}"}})`,
    'dist/bundle.js.map': JSON.stringify({ version: 3, sourcesContent: [`\nconst t = '${token('map')}'`] }),
  });
  const put = (path: string, bytes: Uint8Array) => {
    mkdirSync(join(context, path, '..'), { recursive: true });
    writeFileSync(join(context, path), bytes);
  };
  put('app.jar', smallZip({ 'application.properties': `spring.datasource.password=${password('jar')}\n` }));
  put('fat.jar', smallZip({ 'lib/inner.jar': smallZip({ 'a.txt': token('inner') }) }));
  put('x-1.whl', smallZip({ 'x/__init__.py': `T = "${token('wheel')}"\n` }));
  put('dump.sql.gz', gzipSync(`INSERT INTO tokens VALUES ('${token('dump')}');\n`));
  writeTree(join(context, '../packed'), { 'config/app.txt': token('tgz') });
  command(['tar', '-C', join(context, '../packed'), '-czf', join(context, 'backup.tgz'), '.']);
  put(
    '__pycache__/settings.cpython-311.pyc',
    Buffer.from(`\xcb\r\r\n\0\0\0\0\xda(${token('pyc')}\xa9\0`, 'latin1'),
  );
  put(
    'server',
    Buffer.concat([
      Buffer.from('\x7fELF\0\0', 'latin1'),
      Buffer.alloc(2_000_000),
      Buffer.from(`\0${token('binary')}\0`),
    ]),
  );
  makeRepository(context);
}

/** A repository whose history has what its files have no longer: once in a pack, once in an object of its own. */
function makeRepository(context: string): void {
  const git = join(context, '.git');
  writeTree(git, {
    config: `[remote "origin"]\n\turl = https://ci:${password('git')}@git.corp/a/b\n`,
    HEAD: 'ref: refs/heads/main\n',
  });
  const blob = Buffer.from(`T=${token('object')}\n`);
  const object = Buffer.concat([Buffer.from(`blob ${blob.length}\0`), blob]);
  const id = createHash('sha1').update(object).digest('hex');
  mkdirSync(join(git, 'objects', id.slice(0, 2)), { recursive: true });
  writeFileSync(join(git, 'objects', id.slice(0, 2), id.slice(2)), deflateSync(object));
  const pack = packOf([Buffer.from('hello\n'), Buffer.from(`T=${token('pack')}\n`)]);
  mkdirSync(join(git, 'objects/pack'), { recursive: true });
  writeFileSync(
    join(git, 'objects/pack', `pack-${createHash('sha1').update(pack).digest('hex')}.pack`),
    pack,
  );
  cpSync(git, join(context, '../git-copy'), { recursive: true });
}

function packOf(blobs: readonly Buffer[]): Buffer {
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(blobs.length, 8);
  const parts = blobs.map((blob) => {
    const size = blob.length;
    const start = size < 16 ? [0x30 | size] : [0xb0 | (size & 15), size >> 4];
    return Buffer.concat([Buffer.from(start), deflateSync(blob)]);
  });
  const body = Buffer.concat([head, ...parts]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}
