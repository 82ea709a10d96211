// The commands against a recording stand-in for `app` and a process made of strings: what options arrive, what is
// written where, with which status.

import { describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App, BuildOptions, RunOptions } from '../../app/index.ts';
import { type Diagnostic, digestOfHex, MilleError } from '../../core/index.ts';
import { dispatch, helpAsked } from './dispatch.ts';
import type { Host } from './spec.ts';

const imageId = digestOfHex('a'.repeat(64));
const manifest = digestOfHex('b'.repeat(64));
const source = { name: 'Dockerfile', text: 'FROM scratch AS A\nCMD x\n' };

interface Trial {
  readonly env?: Record<string, string>;
  readonly terminal?: Partial<Host['terminal']>;
  readonly app?: Partial<App>;
  /** Interrupts as soon as somebody listens. */
  readonly interrupt?: boolean;
}

/** Runs a command line; gives what it wrote and its status. */
async function trial(line: string, { env = {}, terminal = {}, app = {}, interrupt = false }: Trial = {}) {
  let out = '';
  let err = '';
  const calls: { build?: BuildOptions; run?: RunOptions; other?: unknown[] } = {};
  const stand = {
    build: async (options, events) => {
      calls.build = options;
      events({ type: 'step-started', step: '1', title: '[1/1] FROM scratch' });
      events({ type: 'step-finished', step: '1', outcome: 'cached', seconds: 0 });
      return { imageId, manifest, names: [], bytes: 0, seconds: 0, buildId: 'x', log: '/log' };
    },
    run: async (options) => {
      calls.run = options;
      return 42;
    },
    check: async () => ({ source, diagnostics: [], missingImages: [] }),
    outline: async () => ({ source, outline: { args: [], secrets: [], ssh: [] } }),
    targets: async () => ({ source, targets: [] }),
    images: async (...args) => {
      calls.other = args;
      return [];
    },
    history: async () => [],
    inspect: async () => [{ Id: imageId }],
    tag: async (...args) => {
      calls.other = args;
    },
    rmi: async (...args) => {
      calls.other = args;
      return [{ type: 'untagged', name: 'a:latest' }];
    },
    save: async (...args) => {
      calls.other = args;
    },
    load: async () => [{ imageId, names: ['a:latest'] }],
    bootstrap: async (...args) => {
      calls.other = args;
      return { imageId, manifest, names: [], bytes: 0, seconds: 0, packages: 3 };
    },
    parse: async (...args) => {
      calls.other = args;
      return [
        {
          instruction: 'cmd',
          flags: ['--x'],
          args: ['a', 'b'],
          json: true,
          heredocs: [],
          line: 1,
          endLine: 2,
        },
      ];
    },
    expand: async (...args) => {
      calls.other = args;
      return [
        { word: '$A', result: 'a' },
        { word: '${', result: null, error: 'no' },
        { word: '$B', result: ['b', 'c'] },
      ];
    },
    ...app,
  } satisfies App;
  const host: Host = {
    env,
    terminal: { stdin: false, stdout: false, stderr: false, ...terminal },
    size: () => ({ columns: 80, rows: 24 }),
    now: () => 0,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    every100ms: () => () => {},
    interruption: () => ({
      signal: interrupt ? AbortSignal.abort() : new AbortController().signal,
      status: interrupt ? 130 : undefined,
      [Symbol.dispose]: () => {},
    }),
    app: async () => stand,
  };
  const status = await dispatch(line.split(' '), host);
  return { out, err, status, calls };
}

