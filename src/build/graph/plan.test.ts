import { describe, expect, test } from 'bun:test';
import { MilleError } from '../../core/index.ts';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import { type PlanOptions, planBuild } from './plan.ts';

const HOST = { os: 'linux', architecture: 'amd64' };

function plan(text: string, options: Partial<PlanOptions> = {}) {
  return planBuild({
    dockerfile: parseDockerfile({ name: 'Dockerfile', text }),
    hostPlatform: HOST,
    ...options,
  });
}

function failure(text: string, options: Partial<PlanOptions> = {}): MilleError {
  try {
    plan(text, options);
  } catch (error) {
    if (error instanceof MilleError) return error;
    throw error;
  }
  throw new Error('no error');
}

const names = (text: string, options: Partial<PlanOptions> = {}) =>
  plan(text, options).stages.map((stage) => stage.displayName);

describe('stages', () => {
  const chain = [
    'FROM scratch AS a',
    'FROM alpine AS unused',
    'FROM a AS b',
    'COPY --from=c x /',
    'FROM scratch AS c',
    'FROM scratch AS d',
    'COPY --from=0 / /',
    'RUN --mount=from=c,target=/c true',
  ].join('\n');

  test('only those the target needs', () => {
    expect(names(chain)).toEqual(['a', 'c', 'd']);
    expect(plan(chain).images).toEqual([]);
    expect(names(chain, { target: 'A' })).toEqual(['a']);
    expect(names(chain, { target: '3' })).toEqual(['c']);
    expect(plan(chain, { target: 'c' }).target).toBe(3);
  });

  test('a trigger that is broken matters where it is pulled only', () => {
    const text = 'FROM scratch AS a\nONBUILD # nothing\nFROM a AS b\nFROM scratch AS c';
    expect(names(text)).toEqual(['c']);
    expect(plan(text, { allStages: true }).stages).toHaveLength(3);
    expect(failure(text, { target: 'b' }).code).toBe('dockerfile-syntax');
  });

  test('a later stage takes the name of an earlier one', () => {
    const text = 'FROM scratch AS a\nFROM scratch AS a\nCOPY --from=0 / /\nFROM a';
    expect(plan(text).stages.map((stage) => stage.index)).toEqual([0, 1, 2]);
  });

  test('names in titles: none for a stage alone, a number for one without', () => {
    expect(names('FROM scratch')).toEqual(['']);
    expect(names('FROM scratch AS x')).toEqual(['']);
    expect(names('FROM scratch\nFROM scratch\nCOPY --from=0 / /')).toEqual(['stage-0', 'stage-1']);
    expect(names('FROM scratch\nCOPY --from=alpine / /')).toEqual(['stage-0']);
    expect(names('FROM scratch\nRUN --mount=type=cache,target=/c true')).toEqual(['stage-0']);
    expect(names('FROM scratch AS only\nFROM scratch', { target: 'only' })).toEqual(['only']);
  });

  test('images that are needed, each once, with the first place', () => {
    const { images } = plan(
      'FROM alpine:3\nCOPY --from=busybox a b\nFROM --platform=linux/arm64 alpine:3\nCOPY --from=0 a b\nCOPY --from=busybox c d',
    );
    expect(
      images.map(({ reference, platform, span }) => [reference, platform.architecture, span.start]),
    ).toEqual([
      ['alpine:3', 'amd64', 5],
      ['busybox', 'amd64', 14],
      ['alpine:3', 'arm64', 66],
    ]);
  });

  test('platforms: nothing is for any, and what is only read from is for the target', () => {
    const text =
      'FROM --platform=$BUILDPLATFORM alpine AS a\nCOPY --from=busybox a b\nRUN --mount=from=x,target=/x true\n' +
      'FROM --platform=linux/s390x scratch\nCOPY --from=a a b';
    const { stages, images, imagePlatform } = plan(text, { platform: 'linux/arm64' });
    expect(stages.map(({ platform }) => platform.architecture)).toEqual(['amd64', 'arm64']);
    expect(images.map(({ reference, platform }) => [reference, platform.architecture])).toEqual([
      ['alpine', 'amd64'],
      ['busybox', 'arm64'],
      ['x', 'arm64'],
    ]);
    expect(imagePlatform).toEqual({ os: 'linux', architecture: 'arm64' });
    expect(plan(text).imagePlatform).toBeUndefined();
  });

  test('only for Linux, as far as a stage is needed', () => {
    const windows = 'FROM --platform=windows/amd64 base AS w\nFROM scratch';
    expect(names(windows)).toEqual(['stage-1']);
    expect(failure(windows, { target: 'w' })).toMatchObject({
      code: 'platform-unsupported',
      message: 'cannot build for windows/amd64',
    });
    expect(failure('FROM scratch', { platform: 'freebsd' }).message).toBe('cannot build for freebsd/amd64');
  });

  test('FROM expands global arguments and platform arguments', () => {
    const text = 'ARG TAG=1\nARG BASE=img:$TAG\nFROM --platform=$BUILDPLATFORM ${BASE}-x';
    expect(plan(text).images[0]?.reference).toBe('img:1-x');
    expect(plan(text, { buildArgs: { TAG: '2' } }).images[0]?.reference).toBe('img:2-x');
    expect(plan('FROM --platform=linux/arm/v7 a').stages[0]?.platform).toEqual({
      os: 'linux',
      architecture: 'arm',
      variant: 'v7',
    });
  });

  describe('named contexts', () => {
    const contexts = new Map([
      ['files', 'files'],
      ['python', 'image'],
      ['a', 'files'],
    ] as const);
    const context = (name: string, more: object = {}) => ({
      kind: 'context',
      ...{ name, holds: contexts.get(name as 'a'), platform: HOST, replaces: 'image', ...more },
    });
    const bases = (text: string) => plan(text, { contexts }).stages.map(({ base }) => base as object);

    test('stand for images, however their names are written', () => {
      expect(bases('FROM python')).toEqual([context('python')]);
      expect(bases('FROM python:latest')).toEqual([context('python')]);
      expect(bases('FROM docker.io/library/files')).toEqual([context('files')]);
      expect(bases('FROM python:3')).toMatchObject([{ kind: 'image', reference: 'python:3' }]);
      const { images } = plan('FROM python\nCOPY --from=files / /', { contexts });
      expect(images).toMatchObject([
        { reference: 'python', context: true, key: 'context python linux/amd64' },
      ]);
      expect(plan('FROM --platform=arm64 python', { contexts }).images).toMatchObject([
        { platform: { architecture: 'arm64' } },
      ]);
    });

    test('stand for stages, and what was written of those does not count', () => {
      const text =
        'FROM python:3 AS a\nRUN make\nCOPY --from=nothing x /\nFROM a\nCOPY --from=0 / /\nCOPY --from=A / /\nRUN --mount=from=a,target=/a true';
      const { stages, images } = plan(text, { contexts });
      const a = context('a', { replaces: 'stage' });
      expect(stages.map(({ displayName, base }) => [displayName, base as object])).toEqual([['stage-1', a]]);
      expect(stages[0]?.instructions.map(({ sources }) => sources as object[])).toEqual([[a], [a], [a]]);
      expect(images).toEqual([]);
      const target = plan(text, { contexts, target: 'a' });
      expect(target.stages).toMatchObject([{ replaced: true, base: a, instructions: [] }]);
    });

    test('never for scratch; a trigger of what stands for a stage is none', () => {
      const more = new Map([...contexts, ['scratch', 'files'] as const]);
      expect(plan('FROM scratch', { contexts: more }).stages[0]?.base).toEqual({ kind: 'scratch' });
      const triggers = new Map([
        [0, ['RUN a']],
        [1, ['RUN b']],
      ]);
      const texts = (text: string, target?: string) =>
        plan(text, { contexts, triggers, ...(target ? { target } : {}) }).stages.map(({ instructions }) =>
          instructions.map(({ instruction }) => instruction.text),
        );
      expect(texts('FROM python')).toEqual([['RUN a']]);
      expect(texts('FROM x AS a\nFROM a')).toEqual([[]]);
    });

    test('one that nothing asks for is told of', () => {
      const { warnings } = plan('FROM python AS x\nFROM scratch\nCOPY --from=files a b', { contexts });
      expect(warnings).toEqual([
        'the build context a was not used, for nothing in the Dockerfile has its name',
      ]);
    });
  });

  test('triggers of an image come first and bring dependencies', () => {
    const text = 'FROM scratch AS a\nFROM img\nRUN x';
    const triggers = new Map([[1, ['COPY --from=a / /', 'RUN y']]]);
    const { stages } = plan(text, { triggers });
    expect(stages.map((stage) => stage.index)).toEqual([0, 1]);
    expect(stages[1]?.instructions.map((one) => [one.instruction.text, one.trigger])).toEqual([
      ['COPY --from=a / /', true],
      ['RUN y', true],
      ['RUN x', false],
    ]);
  });
});

