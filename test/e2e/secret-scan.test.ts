// `mille secrets` on images that leak in every way that is known of, and on ones that do not; what it finds, where, and
// by whom brought in; and that it tells no value.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { file, layerBytes } from '../../src/testkit/layers.ts';
import { type Leak, makeLeaks, password, token, told, value } from '../support/leaks.ts';
import { type Mille, makePlace, mille, type Outcome, removePlace, writeTree } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('tests of mille secrets skipped: they need root and busybox-static');

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly where: string;
  readonly path: string;
  readonly line?: number;
  readonly name?: string;
  readonly attribute?: string;
  readonly fingerprint: string;
  readonly visible: boolean;
  readonly instruction?: {
    readonly text: string;
    readonly dockerfile?: string;
    readonly line?: number;
    readonly fromBase: boolean;
  };
  readonly hidden?: {
    readonly how: string;
    readonly instruction: { readonly text: string; readonly line?: number };
  };
  readonly advice: { readonly text: string; readonly patch?: readonly string[] };
}

const BASE = `FROM busybox
ENV BASE_PASSWORD=${password('base')}
`;
const DOCKERFILE = `FROM leaky-base AS tools
ENV STAGE_TOKEN=${token('stage env')}

FROM busybox AS build
RUN mkdir /out && echo built > /out/app
COPY stage-only.env /tmp/.env

FROM tools
ARG API_TOKEN
ENV DB_PASSWORD=${password('env')}
LABEL deploy.token=${token('label')}
RUN echo "$API_TOKEN" | sha1sum > /sum
RUN echo curl -u deploy:${password('curl')} https://registry.corp/x
RUN echo git clone https://${token('clone')}@git.corp/a/b
RUN echo pip install --index-url https://ci:${password('index')}@pypi.corp/simple corp
RUN echo npm config set //registry.corp/:_authToken ${value('config').slice(0, 30)}
COPY . /app
COPY rootfs/ /
ADD attributes.tar /opt/
RUN rm -r /app/.aws && echo nothing > /app/overwritten.env && rm -r /app/logs && mkdir /app/logs && rm -r /app/rootfs
RUN printf '[global]\\nindex-url = https://ci:%s@pypi.corp/simple\\n' "$(cat /app/raw)" > /etc/pip.conf && rm /app/raw
RUN printf 'root::19000:0:99999:7:::\\n' > /etc/shadow
COPY --from=build /out/app /bin/app
ONBUILD RUN curl -u onbuild:${password('onbuild')} https://registry.corp/y
HEALTHCHECK CMD wget --header "Authorization: Bearer ${token('health')}" localhost
ENTRYPOINT ["app", "--api-key", "${value('entrypoint').slice(0, 24)}"]
CMD ["--token=${token('cmd')}"]
`;
/** Rules that only suspect, and values that could be more random. */
const WARNINGS = new Set(['secret-file', 'jwt']);
const WEAKER = /\.vscode|settings\.xml|NuGet|auth\.json|gradle|app\.jar/;
/** Those with something in them, of the Dockerfile alone. */
const OWN_LINES = [
  'ENV DB_',
  'LABEL',
  'RUN echo curl',
  'RUN echo npm',
  'ONBUILD',
  'HEALTHCHECK',
  'ENTRYPOINT',
  'CMD',
];
const base64 = (text: string) => Buffer.from(text).toString('base64');
const lineOf = (instruction: string) =>
  DOCKERFILE.split('\n').findIndex((line) => line.startsWith(instruction)) + 1;