describe('build', () => {
  const options = async (line: string, given: Trial = {}) => (await trial(line, given)).calls.build;
  test('defaults', async () => {
    expect(await options('build .')).toEqual({
      context: '.',
      tags: [],
      buildArgs: {},
      noCache: false,
      network: 'default',
      labels: {},
      platforms: [],
      outputs: [],
      store: true,
      reproducible: false,
    });
  });
  test('platforms: of the flag, else of DOCKER_DEFAULT_PLATFORM', async () => {
    const env = { DOCKER_DEFAULT_PLATFORM: 'linux/arm64' };
    expect(await options('build .', { env })).toMatchObject({ platforms: ['linux/arm64'] });
    expect(await options('build --platform=arm,amd64 --platform s390x .', { env })).toMatchObject({
      platforms: ['arm', 'amd64', 's390x'],
    });
    expect(await options('build .', { env: { DOCKER_DEFAULT_PLATFORM: '' } })).toMatchObject({
      platforms: [],
    });
    const ran = async (line: string) => (await trial(line, { env })).calls.run;
    expect(await ran('run app')).toMatchObject({ platform: 'linux/arm64' });
    expect(await ran('run --platform amd64 app')).toMatchObject({ platform: 'amd64' });
  });
  test('everything', async () => {
    const line =
      'build -t a -t b:1 -f x/D --build-arg A=1 --build-arg H --target t --no-cache --network=none --label k=v ' +
      '--platform linux/amd64 -o out --ca host --reproducible --add-host db:::1 --ulimit core=0 -m 1g -c 5 ' +
      '--allow network.host dir';
    expect(await options(line, { env: { H: 'here' } })).toEqual({
      context: 'dir',
      dockerfile: 'x/D',
      tags: ['a', 'b:1'],
      buildArgs: { A: '1', H: 'here' },
      target: 't',
      noCache: true,
      network: 'none',
      labels: { k: 'v' },
      platforms: ['linux/amd64'],
      outputs: [{ type: 'local', dest: 'out' }],
      store: false,
      ca: 'host',
      reproducible: true,
      limits: {
        rlimits: [{ name: 'core', soft: 0, hard: 0 }],
        resources: { memory: 1024 ** 3, cpuShares: 5 },
      },
      extraHosts: [{ name: 'db', address: '::1' }],
      allow: ['network.host'],
    });
  });
  test('the environment: MILLE_CA, SOURCE_DATE_EPOCH, which a build argument overrides', async () => {
    const env = { MILLE_CA: '/ca.pem', SOURCE_DATE_EPOCH: '1700000000' };
    expect(await options('build .', { env })).toMatchObject({
      ca: '/ca.pem',
      reproducible: true,
      sourceDateEpoch: 1700000000,
    });
    expect(await options('build --build-arg SOURCE_DATE_EPOCH=5 --ca x .', { env })).toMatchObject({
      ca: 'x',
      sourceDateEpoch: 5,
    });
    expect(await options('build .', { env: { SOURCE_DATE_EPOCH: '', MILLE_CA: '' } })).not.toHaveProperty(
      'ca',
    );
    await expect(options('build .', { env: { SOURCE_DATE_EPOCH: 'now' } })).rejects.toThrow(
      "SOURCE_DATE_EPOCH can't be 'now'",
    );
  });
  test.each([
    ['build - -f -', 'cannot both come from standard input'],
    ['build --rm=false .', '--rm=false is not supported'],
    ['build --provenance=mode=max .', '--provenance is a flag of docker build'],
    ['build --network bridge .', "--network can't be 'bridge'"],
    ['build --progress tty .', 'needs a terminal'],
    ['build --iidfile= .', '--iidfile has no path'],
  ])('%s is refused', async (line, message) => {
    await expect(trial(line)).rejects.toThrow(message);
  });
  test('what CI scripts write and what is so anyway is taken', async () => {
    const line = 'build --load --rm --force-rm --provenance=false --sbom=false .';
    expect(await options(line)).toMatchObject({ store: true });
  });
  test('-q: the id alone, on standard output; else nothing there', async () => {
    expect(await trial('build -q .')).toMatchObject({ out: `${imageId}\n`, err: '', status: 0 });
    expect(await trial('build --progress=quiet .')).toMatchObject({ out: `${imageId}\n`, err: '' });
    const plain = await trial('build .');
    expect(plain.out).toBe('');
    expect(plain.err).toBe('#1 [1/1] FROM scratch\n#1 CACHED\n\n');
  });
  test('-q does not spoil an archive on standard output', async () => {
    expect((await trial('build -q -o - .')).out).toBe('');
  });
  test('BUILDKIT_PROGRESS, and what overrides it', async () => {
    const env = { BUILDKIT_PROGRESS: 'rawjson' };
    expect((await trial('build .', { env })).err).toStartWith('{"type":"step-started"');
    expect((await trial('build --progress plain .', { env })).err).toStartWith('#1');
    expect((await trial('build .', { env: { BUILDKIT_PROGRESS: 'tty' } })).err).toStartWith('#1');
  });
  test('auto: live on a terminal, lines on a dumb one', async () => {
    const terminal = { stderr: true };
    expect((await trial('build .', { terminal })).err).toContain('\x1b[J');
    expect((await trial('build .', { terminal, env: { TERM: 'dumb' } })).err).toStartWith('#1');
    const uncoloured = await trial('build .', { terminal, env: { NO_COLOR: '1' } });
    expect(uncoloured.err).not.toContain('\x1b[32m');
  });
  test('--iidfile: written without a line break; an old one does not outlive a failed build', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mille-cli-'));
    try {
      const file = join(folder, 'iid');
      writeFileSync(file, 'old');
      await trial(`build --iidfile ${file} .`);
      expect(readFileSync(file, 'utf8')).toBe(imageId);
      const build = () => Promise.reject(new MilleError('step-failed', 'no'));
      await expect(trial(`build --iidfile ${file} .`, { app: { build } })).rejects.toThrow('no');
      expect(() => readFileSync(file)).toThrow('ENOENT');
      expect(await trial('build --iidfile /dev/null .')).toMatchObject({ status: 0 });
      expect(readFileSync('/dev/null', 'utf8')).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  test('interrupted: status 130, whatever the build threw', async () => {
    const build = () => Promise.reject(new MilleError('interrupted', 'x'));
    const result = await trial('build .', { app: { build }, interrupt: true });
    expect(result.status).toBe(130);
    expect(result.err).toContain('interrupted');
  });
  test('an error under --progress=json is a line of JSON', async () => {
    const build = () => Promise.reject(new MilleError('step-failed', 'no', { output: ['a'] }));
    const { err, status } = await trial('build --progress=json .', { app: { build } });
    expect(JSON.parse(err)).toMatchObject({ type: 'error', code: 'step-failed', output: ['a'] });
    expect(status).toBe(1);
  });
});

describe('build --check and --call', () => {
  const finding: Diagnostic = {
    rule: 'StageNameCasing',
    severity: 'warning',
    summary: 'lower case',
    message: 'the name is in capitals',
    span: { source, start: 16, end: 17 },
    lines: { first: 1, last: 1 },
  };
  const found = { check: async () => ({ source, diagnostics: [finding], missingImages: ['a', 'a', 'b'] }) };

  test('a finding is status 1, on standard output; what is missing is told on standard error', async () => {
    const { out, err, status, calls } = await trial('build --check .', { app: found });
    expect({ status, build: calls.build }).toEqual({ status: 1, build: undefined });
    expect(out).toContain('WARNING: StageNameCasing\nthe name is in capitals\nDockerfile:1:17\n');
    expect(err).toBe('note: not in the store, so checked without: a, b\n');
  });

  test('nothing found is status 0, and so is a finding whose status is ignored', async () => {
    expect(await trial('build --check .')).toMatchObject({
      status: 0,
      out: 'Check complete, no warnings found.\n',
      err: '',
    });
    const { status } = await trial('build --call=check,ignorestatus=true .', { app: found });
    expect(status).toBe(0);
  });

  test('JSON, by any of its names', async () => {
    for (const line of ['build --call=check,format=json .', 'build --check --call format=json,lint .']) {
      const { out, status } = await trial(line, { app: found });
      expect(status).toBe(1);
      expect(JSON.parse(out).warnings).toHaveLength(1);
    }
  });

  test('what a build would fail at is an error, but not a finding that would be one', async () => {
    const failing = (code: 'dockerfile-syntax' | 'check-failed') => ({
      app: {
        check: async () => ({
          source,
          diagnostics: [finding],
          missingImages: [],
          error: new MilleError(code, 'bad'),
        }),
      },
    });
    await expect(trial('build --check .', failing('dockerfile-syntax'))).rejects.toMatchObject({
      code: 'dockerfile-syntax',
    });
    expect(await trial('build --check .', failing('check-failed'))).toMatchObject({ status: 1, err: '' });
  });

  test('outline, targets, methods', async () => {
    expect((await trial('build --call=outline,format=json .')).out).toStartWith('{\n  "sources": [');
    expect((await trial('build --call=targets .')).out).toBe('TARGET   DESCRIPTION\n');
    expect((await trial('build --call=subrequests.describe .')).out).toContain('\noutline ');
    const described = JSON.parse((await trial('build --call=subrequests.describe,format=json .')).out);
    expect(described.map(({ name }: { name: string }) => name)).toEqual([
      'frontend.lint',
      'frontend.outline',
      'frontend.targets',
      'frontend.subrequests.describe',
    ]);
  });

  test('build is what happens anyway', async () => {
    for (const line of ['build --call=build .', 'build --check=false .', 'build --call= .']) {
      expect((await trial(line)).calls.build).toBeDefined();
    }
  });

  test.each([
    ['--call=chek', "--call can't be 'chek'", "did you mean 'check'?"],
    ['--call=all', "--call can't be 'all'", 'it is one of: build, check, outline, targets'],
    [
      '--call=check,format=yaml',
      "'format=yaml' is neither format=json nor ignorestatus=true",
      '--call=check',
    ],
    ['--call=check,outline', "'outline' is neither", '--call=check'],
    ['--check --call=outline', '--check and --call=outline cannot be had together', '--check is short'],
  ])('%s is wrong', async (flag, message, hint) => {
    const error = (await trial(`build ${flag} .`).catch((thrown: unknown) => thrown)) as MilleError;
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(message) });
    expect(error.hint).toContain(hint);
  });
});