describe('errors', () => {
  test.each<[string, Partial<PlanOptions>, string, string, string]>([
    [
      'FROM scratch AS build\nFROM scratch AS test',
      { target: 'biuld' },
      'unknown-stage',
      'there is no stage "biuld" to build',
      'did you mean build?',
    ],
    [
      'FROM scratch AS build\nFROM scratch AS test',
      { target: 'zzzzzz' },
      'unknown-stage',
      'there is no stage "zzzzzz" to build',
      'the stages are build, test',
    ],
    [
      'FROM scratch',
      { target: '1' },
      'unknown-stage',
      'there is no stage "1" to build',
      'no stage has a name; they are numbered 0 to 0',
    ],
    [
      'FROM scratch\nCOPY --from=7 a b',
      {},
      'unknown-stage',
      'there is no stage 7',
      'stages are counted from 0; better give it a name with AS',
    ],
    [
      'FROM scratch AS a\nCOPY --from=a x y',
      {},
      'unknown-stage',
      'circular dependency: stage "a" needs itself',
      'a stage can read only from stages above it',
    ],
    [
      'FROM scratch AS a\nCOPY --from=b x y\nFROM a AS b',
      {},
      'unknown-stage',
      'circular dependency between the stages "a" and "b"',
      'a stage can read only from stages above it',
    ],
    [
      'FROM scratch AS a\nCOPY --from=b x y\nFROM scratch AS b\nFROM a',
      {},
      'unknown-stage',
      'stage "a" needs stage "b", which is defined after it',
      'move stage b above a',
    ],
    [
      'FROM scratch AS base\nFROM Base',
      {},
      'unknown-stage',
      '"Base" is neither a stage nor a valid image name',
      'names of stages are kept in lower case: write FROM base',
    ],
    [
      'FROM $NONE',
      {},
      'dockerfile-syntax',
      'the base image of FROM is empty: $NONE',
      'give the ARG a default before FROM, or pass it with --build-arg',
    ],
    [
      'FROM --platform=$NONE a',
      {},
      'platform-unsupported',
      'the platform of FROM is empty: $NONE',
      'write os/architecture, for example linux/amd64',
    ],
    [
      'FROM scratch\nCOPY --from=$x a b',
      {},
      'dockerfile-syntax',
      'variables are not expanded in --from',
      'give the image a name with FROM … AS name before this stage, and use that name',
    ],
  ])('%s %j', (text, options, code, message, hint) => {
    const error = failure(text, options);
    expect({ code: error.code, message: error.message, hint: error.hint }).toEqual({
      code,
      message,
      hint,
    } as never);
    expect(error.span !== undefined || options.target !== undefined).toBe(true);
  });

  test('malformed references have a place', () => {
    const error = failure('FROM scratch\nFROM UPPER');
    expect([error.code, error.span?.start]).toEqual(['reference-invalid', 18]);
  });
});

test('build arguments that nothing uses are reported, but for those addressed to the builder', () => {
  const buildArgs = { A: '1', B: '2', http_proxy: 'p', BUILDKIT_BUILD_NAME: '1', TARGETARCH: 'x', G: '1' };
  expect(plan('ARG G\nFROM scratch\nARG A', { buildArgs }).warnings).toEqual([
    'this build argument was not used, for no ARG declares it: B',
  ]);
  expect(plan('FROM scratch', { buildArgs: { X: '', Y: '' } }).warnings).toEqual([
    'these build arguments were not used, for no ARG declares them: X, Y',
  ]);
});
