import { describe, expect, test } from 'bun:test';
import type { Digest } from '../../core/index.ts';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import type { Entry } from '../../oci/image/index.ts';
import { type ContextOrigins, contextOrigins, readsOfContext } from './context-origins.ts';
import { evaluatePlan } from './evaluate-plan.ts';
import { planBuild } from './plan.ts';
import { scratchState } from './stage-state.ts';
import type { RunStep } from './step.ts';

const HOST = { os: 'linux', architecture: 'amd64' };

/** A layer: a path and its content, or what else there is, in brackets. */
function layer(files: Readonly<Record<string, string>>): Entry[] {
  return Object.entries(files).map(([path, content]) => {
    const type = /^\[(.*)\]$/.exec(content)?.[1] ?? 'file';
    const digest = `sha256:${content}` as Digest;
    const common = { path, mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 };
    return { ...common, type: type as Entry['type'], ...(type === 'file' ? { digest } : {}) };
  });
}

interface Given {
  readonly placed?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly layers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function follow(text: string, { placed = {}, layers }: Given) {
  const plan = planBuild({ dockerfile: parseDockerfile({ name: 'Dockerfile', text }), hostPlatform: HOST });
  const evaluations = evaluatePlan(plan, () => scratchState(HOST));
  const origins = contextOrigins({
    ...{ plan, evaluations },
    placed: new Map(Object.entries(placed).map(([id, paths]) => [id, new Map(Object.entries(paths))])),
    layerOf: (id) => layer(layers[id] ?? {}),
  });
  const steps = [...evaluations.values()].flatMap((stage) => stage.steps);
  return { origins, run: (id: string) => steps.find((step) => step.id === id) as RunStep };
}

const object = (origins: ContextOrigins, id: string) => Object.fromEntries(origins.before(id));

describe('where files came from', () => {
  test('until something else is written in their place', () => {
    const { origins } = follow('FROM scratch\nCOPY . /app\nRUN x\nCOPY y /app/b\nRUN z', {
      placed: {
        '0.0': { app: '', 'app/a': 'a', 'app/b': 'b', 'app/c': 'c', 'app/d/e': 'd/e' },
        '0.2': { 'app/b': 'y' },
      },
      layers: {
        '0.0': { app: '[dir]', 'app/a': 'A', 'app/b': 'B', 'app/c': 'C', 'app/d/e': 'E' },
        // b is written anew, c has another owner only.
        '0.1': { app: '[dir]', 'app/b': 'other', 'app/c': 'C', 'app/d': '[whiteout]', new: 'N' },
        '0.2': { app: '[dir]', 'app/b': 'Y' },
      },
    });
    expect(object(origins, '0.0')).toEqual({});
    expect(object(origins, '0.1')).toEqual({
      app: '',
      'app/a': 'a',
      'app/b': 'b',
      'app/c': 'c',
      'app/d/e': 'd/e',
    });
    expect(object(origins, '0.2')).toEqual({ app: '', 'app/a': 'a', 'app/c': 'c' });
    expect(object(origins, '0.3')).toEqual({ app: '', 'app/a': 'a', 'app/b': 'y', 'app/c': 'c' });
  });

  test('from stage to stage, copied and mounted', () => {
    const { origins, run } = follow(
      `FROM scratch AS one
COPY a.txt /src/a
FROM one AS two
RUN --mount=type=bind,target=/ctx,source=sub --mount=type=bind,from=one,target=/one,source=/src y
FROM scratch
COPY --from=two /src /dst
COPY --from=two /made /dst/a2
RUN z`,
      {
        placed: { '0.0': { 'src/a': 'a.txt' }, '2.0': { 'dst/a': 'src/a' }, '2.1': { 'dst/a2': 'made' } },
        layers: {
          '0.0': { 'src/a': 'A' },
          '1.0': { made: 'M' },
          '2.0': { dst: '[dir]', 'dst/a': 'A' },
          '2.1': { dst: '[dir]', 'dst/a2': 'M' },
        },
      },
    );
    expect(object(origins, '2.2')).toEqual({ 'dst/a': 'a.txt' });
    const none = { files: [], looked: [], listed: [], missing: [] };
    const reads = readsOfContext(
      run('1.0'),
      {
        ...none,
        files: ['src/a', 'bin/sh'],
        mounts: [
          { ...none, target: '/ctx', files: ['x/y'], listed: [''], missing: ['x/z/w'] },
          { ...none, target: '/one', looked: ['a'] },
        ],
      },
      origins,
    );
    expect(Object.fromEntries(reads.files)).toEqual({ 'src/a': 'a.txt', 'ctx/x/y': 'sub/x/y' });
    expect(Object.fromEntries(reads.looked)).toEqual({ 'one/a': 'a.txt' });
    expect(Object.fromEntries(reads.listed)).toEqual({ ctx: 'sub' });
    expect(Object.fromEntries(reads.missing)).toEqual({ 'ctx/x/z/w': 'sub/x/z/w' });
  });

  test('what is missing would have been beside what is there', () => {
    const { origins, run } = follow('FROM scratch\nCOPY src /app\nRUN x', {
      placed: { '0.0': { app: 'src', 'app/sub': 'src/sub' } },
      layers: { '0.0': { app: '[dir]', 'app/sub': '[dir]' } },
    });
    const reads = { files: [], looked: [], listed: ['app'], missing: ['app/sub/a', 'app/b/c', 'etc/d'] };
    const { missing, listed } = readsOfContext(run('0.1'), reads, origins);
    expect(Object.fromEntries(missing)).toEqual({ 'app/sub/a': 'src/sub/a', 'app/b/c': 'src/b/c' });
    expect(Object.fromEntries(listed)).toEqual({ app: 'src' });
  });
});