describe('run', () => {
  test('options and status', async () => {
    const line =
      'run --rm -i -e A=1 -e H -v /a:/b:ro -w /w -u 1:2 --entrypoint= --name n -h box --network none --read-only img -c x';
    const { calls, status } = await trial(line, { env: { H: 'here' } });
    expect(status).toBe(42);
    expect(calls.run).toEqual({
      image: 'img',
      args: ['-c', 'x'],
      env: ['A=1', 'H=here'],
      volumes: ['/a:/b:ro'],
      workdir: '/w',
      user: '1:2',
      entrypoint: '',
      name: 'n',
      hostname: 'box',
      interactive: true,
      tty: false,
      network: 'none',
      readOnly: true,
      rm: true,
    });
  });
  test('-it without a terminal', async () => {
    await expect(trial('run -it img')).rejects.toThrow('the input device is not a terminal');
    expect((await trial('run -it img', { terminal: { stdin: true } })).calls.run?.tty).toBe(true);
  });
});

describe('images and archives', () => {
  test('images: filters', async () => {
    expect((await trial('images -f dangling=true app')).calls.other).toEqual([
      { dangling: true, reference: 'app' },
    ]);
    await expect(trial('images -f since=x')).rejects.toThrow("does not support the filter 'since=x'");
    expect((await trial('image ls')).out).toStartWith('REPOSITORY');
    await expect(trial('images --format {{.ID}}')).rejects.toThrow('Go templates are not supported');
  });
  test('inspect, tag, rmi', async () => {
    expect((await trial('inspect a')).out).toBe(`[\n    {\n        "Id": "${imageId}"\n    }\n]\n`);
    expect((await trial('image inspect --format json a')).out).toBe(`[{"Id":"${imageId}"}]\n`);
    expect((await trial('tag a b')).calls.other).toEqual(['a', 'b']);
    const removed = await trial('image rm -f a b');
    expect(removed.calls.other).toEqual([['a', 'b'], { force: true }]);
    expect(removed.out).toBe('Untagged: a:latest\n');
  });
  test('save and load refuse terminals', async () => {
    expect((await trial('save a b')).calls.other).toEqual([['a', 'b'], '-']);
    const toFile = await trial('save -o f a', { terminal: { stdout: true } });
    expect(toFile.calls.other).toEqual([['a'], 'f', expect.any(AbortSignal)]);
    await expect(trial('save a', { terminal: { stdout: true } })).rejects.toThrow(
      'not written to a terminal',
    );
    expect((await trial('load')).out).toBe('Loaded image: a:latest\n');
    expect((await trial('load -q')).out).toBe('');
    await expect(trial('load', { terminal: { stdin: true } })).rejects.toThrow(
      'standard input is a terminal',
    );
  });
  test('bootstrap', async () => {
    const { calls, out } = await trial(
      'bootstrap debian:bookworm --include python3,python3-pip --include x -t p -q',
    );
    expect(calls.other![0]).toEqual({
      suite: 'debian:bookworm',
      include: ['python3', 'python3-pip', 'x'],
      tag: 'p',
    });
    expect(out).toBe(`${imageId}\n`);
    await expect(trial('bootstrap debian:bookworm')).rejects.toThrow('the image needs a name');
  });
});