describe.skipIf(!ready)('mille secrets', () => {
  let place = '';
  let self: Mille;
  let context = '';
  let findings: readonly Finding[] = [];
  let scanned: Outcome;
  let leaks: readonly Leak[] = [];
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
    leaks = await makeLeaks(context);
    const attributes = [
      file('logo.png', 'x', { xattrs: { 'user.api_token': base64(password('attribute')) } }),
    ];
    writeTree(context, {
      Dockerfile: DOCKERFILE,
      '.dockerignore': 'Dockerfile\n.dockerignore\nprivate/\n',
      'private/x': token('private'),
      raw: password('pip'),
      'stage-only.env': `A=${token('stage')}\n`,
    });
    writeFileSync(join(context, 'attributes.tar'), (await layerBytes(attributes)).tar);
    writeTree(join(place, 'base'), { Dockerfile: BASE });
    await self.build(['-t', 'leaky-base', join(place, 'base')]);
    const cache = ['--cache-to', `type=local,dest=${join(place, 'cache')},mode=max`];
    await self.build(['-t', 'leaky', ...cache, '--build-arg', `API_TOKEN=${token('arg')}`, context]);
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

  test('finds every file that leaks, and says which line brought it in', () => {
    const found = leaks.map(({ path, rule }) => {
      const fromRoot = path.startsWith('rootfs/') ? path.slice('rootfs/'.length) : `app/${path}`;
      const one = at(fromRoot).find((finding) => finding.rule === rule);
      return `${fromRoot}: ${one ? `${rule} ${one.severity} by line ${one.instruction?.line}` : at(fromRoot).map((other) => other.rule)}`;
    });
    const expected = leaks.map(({ path, rule }) => {
      const root = path.startsWith('rootfs/');
      const severity = WARNINGS.has(rule) || WEAKER.test(path) ? 'warning' : 'error';
      return `${root ? path.slice('rootfs/'.length) : `app/${path}`}: ${rule} ${severity} by line ${lineOf(root ? 'COPY rootfs/' : 'COPY . ')}`;
    });
    expect(found).toEqual(expected);
  });

  test.each([
    ['ENV', 'Env DB_PASSWORD', 'variable', 'ENV DB_PASSWORD'],
    ['ENV of a stage that it stands on', 'Env STAGE_TOKEN', 'github', 'ENV STAGE_TOKEN'],
    ['LABEL', 'Labels deploy.token', 'github', 'LABEL'],
    ['CMD', 'Cmd', 'github', 'CMD'],
    ['ENTRYPOINT', 'Entrypoint', 'command', 'ENTRYPOINT'],
    ['HEALTHCHECK', 'Healthcheck', 'github', 'HEALTHCHECK'],
    ['ONBUILD', 'OnBuild', 'command', 'ONBUILD'],
    ['what a command wrote', 'etc/pip.conf', 'password-in-url', "RUN printf '[global]"],
    ['/etc/shadow', 'etc/shadow', 'empty-password', "RUN printf 'root"],
    ['an extended attribute', 'opt/logo.png', 'assignment', 'ADD attributes.tar'],
  ] as const)('finds %s', (_, path, rule, instruction) => {
    const found = at(path).filter((one) => one.rule === rule);
    expect(found).toHaveLength(1);
    if (found[0]!.where !== 'layer') return;
    expect(found[0]!.instruction).toMatchObject({ line: lineOf(instruction) });
    expect(found[0]!.instruction!.dockerfile).toEndWith('/Dockerfile');
  });

  test('tells what the base image brought from what the Dockerfile did', () => {
    expect(at('Env BASE_PASSWORD')).toMatchObject([{ rule: 'variable', instruction: { fromBase: true } }]);
    expect(at('Env DB_PASSWORD')).toMatchObject([{ instruction: { fromBase: false } }]);
    expect(at('opt/logo.png')[0]!.attribute).toBe('user.api_token');
  });

  test('of what git keeps, the whole directory is left out', () => {
    const objects = findings.filter(({ path }) => path.startsWith('app/.git/objects/'));
    expect(objects[0]!.advice.patch).toContain('+**/.git');
  });

  test('finds build arguments and command lines in the history', () => {
    const history = findings.filter(({ where }) => where === 'history');
    expect(history.map(({ rule, name = '' }) => `${rule} ${name}`)).toEqual([
      'github API_TOKEN',
      'command ',
      'github ',
      'password-in-url ',
      'command ',
    ]);
    expect(history.find(({ rule }) => rule === 'command')!.instruction!.text).toContain(
      'curl -u deploy:*** https',
    );
  });

  test('says what is hidden, and by whom', () => {
    expect(at('app/.aws/credentials')[0]).toMatchObject({
      visible: false,
      hidden: { how: 'deleted', instruction: { line: lineOf('RUN rm -r') } },
    });
    expect(at('app/overwritten.env')[0]).toMatchObject({ visible: false, hidden: { how: 'overwritten' } });
    expect(at('app/logs/app.log')[0]).toMatchObject({ visible: false, hidden: { how: 'deleted' } });
    expect(at('app/.env')[0]).toMatchObject({ visible: true });
  });

  test('finds what a stage has that is not in the image, and a cache with mode=max sends', () => {
    const found = findings.filter(({ path }) => path === 'tmp/.env');
    expect(found).toMatchObject([
      { rule: 'github', visible: false, instruction: { line: lineOf('COPY stage-only') } },
    ]);
  });

  test('finds it in the cache itself as well, wherever that lies', async () => {
    const { findings: found, stdout } = await scan(join(place, 'cache'));
    expect(found.filter(({ path }) => path === 'tmp/.env')).toMatchObject([
      { rule: 'github', where: 'cache', visible: false, instruction: { line: lineOf('COPY stage-only') } },
    ]);
    expect(told(stdout)).toEqual([]);
  });

  test('finds nothing else', () => {
    const files = leaks.map(({ path }) => path);
    const ofRoot = files.filter((path) => path.startsWith('rootfs/')).map((path) => path.slice(7));
    const known = new Set([...ofRoot, ...files.map((path) => `app/${path}`), 'app/stage-only.env']);
    const others =
      /^(?:etc\/pip\.conf|etc\/shadow|opt\/logo\.png|tmp\/\.env|Env |Labels |Cmd|Entrypoint|Healthcheck|OnBuild|history)/;
    expect(
      findings.filter(({ path }) => !known.has(path.replace(/!\/.*$/, '')) && !others.test(path)),
    ).toEqual([]);
    expect(findings.some(({ severity }) => severity === 'info')).toBe(false);
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
    const own = found.filter(({ where }) => where === 'dockerfile').map(({ line }) => line!);
    expect(OWN_LINES.filter((instruction) => !own.includes(lineOf(instruction)))).toEqual([]);
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
