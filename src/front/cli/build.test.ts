// `mille build` against a recording stand-in for `app`: what options arrive, what is written where, with which status.

import { describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App, CostResult, PlannedStep, PlanResult } from '../../app/index.ts';
import { type Diagnostic, MilleError } from '../../core/index.ts';
import { imageId, manifest, source, type Trial, trial } from './testdata/trial.ts';

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
      outputs: [{ type: 'image' }],
      reproducible: false,
      lazy: true,
    });
    expect(await options('build --whole .')).toMatchObject({ lazy: false });
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
  test('a source policy is refused, not passed over', async () => {
    const env = { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: 'policy.json' };
    await expect(trial('build .', { env })).rejects.toMatchObject({ code: 'usage' });
    expect((await trial('build .', { env: { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: '' } })).status).toBe(0);
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
      ca: 'host',
      reproducible: true,
      lazy: true,
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
    ['build --provenance=mode=all .', "--provenance 'mode=all': there is no mode 'all'"],
    ['build --network bridge .', "--network can't be 'bridge'"],
    ['build --progress tty .', 'needs a terminal'],
    ['build --iidfile= .', '--iidfile has no path'],
    ['build --metadata-file= .', '--metadata-file has no path'],
    ['build -q --progress=plain .', '--quiet and --progress=plain cannot be given together'],
    ['build --pull=maybe .', "--pull can't be 'maybe'"],
    ['build --builder cloud .', "there is no builder 'cloud'"],
    ['build --isolation hyperv .', "there is no isolation 'hyperv'"],
    ['build --disable-content-trust=false .', '--disable-content-trust=false is not supported'],
    ['build --no-cache --no-cache-filter a .', 'cannot be given together'],
    ['build --annotation a .', "--annotation 'a' is no key=value"],
  ])('%s is refused', async (line, message) => {
    await expect(trial(line)).rejects.toThrow(message);
  });
  test('what CI scripts write and what is so anyway is taken', async () => {
    const line =
      'build --load --rm --force-rm --provenance=false --sbom=false --pull=false --builder default -D --compress ' +
      '--isolation= --isolation default --disable-content-trust .';
    expect(await options(line)).toMatchObject({ outputs: [{ type: 'image' }], context: '.' });
    // A value of --pull is never the next word.
    expect(await options('build --pull .')).toMatchObject({ pull: 'always', context: '.' });
    expect(await options('build --pull=false .')).toMatchObject({ pull: 'missing' });
  });
  test('-q: the id alone, on standard output; else nothing there', async () => {
    expect(await trial('build -q .')).toMatchObject({ out: `${imageId}\n`, err: '', status: 0 });
    expect(await trial('build --progress=quiet .')).toMatchObject({ out: `${imageId}\n`, err: '' });
    const plain = await trial('build .');
    expect(plain.out).toBe('');
    expect(plain.err).toBe('#1 [1/1] FROM scratch\n#1 CACHED\n\n');
  });
  test('caches, annotations, one layer', async () => {
    const line =
      'build --no-cache-filter a,b --no-cache-filter C --squash --annotation manifest-descriptor:k=v .';
    expect(await options(line)).toMatchObject({
      noCache: false,
      noCacheStages: ['a', 'b', 'C'],
      squash: true,
      annotations: [{ on: 'manifest-descriptor', key: 'k', value: 'v' }],
    });
  });
  test('--metadata-file: the keys of buildx, and no image where none is made', async () => {
    const place = mkdtempSync(join(tmpdir(), 'mille-metadata-'));
    const file = join(place, 'metadata.json');
    try {
      const read = async (line: string): Promise<unknown> => {
        await trial(`build --metadata-file ${file} ${line} .`);
        return JSON.parse(readFileSync(file, 'utf8'));
      };
      expect(await read('-t app')).toEqual({
        'buildx.build.ref': 'default/default/x',
        'containerimage.config.digest': imageId,
        'containerimage.descriptor': { mediaType: 'm', digest: manifest, size: 7 },
        'containerimage.digest': manifest,
        'image.name': 'docker.io/library/app:latest,docker.io/library/b:1',
      });
      expect(await read('-o type=oci,dest=x')).toHaveProperty(['containerimage.digest']);
      for (const output of ['type=tar,dest=x', 'x'])
        expect(await read(`-o ${output}`)).toEqual({ 'buildx.build.ref': 'default/default/x' });
    } finally {
      rmSync(place, { recursive: true });
    }
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
      // Neither a link that is there nor one that is laid meanwhile is followed.
      const other = join(folder, 'other');
      writeFileSync(other, 'kept');
      symlinkSync(other, file);
      const descriptor = { mediaType: 'm', digest: manifest, size: 7 };
      const result = { imageId, descriptor, names: [], bytes: 0, seconds: 0, buildId: 'x', log: '/log' };
      const laying = () => {
        symlinkSync(other, file);
        return Promise.resolve(result);
      };
      await trial(`build --iidfile ${file} .`, { app: { build: laying } });
      expect([readFileSync(file, 'utf8'), readFileSync(other, 'utf8')]).toEqual([imageId, 'kept']);
      expect(readdirSync(folder).sort()).toEqual(['iid', 'other']);
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

describe('plan', () => {
  const result = (verdict: PlannedStep['verdict']): PlanResult => ({
    dockerfile: 'Dockerfile',
    steps: [{ id: '0.0', title: '[1/1] RUN x', verdict, reasons: [], after: [] }],
    seconds: { least: 0, most: 0 },
    unknown: [],
    warnings: ['odd'],
    notes: [],
    findings: [],
  });
  async function planned(line: string, verdict: PlannedStep['verdict'] = 'runs') {
    let options: unknown;
    const plan: App['plan'] = async (given) => {
      options = given;
      return result(verdict);
    };
    return { ...(await trial(line, { app: { plan } })), options };
  }
  test('takes the flags of build, and builds nothing', async () => {
    const { options, calls, out, err, status } = await planned('build --plan -t a --target t -o x.tar .');
    expect(options).toMatchObject({ context: '.', tags: ['a'], target: 't' });
    expect([calls.build, status, err]).toEqual([undefined, 0, 'warning: odd\n']);
    expect(out).toStartWith('runs     [1/1] RUN x\n');
    expect((await planned('plan -t a --target t -o x.tar')).options).toEqual(options);
  });
  test('status 3 where that is asked for and something would run', async () => {
    expect((await planned('plan --exit-code .')).status).toBe(3);
    expect((await planned('plan --exit-code .', 'may-run')).status).toBe(3);
    expect((await planned('build --plan --exit-code .', 'cached')).status).toBe(0);
  });
  test('json', async () => {
    const { out } = await planned('plan --format json .');
    expect(JSON.parse(out).counts).toEqual({ cached: 0, runs: 1, mayRun: 0 });
  });
  test.each([
    ['build --exit-code .', '--exit-code is for --plan'],
    ['build --format json .', '--format is for --plan'],
    ['build --plan --check .', '--plan and --call or --check cannot be had together'],
    ['build --plan --verify .', '--plan and --verify cannot be had together'],
    ['plan --call check .', 'unknown flag --call'],
    ['plan --verify .', 'unknown flag --verify'],
    ['plan --attest x .', "'x' is no key=value"],
  ])('%s', async (line, message) => {
    await expect(trial(line)).rejects.toThrow(message);
  });
});

describe('cost', () => {
  const result: CostResult = {
    ...{ dockerfile: 'Dockerfile', context: '/c', steps: [], groups: [], warnings: ['odd'] },
    unread: { files: 1, ignored: 0, more: false },
    noHistory: 'no git',
  };
  async function looked(line: string) {
    let given: readonly unknown[] = [];
    const cost: App['cost'] = async (...args) => {
      given = args;
      return result;
    };
    return { ...(await trial(line, { app: { cost } })), given };
  }
  test('the working directory, 90 days, 1000 commits, one level', async () => {
    const { given, out, err } = await looked('cost');
    expect(given[0]).toMatchObject({ context: '.', noCache: false, network: 'default' });
    expect(given[1]).toEqual({ days: 90, commits: 1000, depth: 1 });
    expect(err).toBe('warning: odd\n');
    expect(out).toContain('How often files change is not known: no git.');
  });
  test('other numbers, flags of build, json', async () => {
    const line = 'cost --days 7 --commits 5 --depth 2 -f D --target t --build-arg A=1 --format json x';
    const { given, out } = await looked(line);
    expect(given[0]).toMatchObject({ context: 'x', dockerfile: 'D', target: 't', buildArgs: { A: '1' } });
    expect(given[1]).toEqual({ days: 7, commits: 5, depth: 2 });
    expect(JSON.parse(out).history).toBeNull();
  });
  test.each([
    ['cost --days 0', "--days can't be '0'"],
    ['cost --depth x', "--depth can't be 'x'"],
    ['cost -t x', 'unknown flag -t'],
  ])('%s', async (line, message) => {
    await expect(trial(line)).rejects.toThrow(message);
  });
});