describe('the language', () => {
  test('parse: a listing, or JSON', async () => {
    const { out, calls, status } = await trial('parse -');
    expect([calls.other, status]).toEqual([['-'], 0]);
    expect(out).toBe('cmd  (lines 1 to 2)\n  flag      "--x"\n  json      "a"\n  json      "b"\n');
    const json = (await trial('parse --json x')).out;
    expect(JSON.parse(json)).toEqual([
      { instruction: 'cmd', flags: ['--x'], args: ['a', 'b'], json: true, heredocs: [], line: 1, endLine: 2 },
    ]);
  });
  test('expand: a listing, or JSON', async () => {
    const { out, calls } = await trial('expand x');
    expect(calls.other).toEqual(['x']);
    expect(out).toBe('"$A"  →  "a"\n"${"  →  error: no\n"$B"  →  ["b", "c"]\n');
    expect(JSON.parse((await trial('expand --json -')).out)).toEqual(['a', null, ['b', 'c']]);
  });
});

describe('words that are no command', () => {
  test.each([
    ['buid .', "unknown command 'buid'", "did you mean 'mille build'?"],
    ['push x', 'push is a command of docker that mille does not have yet', 'skopeo copy'],
    ['image sl', "mille image has no command 'sl'", "did you mean 'mille image ls'?"],
    ['--debug build', 'unknown flag --debug', "flags come after the command's name"],
    ['constructor', "unknown command 'constructor'", "'mille help'"],
  ])('%s', async (line, message, hint) => {
    const error = await trial(line).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(MilleError);
    expect(error.message).toBe(message);
    expect(error.hint).toContain(hint);
  });
  test('help is asked for in many ways', async () => {
    const overview = await helpAsked([]);
    expect(overview).toContain('Commands:');
    for (const words of [['help'], ['--help'], ['-h']]) expect(await helpAsked(words)).toBe(overview);
    const build = await helpAsked(['help', 'build']);
    expect(build).toStartWith('Usage: mille build');
    expect(await helpAsked(['build', '--help'])).toBe(build);
    expect(await helpAsked(['help', 'image', 'build'])).toBe(build);
    expect(await helpAsked(['image', '--help'])).toContain('ls');
    expect((await trial('build --help')).out).toBe(build!);
    expect((await trial('build -t x --help')).out).toBe(build!);
    expect(await helpAsked(['build', '.'])).toBeUndefined();
    await expect(helpAsked(['help', 'push'])).rejects.toThrow('does not have yet');
  });
});
