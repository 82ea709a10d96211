// What leaks: values that look like secrets, new in every run, and a build context that has them in every place where
// people and tools leave them.

import { Database } from 'bun:sqlite';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { layerBytes, file as tarFile } from '../../src/testkit/layers.ts';
import { formsOf } from './find-secret.ts';
import { writeTree } from './mille.ts';
import { smallZip } from './small-zip.ts';

/** Values of this run, by what leaks them. */
const values = new Map<string, string>();

/** Letters and digits in any case, 90 of them. */
export function value(name: string): string {
  const known = values.get(name);
  if (known !== undefined) return known;
  const made = createHash('sha512')
    .update(`${name} ${process.pid} ${Date.now()}`)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, '');
  const whole = `aB3${made}Zx9Qw7`.padEnd(90, 'k4');
  values.set(name, whole);
  return whole;
}

/** A token of GitHub's form. */
export const token = (name: string) => `ghp_${value(name).slice(0, 36)}`;
export const password = (name: string) => value(name).slice(0, 14);
/** A private key, of RSA's form. */
export const key = (name: string, kind = 'RSA ') => {
  const lines = Array.from({ length: 5 }, (_, i) => value(`${name} ${i}`).slice(0, 60));
  return `-----BEGIN ${kind}PRIVATE KEY-----\nMIIE${lines.join('\n')}\n-----END ${kind}PRIVATE KEY-----\n`;
};

/** Names of values of this run that a text shows; none is the point. */
export function told(text: string): string[] {
  return [...values].flatMap(([name, secret]) =>
    formsOf(secret.slice(0, 12)).some((form) => text.includes(form)) ? [name] : [],
  );
}

