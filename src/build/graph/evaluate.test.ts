import { describe, expect, test } from 'bun:test';
import { MilleError } from '../../core/index.ts';
import { parseGitAddress } from '../../lang/address/index.ts';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import type { Platform } from '../../oci/image/index.ts';
import { evaluateStage } from './evaluate.ts';
import { finishConfig } from './finish-config.ts';
import { staticInputs } from './named-input.ts';
import { type PlanOptions, planBuild } from './plan.ts';
import { imageState, type StageState, scratchState } from './stage-state.ts';
import type { AddStep, CopyStep, RunStep, Step } from './step.ts';

const HOST = { os: 'linux', architecture: 'amd64' };

function evaluate(text: string, options: Partial<PlanOptions> = {}, base = scratchState(HOST)) {
  const dockerfile = parseDockerfile({ name: 'Dockerfile', text: `FROM scratch\n${text}` });
  const plan = planBuild({ dockerfile, hostPlatform: HOST, ...options });
  return evaluateStage(plan, plan.stages[0] as never, base);
}

const step = <T extends Step>(text: string, options: Partial<PlanOptions> = {}) =>
  evaluate(text, options).steps[0] as T;

function failure(text: string): MilleError {
  try {
    evaluate(text);
  } catch (error) {
    if (error instanceof MilleError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('RUN', () => {
  test('the process has ENV and ARG; proxies stand apart', () => {
    const run = evaluate('ENV A=1\nARG B=2 N\nARG A=3\nRUN x', {
      buildArgs: { https_proxy: 'http://p', ALL_PROXY: '' },
    }).steps[0] as RunStep;
    expect(run.environment.map(({ name, value, origin }) => `${origin} ${name}=${value}`)).toEqual([
      'environment PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'argument B=2',
      'argument A=3',
    ]);
    expect(run.proxy).toEqual({ HTTPS_PROXY: 'http://p', https_proxy: 'http://p' });
    expect(JSON.stringify(staticInputs(run))).not.toContain('http://p');
  });

  test('SOURCE_DATE_EPOCH is there when asked for, and can be declared', () => {
    const value = (run: RunStep) =>
      run.environment.filter(({ name }) => name === 'SOURCE_DATE_EPOCH').map((v) => v.value);
    expect(value(step('RUN x', { sourceDateEpoch: 5 }))).toEqual(['5']);
    expect(value(step('ENV SOURCE_DATE_EPOCH=7\nRUN x', { sourceDateEpoch: 5 }))).toEqual(['7']);
    const declared = step<RunStep>('ARG SOURCE_DATE_EPOCH=6\nRUN x', { sourceDateEpoch: 5 });
    expect(value(declared)).toEqual(['5']);
    expect(declared.history.created_by).toContain('|1 SOURCE_DATE_EPOCH=5 ');
    expect(value(step('RUN x'))).toEqual([]);
  });

  test('network: the flag, else what the build says', () => {
    expect(step<RunStep>('RUN x', { network: 'none' }).network).toBe('none');
    expect(step<RunStep>('RUN --network=host x', { network: 'none' }).network).toBe('host');
    expect(step<RunStep>('RUN x').network).toBe('default');
  });

  test('a script with #! is a file for the shell to start', () => {
    const run = step<RunStep>('RUN <<-E\n#!/bin/sh\n\techo\n\tE');
    expect(run.argv).toEqual(['/bin/sh', '-c', '/dev/pipes/E']);
    expect(run.script).toEqual({ name: 'E', content: '#!/bin/sh\necho\n' });
  });

  test('mounts without a target are at the working directory, unless that is the root', () => {
    const { mounts } = evaluate(
      'WORKDIR /w\nRUN --mount=type=bind --mount=type=cache --mount=type=tmpfs x',
    ).steps.at(-1) as RunStep;
    expect(mounts.map((mount) => ('target' in mount ? mount.target : ''))).toEqual(['/w', '/w', '/w']);
    expect(mounts[1]).toMatchObject({ id: '.' });
  });

  test('mounts: targets, defaults, ids', () => {
    const flags = [
      'type=bind,target=rel,source=/a/../b',
      'type=cache,target=/c/x/../y',
      'type=cache,target=d,id=my,sharing=locked,uid=5,mode=0700,ro',
      'type=tmpfs,target=/t,size=1m',
      'type=secret,id=key',
      'type=secret,id=token,env=TOKEN',
      'type=secret,target=/s/file',
      'type=ssh',
      'type=ssh,id=two',
    ];
    const { mounts } = evaluate(`WORKDIR /w\nRUN ${flags.map((flag) => `--mount=${flag}`).join(' ')} x`)
      .steps[1] as RunStep;
    expect(mounts).toEqual([
      { type: 'bind', target: '/w/rel', from: { kind: 'build-context' }, path: 'b', readOnly: true },
      {
        type: 'cache',
        target: '/c/y',
        id: '/c/y',
        sharing: 'shared',
        from: { kind: 'scratch' },
        path: '',
        mode: 0o755,
        uid: 0,
        gid: 0,
        readOnly: false,
      },
      {
        type: 'cache',
        target: '/w/d',
        id: 'my',
        sharing: 'locked',
        from: { kind: 'scratch' },
        path: '',
        mode: 0o700,
        uid: 5,
        gid: 0,
        readOnly: true,
      },
      { type: 'tmpfs', target: '/t', size: 1048576, readOnly: false },
      { type: 'secret', id: 'key', target: '/run/secrets/key', required: false, mode: 0o400, uid: 0, gid: 0 },
      { type: 'secret', id: 'token', variable: 'TOKEN', required: false, mode: 0o400, uid: 0, gid: 0 },
      { type: 'secret', id: 'file', target: '/s/file', required: false, mode: 0o400, uid: 0, gid: 0 },
      {
        type: 'ssh',
        id: 'default',
        target: '/run/buildkit/ssh_agent.0',
        required: false,
        mode: 0o600,
        uid: 0,
        gid: 0,
      },
      {
        type: 'ssh',
        id: 'two',
        target: '/run/buildkit/ssh_agent.1',
        required: false,
        mode: 0o600,
        uid: 0,
        gid: 0,
      },
    ]);
  });

  test('the type of a mount may be a variable, and decides what the mount reads', () => {
    const text = 'ARG T=bind C=cache\nRUN --mount=type=$T,target=/x --mount=type=$C,target=/c x';
    expect(evaluate(text).steps[0]).toMatchObject({
      mounts: [
        { type: 'bind', from: { kind: 'build-context' } },
        { type: 'cache', from: { kind: 'scratch' } },
      ],
    });
  });

  test('mount values expand; the value of a secret is masked in the title', () => {
    const run = step<RunStep>(
      'ARG id=a TOKEN=clear\nRUN --mount=type=cache,id=$id,target=/c --mount=type=secret,id=t,env=TOKEN echo $TOKEN $x',
    );
    expect(run.mounts[0]).toMatchObject({ id: 'a' });
    expect(run.title).toBe(
      '[stage-0 1/1] RUN --mount=type=cache,id=a,target=/c --mount=type=secret,id=t,env=TOKEN echo **** $x',
    );
  });
});

describe('COPY and ADD', () => {
  test.each([
    ['/', 'x', '/x'],
    ['/w', 'x/', '/w/x/'],
    ['/w', '.', '/w/'],
    ['/w', './', '/w/'],
    ['/w', '/', '/'],
    ['/w', '../x', '/x'],
    ['/w', 'x/.', '/w/x/.'],
    ['/w', '/a/b/', '/a/b/'],
    ['/w', '$v/z', '/w/1/z'],
  ])('in %s, the destination %s is %s', (workdir, written, absolute) => {
    const copy = evaluate(`ENV v=1\nWORKDIR ${workdir}\nCOPY a ${written}`).steps.at(-1) as CopyStep;
    expect(copy.destination).toBe(absolute);
  });

  test('sources of ADD are told apart', () => {
    const add = step<AddStep>(
      'ADD a.tar https://h.io/d/f%20x.tgz?q=1#f https://h.io http://h.io/r.git#v1:sub git@h.io:o/r.git ssh://git@h/r /d/',
    );
    expect(add.sources).toEqual([
      { kind: 'local', path: 'a.tar' },
      { kind: 'url', url: 'https://h.io/d/f%20x.tgz?q=1#f', fileName: 'f x.tgz' },
      { kind: 'url', url: 'https://h.io', fileName: '__unnamed__' },
      { kind: 'git', address: parseGitAddress('http://h.io/r.git#v1:sub')! },
      { kind: 'git', address: parseGitAddress('git@h.io:o/r.git')! },
      { kind: 'git', address: parseGitAddress('ssh://git@h/r')! },
    ]);
  });

  test('flags of ADD and the options of an address are one', () => {
    const address = (text: string) => {
      const [source] = step<AddStep>(text).sources;
      return source?.kind === 'git' ? source.address : undefined;
    };
    expect(address('ADD --keep-git-dir --checksum=AB http://h/r.git /d')).toMatchObject({
      keepGitDir: true,
      checksum: 'ab',
    });
    expect(address('ADD --checksum=ab http://h/r.git?checksum=ab&keep-git-dir=false /d')).toMatchObject({
      keepGitDir: false,
      checksum: 'ab',
    });
  });

  test('flags', () => {
    const copy = step<CopyStep>(
      'ARG m=u=rwX,go=rX\nCOPY --chown=$m --chmod=$m --link --parents --exclude=*.md --exclude=x a b /d/',
    );
    expect(copy).toMatchObject({
      chown: 'u=rwX,go=rX',
      chmod: 'u=rwX,go=rX',
      link: false,
      parents: true,
      exclude: ['*.md', 'x'],
      sources: ['a', 'b'],
    });
    expect(step<CopyStep>('COPY --link --chmod= a b').link).toBe(true);
    expect(copy.history.created_by).toBe('COPY --parents --chown=u=rwX,go=rX --chmod=u=rwX,go=rX a b /d/');
  });

  test('here-documents expand unless their name is quoted', () => {
    const { inlineFiles } = step<CopyStep>('ENV x=1\nCOPY <<A <<"B" /h/\n$x "q" \\$x\nA\n$x\nB');
    expect(inlineFiles).toEqual([
      { name: 'A', content: '1 "q" $x\n' },
      { name: 'B', content: '$x\n' },
    ]);
  });

  test.each([
    ['COPY https://h.io/x /', 'COPY cannot take https://h.io/x: it copies files, it downloads nothing'],
    ['COPY --chmod=999 a b', '--chmod cannot be "999"'],
    ['COPY --chmod=77777 a b', '--chmod cannot be "77777"'],
    ['COPY --chmod=u+z a b', '--chmod cannot be "u+z"'],
    ['ADD --checksum=sha256:0 a b', '--checksum is for URLs and git repositories'],
    ['ADD --checksum=sha256:0 http://a/b http://a/c d/', '--checksum takes exactly one source'],
    ['ADD --checksum=sha256:0 http://a/b.git /d', '--checksum=sha256:0 is no commit of a git repository'],
    ['ADD --checksum=a http://a/b.git?commit=b /d', '--checksum and the address name two commits, a and b'],
    [
      'ADD --keep-git-dir http://a/b.git?keep-git-dir=0 /d',
      '--keep-git-dir and the keep-git-dir of the address say different things',
    ],
    ['ADD --checksum=a http://a/b.git?fetch-by-commit /d', 'fetch-by-commit needs the id of the commit'],
    [
      'ADD http://a/b.git?x=1 /d',
      "http://a/b.git?x=1 is no address of a git repository: it has no option 'x'",
    ],
    [
      'COPY http://a/b.git?x=1 /d',
      'COPY cannot take http://a/b.git?x=1: it copies files, it downloads nothing',
    ],
    [
      'EXPOSE 70000',
      'EXPOSE cannot take "70000": a port is a number up to 65535, or a range such as 8000-8010',
    ],
    ['EXPOSE 80/icmp', 'EXPOSE cannot take "80/icmp": the protocol "icmp" is none of tcp, udp, sctp'],
    ['EXPOSE 9-8', 'EXPOSE cannot take "9-8": a port is a number up to 65535, or a range such as 8000-8010'],
    ['STOPSIGNAL SIGFOO', '"SIGFOO" is not a signal'],
    ['VOLUME $none', 'the path of VOLUME is empty: $none'],
    ['RUN --mount=type=cache x', 'a mount of type cache has no target'],
    ['RUN --mount=type=secret,id=s,target=/ x', 'a mount of type secret cannot cover "/"'],
    ['RUN --mount=type=ssh,target=/x/.. x', 'a mount of type ssh cannot cover "/"'],
    ['RUN --mount=type=tmpfs,target=/ x', 'a mount of type tmpfs cannot cover "/"'],
    ['ENV a=${b:?needed}', 'b: needed in "${b:?needed}"'],
  ])('%s fails', (text, message) => {
    const error = failure(text);
    expect(error.message).toBe(message);
    expect(error.span).toBeDefined();
  });
});

describe('named inputs', () => {
  const inputs = (text: string, options: Partial<PlanOptions> = {}) =>
    staticInputs(evaluate(text, options).steps.at(-1) as Step).map(
      ({ kind, name, value }) => `${kind}|${name}|${value}`,
    );

  test('RUN: every variable by name, no path of caches, no secret', () => {
    const found = inputs(
      'ARG V=1\nUSER app\nWORKDIR /w\nRUN --mount=type=cache,target=/c --mount=type=secret,id=s make   all',
      {
        buildArgs: { https_proxy: 'http://p' },
      },
    );
    expect(found).toEqual([
      'platform||linux/amd64',
      'instruction|RUN|[["/bin/sh","-c","make   all"],null]',
      'environment|PATH|/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'argument|V|1',
      'workdir||/w',
      'user||app',
      'network||default',
      'security||sandbox',
      'mount|0 /c|["cache","/c",false]',
      'mount|1 /run/secrets/s|["secret","s","",256,0,0]',
    ]);
  });

  test('COPY: what is written, expanded; no variable of the environment', () => {
    expect(inputs('ENV A=1\nARG B=2\nCOPY --chown=$A --link a b/ /d$B/')).toEqual([
      'instruction|COPY|[["a","b/"],"/d2/"]',
      'option|chown|1',
      'option|link|true',
    ]);
    expect(inputs('ENV A=1\nCOPY a /')).toEqual(inputs('ENV A=2\nCOPY a /'));
  });

  test('kind and name are unique in a list', () => {
    const text = 'RUN --mount=target=/a --mount=target=/a,source=x --mount=type=ssh --mount=type=ssh x';
    const found = staticInputs(step(text)).map(({ kind, name }) => `${kind} ${name}`);
    expect(new Set(found).size).toBe(found.length);
  });
});

describe('images from outside', () => {
  const image = {
    ...HOST,
    author: 'me',
    created: '2020-01-01T00:00:00Z',
    config: {
      Env: ['A=1'],
      WorkingDir: 'rel',
      Cmd: ['sh'],
      OnBuild: ['RUN x'],
      Labels: { l: '1' },
      Custom: true,
    },
    rootfs: { type: 'layers', diff_ids: [] },
    history: [
      { created: '2020-01-01T00:00:00Z', created_by: 'base' },
      { created_by: 'old', empty_layer: true },
    ],
  } as const;

  test('hand on config, author, history; PATH is added; ONBUILD is not passed on', () => {
    const { state, configBefore } = evaluate('ENV B=$A\nWORKDIR x', {}, imageState(image, HOST));
    expect(configBefore.Env).toEqual([
      'A=1',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
    expect(state.config).toMatchObject({ WorkingDir: '/rel/x', Cmd: ['sh'] });
    const config = finishConfig({
      state,
      baseLayers: [],
      results: new Map([['0.1', { created: '2026-01-02T00:00:00Z' }]]),
      labels: { l: '2', k: 'v' },
      created: '2026-01-03T00:00:00Z',
    });
    expect(config.author).toBe('me');
    expect(config.config).toMatchObject({ Labels: { k: 'v', l: '2' } });
    // What BuildKit does not know is not handed on.
    expect(config.config).not.toHaveProperty('Custom');
    expect(config.config?.OnBuild).toBeUndefined();
    expect(
      config.history?.map((entry) => [entry.created_by, entry.created, entry.empty_layer ?? false]),
    ).toEqual([
      ['base', '2020-01-01T00:00:00Z', false],
      ['old', '2026-01-02T00:00:00Z', true],
      ['ENV B=1', '2026-01-02T00:00:00Z', true],
      ['WORKDIR /rel/x', '2026-01-02T00:00:00Z', true],
    ]);
  });
});

test('the platform of the image: what was asked for, else what its base says', () => {
  const of = (base: StageState, platform?: Platform) => {
    const { state } = evaluate('ENV A=1', {}, base);
    const { os, architecture, variant } = finishConfig({
      ...{ state, baseLayers: [], results: new Map(), created: '2026-01-03T00:00:00Z' },
      ...(platform ? { platform } : {}),
    });
    return [os, architecture, variant].filter(Boolean).join('/');
  };
  const arm64 = { os: 'linux', architecture: 'arm64' };
  const base = (platform: Platform) =>
    imageState({ ...platform, rootfs: { type: 'layers', diff_ids: [] } }, HOST);
  expect(of(scratchState(HOST))).toBe('linux/amd64');
  expect(of(scratchState(HOST), arm64)).toBe('linux/arm64');
  expect(of(base(arm64))).toBe('linux/arm64');
  expect(of(base(arm64), HOST)).toBe('linux/amd64');
  expect(of(base({ ...HOST, variant: 'v2' }))).toBe('linux/amd64/v2');
  expect(of(base({ ...HOST, variant: 'v2' }), HOST)).toBe('linux/amd64/v2');
  expect(of(base({ ...HOST, variant: 'v2' }), { ...HOST, variant: 'v3' })).toBe('linux/amd64/v3');
});

test('nothing is changed in place: the state of a base serves several stages', () => {
  const base = imageState(
    { ...HOST, config: { Env: ['PATH=/x'], Labels: { a: '1' } }, rootfs: { type: 'layers', diff_ids: [] } },
    HOST,
  );
  const before = JSON.stringify(base);
  evaluate('ENV A=1\nLABEL a=2\nARG X=1\nCMD x\nEXPOSE 1\nVOLUME /v', {}, base);
  expect(JSON.stringify(base)).toBe(before);
});