/** A file that leaks. */
export interface Leak {
  /** In the context; what is below `rootfs/` goes to the root, all else to `/app`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** The rule that finds it. */
  readonly rule: string;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const json = (data: object) => JSON.stringify(data, undefined, 1);

/** What people have in their projects and homes. */
const OF_PEOPLE: readonly (readonly [path: string, rule: string, content: string])[] = [
  ['.env', 'github', `API_TOKEN=${token('dotenv')}\n`],
  ['.env.production', 'assignment', `SESSION_SECRET=${password('dotenv.production')}\n`],
  ['overwritten.env', 'github', `API_TOKEN=${token('overwritten')}\n`],
  ['.npmrc', 'npm', `//registry.corp/:_authToken=${value('npmrc').slice(0, 30)}\n`],
  ['.pypirc', 'pypi', `[pypi]\nusername = __token__\npassword = pypi-AgE${value('pypirc')}\n`],
  ['.netrc', 'netrc', `machine git.corp\n  login ci\n  password ${password('netrc')}\n`],
  ['.aws/credentials', 'aws', `[default]\naws_secret_access_key = ${value('aws').slice(0, 40)}\n`],
  ['.azure/accessTokens.json', 'assignment', json([{ refreshToken: value('azure').slice(0, 40) }])],
  [
    '.config/gcloud/application_default_credentials.json',
    'assignment',
    json({ client_id: 'x', client_secret: value('gcloud').slice(0, 24), type: 'authorized_user' }),
  ],
  ['.kube/config', 'assignment', `users:\n- name: ci\n  user:\n    token: ${value('kube').slice(0, 32)}\n`],
  [
    '.docker/config.json',
    'docker-login',
    json({ auths: { 'r.corp': { auth: base64(`ci:${password('docker')}`) } } }),
  ],
  ['.dockercfg', 'docker-login', json({ 'r.corp': { auth: base64(`ci:${password('dockercfg')}`) } })],
  ['.ssh/id_rsa', 'private-key', key('ssh')],
  ['.ssh/id_ed25519', 'private-key', key('ed25519', 'OPENSSH ')],
  [
    'certs/server.pem',
    'private-key',
    `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${key('pem', '')}`,
  ],
  ['certs/client.p12', 'secret-file', '\x30\x82\x01'],
  ['certs/release.jks', 'secret-file', '\xfe\xed\xfe\xed'],
  [
    'terraform.tfstate',
    'assignment',
    json({ resources: [{ instances: [{ attributes: { password: value('tfstate').slice(0, 24) } }] }] }),
  ],
  [
    '.terraformrc',
    'assignment',
    `credentials "tf.corp" {\n  token = "${value('terraformrc').slice(0, 30)}"\n}\n`,
  ],
  ['service.json', 'private-key', json({ type: 'service_account', private_key: key('service') })],
  ['.bash_history', 'assignment', `ls\nexport DB_PASSWORD=${value('history').slice(0, 20)}\n`],
  ['.vscode/settings.json', 'assignment', json({ 'db.connections': [{ password: password('vscode') }] })],
  ['logs/app.log', 'password-in-url', `12:00 connecting to amqp://app:${password('log')}@mq.corp:5672\n`],
  ['wp-config.php', 'assignment', `<?php\ndefine( 'DB_PASSWORD', '${value('wordpress').slice(0, 20)}' );\n`],
  [
    'settings.xml',
    'assignment',
    `<server>\n<id>corp</id><password>${password('maven')}</password>\n</server>\n`,
  ],
  [
    'NuGet.Config',
    'assignment',
    `<corp><add key="Username" value="ci" /><add key="ClearTextPassword" value="${password('nuget')}" /></corp>`,
  ],
  ['auth.json', 'assignment', json({ 'http-basic': { 'repo.corp': { password: password('composer') } } })],
  ['gradle.properties', 'assignment', `mavenUser=ci\nmavenPassword=${password('gradle')}\n`],
];

const PYTHON = 'rootfs/usr/lib/python3/dist-packages/corp-1.0.dist-info';
const YARN = 'rootfs/usr/local/share/.cache/yarn/v6/npm-corp-1.0.0/node_modules/corp';

/** What tools leave behind, and what systems have. */
const OF_TOOLS: readonly (readonly [path: string, rule: string, content: string])[] = [
  ['rootfs/root/.gitconfig', 'password-in-url', `[url "https://ci:${password('gitconfig')}@git.corp/"]\n`],
  ['rootfs/root/.git-credentials', 'password-in-url', `https://ci:${password('credentials')}@git.corp\n`],
  [
    'rootfs/root/.cache/pip/http/a/b',
    'password-in-url',
    `\x01https://ci:${password('pip cache')}@pypi.corp/x`,
  ],
  [
    `${PYTHON}/direct_url.json`,
    'password-in-url',
    json({ url: `https://ci:${password('direct')}@git.corp/a` }),
  ],
  [
    'rootfs/etc/apt/auth.conf.d/corp.conf',
    'netrc',
    `machine apt.corp login ci password ${password('apt')}\n`,
  ],
  [
    'rootfs/etc/apt/sources.list',
    'password-in-url',
    `deb https://ci:${password('sources')}@apt.corp/ a main\n`,
  ],
  [
    'rootfs/etc/apt/sources.list.d/corp.sources',
    'password-in-url',
    `Types: deb\nURIs: https://ci:${password('deb822')}@apt.corp/\n`,
  ],
  [
    `${YARN}/.yarn-metadata.json`,
    'password-in-url',
    json({ remote: { resolved: `https://ci:${password('yarn')}@npm.corp/corp.tgz` } }),
  ],
  [
    'node_modules/.package-lock.json',
    'password-in-url',
    json({ packages: { a: { resolved: `https://ci:${password('lock')}@npm.corp/a.tgz` } } }),
  ],
  ['rootfs/root/.yarnrc.yml', 'assignment', `npmAuthToken: ${value('yarnrc').slice(0, 32)}\n`],
  ['rootfs/root/.local/share/pnpm/store/v3/metadata/corp.json', 'github', json({ dist: token('pnpm') })],
  ['rootfs/etc/ssh/ssh_host_ed25519_key', 'private-key', key('host', 'OPENSSH ')],
  ['rootfs/etc/ssl/private/server.key', 'private-key', key('tls', 'EC ')],
];

/** What has to be opened, or is no text. */
async function made(): Promise<Leak[]> {
  const git = repository();
  const { tar } = await layerBytes([tarFile('config/app.txt', token('tgz'))]);
  const inner = smallZip({ 'a.txt': token('inner') });
  return [
    {
      path: 'app.jar',
      content: smallZip({ 'a.properties': `db.password=${password('jar')}\n` }),
      rule: 'assignment',
    },
    { path: 'fat.jar', content: smallZip({ 'lib/inner.jar': inner }), rule: 'github' },
    { path: 'x-1.whl', content: smallZip({ 'x/__init__.py': `T = "${token('wheel')}"\n` }), rule: 'github' },
    {
      path: 'dump.sql.gz',
      content: gzipSync(`INSERT INTO t VALUES ('${token('dump')}');\n`),
      rule: 'github',
    },
    { path: 'backup.tgz', content: gzipSync(tar), rule: 'github' },
    { path: 'backup.tar', content: (await layerBytes([tarFile('a', token('tar'))])).tar, rule: 'github' },
    {
      path: '__pycache__/settings.cpython-311.pyc',
      content: latin1(`\xcb\r\r\n\0\0\0\0\xda(${token('pyc')}\xa9\0`),
      rule: 'github',
    },
    {
      path: 'dist/bundle.js',
      content: `var e={a:1};fetch("/x",{headers:{t:"${token('bundle')}"}})`,
      rule: 'github',
    },
    {
      path: 'dist/bundle.js.map',
      content: json({ version: 3, sourcesContent: [`\nconst t = '${token('map')}'`] }),
      rule: 'github',
    },
    // What C has between zeroes.
    { path: 'server', content: program(`\0${token('binary')}\0`), rule: 'github' },
    // Strings of Go and Rust stand one after another, without anything between them.
    {
      path: 'server-go',
      content: program(`invalid argument${token('go')}unexpected newline`),
      rule: 'github',
    },
    { path: 'data/app.sqlite3', content: database(token('sqlite')), rule: 'github' },
    { path: '.git/config', content: git.config, rule: 'password-in-url' },
    { path: git.object.path, content: git.object.bytes, rule: 'github' },
    { path: git.pack.path, content: git.pack.bytes, rule: 'github' },
  ];
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function program(strings: string): Buffer {
  return Buffer.concat([
    latin1('\x7fELF\x02\x01\x01\0'),
    Buffer.alloc(2_000_000),
    latin1(strings),
    Buffer.alloc(99),
  ]);
}

function database(secret: string): Buffer {
  const db = new Database(':memory:');
  db.run('CREATE TABLE tokens (id INTEGER, token TEXT)');
  db.run('INSERT INTO tokens VALUES (1, ?)', [secret]);
  return db.serialize();
}

/** A repository whose history has what its files have no longer: once in a pack, once in an object of its own. */
function repository() {
  const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');
  const blob = Buffer.from(`T=${token('object')}\n`);
  const object = Buffer.concat([Buffer.from(`blob ${blob.length}\0`), blob]);
  const id = sha1(object);
  const pack = packOf([Buffer.from('hello\n'), Buffer.from(`T=${token('pack')}\n`)]);
  return {
    config: `[remote "origin"]\n\turl = https://ci:${password('git')}@git.corp/a/b\n`,
    object: { path: `.git/objects/${id.slice(0, 2)}/${id.slice(2)}`, bytes: deflateSync(object) },
    pack: { path: `.git/objects/pack/pack-${sha1(pack)}.pack`, bytes: pack },
  };
}

function packOf(blobs: readonly Buffer[]): Buffer {
  const head = latin1('PACK\0\0\0\x02\0\0\0\0');
  head.writeUInt32BE(blobs.length, 8);
  const parts = blobs.map((blob) => {
    const size = blob.length;
    const start = size < 16 ? [0x30 | size] : [0xb0 | (size & 15), size >> 4];
    return Buffer.concat([Buffer.from(start), deflateSync(blob)]);
  });
  const body = Buffer.concat([head, ...parts]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** Files that look as if they leaked, and do not. */
const HARMLESS = {
  'README.md':
    'postgres://user:password@localhost/db, AKIAIOSFODNN7EXAMPLE and ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  '.env.example': 'API_TOKEN=changeme\n',
  'certs/ca.pem': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  'package-lock.json': json({ integrity: `sha512-${base64('x'.repeat(64))}` }),
};

/** Makes a context that leaks everywhere. @returns where, and what finds it */
export async function makeLeaks(context: string): Promise<readonly Leak[]> {
  const leaks: Leak[] = [
    ...[...OF_PEOPLE, ...OF_TOOLS].map(([path, rule, content]) => ({ path, rule, content: latin1(content) })),
    ...(await made()),
  ];
  writeTree(context, HARMLESS);
  for (const { path, content } of leaks) {
    mkdirSync(join(context, path, '..'), { recursive: true });
    writeFileSync(join(context, path), content);
  }
  // It belongs to what pip has installed, and its own list has it.
  writeTree(context, {
    [`${PYTHON}/RECORD`]: `corp-1.0.dist-info/direct_url.json,sha256=${createHash('sha256')
      .update(leaks.find(({ path }) => path.endsWith('direct_url.json'))!.content)
      .digest('base64url')},1\n`,
  });
  return leaks;
}
