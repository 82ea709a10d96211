import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import { evaluatePlan } from './evaluate-plan.ts';
import { planBuild } from './plan.ts';
import { SharedSteps } from './share-steps.ts';
import { scratchState } from './stage-state.ts';

const HOST = { os: 'linux', architecture: 'amd64' };
const BOTH = ['linux/amd64', 'linux/arm64'];

/** The stages of a Dockerfile, evaluated for each platform. */
function evaluations(text: string, platforms: readonly string[] = BOTH) {
  const dockerfile = parseDockerfile({ name: 'Dockerfile', text });
  const shared = new SharedSteps();
  return platforms.map((platform) => {
    const plan = planBuild({ dockerfile, hostPlatform: HOST, platform, amongOthers: true });
    return evaluatePlan(plan, (stage) => scratchState(stage.platform), shared.namer(plan));
  });
}

/** Ids and titles, by platform. */
const steps = (text: string, platforms?: readonly string[]) =>
  evaluations(text, platforms).map((stages) =>
    [...stages.values()].flatMap(({ from, steps }) =>
      [...(from ? [from] : []), ...steps].map(({ id, title }) => `${id} ${title}`),
    ),
  );

describe('steps of several platforms', () => {
  // As a Docker 28.5 shows them.
  test('are one until something depends on the target', () => {
    const text = [
      'FROM --platform=$BUILDPLATFORM busybox AS tools',
      'RUN echo once',
      'ARG TARGETARCH',
      'RUN echo for $TARGETARCH',
      'FROM busybox',
      'COPY --from=tools /made /made',
      'WORKDIR /app',
    ].join('\n');
    expect(steps(text)).toEqual([
      [
        '0.from [linux/amd64 tools 1/3] FROM docker.io/library/busybox:latest',
        '0.0 [linux/amd64 tools 2/3] RUN echo once',
        '0.2 [linux/amd64 tools 3/3] RUN echo for amd64',
        '1.from [linux/amd64 stage-1 1/3] FROM docker.io/library/busybox:latest',
        '1.0 [linux/amd64 stage-1 2/3] COPY --from=tools /made /made',
        '1.1 [linux/amd64 stage-1 3/3] WORKDIR /app',
      ],
      [
        '0.from [linux/amd64 tools 1/3] FROM docker.io/library/busybox:latest',
        '0.0 [linux/amd64 tools 2/3] RUN echo once',
        '0.2@linux/arm64 [linux/amd64->arm64 tools 3/3] RUN echo for arm64',
        '1.from@linux/arm64 [linux/arm64 stage-1 1/3] FROM docker.io/library/busybox:latest',
        '1.0@linux/arm64 [linux/arm64 stage-1 2/3] COPY --from=tools /made /made',
        '1.1@linux/arm64 [linux/arm64 stage-1 3/3] WORKDIR /app',
      ],
    ]);
  });

  test('of one wording are two where they stand on or read something else', () => {
    const text = [
      'FROM a AS files',
      'FROM --platform=$BUILDPLATFORM b',
      'RUN same',
      'COPY --from=files x /',
      'RUN after',
    ].join('\n');
    const [first, second] = steps(text);
    expect(second!.slice(1)).toEqual([
      first![1]!,
      first![2]!,
      first![3]!.replace(' ', '@linux/arm64 '),
      first![4]!.replace(' ', '@linux/arm64 '),
    ]);
  });

  test('are shared by those platforms that have them in common', () => {
    const text = 'FROM --platform=$BUILDPLATFORM a\nARG TARGETARCH\nRUN for-$TARGETARCH';
    const ids = steps(text, ['linux/amd64', 'linux/arm/v7', 'linux/arm/v6']).map((one) => one[1]);
    expect(ids).toEqual([
      '0.1 [linux/amd64 2/2] RUN for-amd64',
      '0.1@linux/arm/v7 [linux/amd64->arm/v7 2/2] RUN for-arm',
      '0.1@linux/arm/v7 [linux/amd64->arm/v7 2/2] RUN for-arm',
    ]);
  });

  test('are found again in the history, inherited ones too', () => {
    const text = 'FROM scratch AS a\nCOPY x /\nFROM a\nARG TARGETARCH\nWORKDIR /$TARGETARCH';
    const histories = evaluations(text).map((stages) =>
      stages.get(1)?.state.history.flatMap(({ step }) => step ?? []),
    );
    expect(histories).toEqual([
      ['0.0', '1.1'],
      ['0.0@linux/arm64', '1.1@linux/arm64'],
    ]);
  });

  test('have one id only if they are the same on the same ground', () => {
    const lines = fc.constantFrom(
      'FROM base AS s',
      'FROM --platform=$BUILDPLATFORM base AS s',
      'FROM s AS t',
      'ARG TARGETARCH',
      'ARG BUILDARCH',
      'RUN make',
      'RUN make $TARGETARCH',
      'COPY --from=s / /',
      'WORKDIR /w',
      'ENV A=$TARGETARCH',
      'RUN --mount=from=s,target=/s true',
    );
    const property = fc.property(fc.array(lines, { maxLength: 12 }), (body) => {
      const text = ['FROM --platform=$BUILDPLATFORM first AS s', ...body].join('\n');
      let all: ReturnType<typeof evaluations>;
      try {
        all = evaluations(text);
      } catch {
        return;
      }
      const seen = new Map<string, string>();
      for (const stages of all) {
        for (const { steps } of stages.values()) {
          let below = '';
          for (const { span: _, ...step } of steps) {
            const meant = JSON.stringify([below, step]);
            expect(seen.get(step.id) ?? meant).toBe(meant);
            seen.set(step.id, meant);
            below = step.id;
          }
        }
      }
    });
    fc.assert(property, { numRuns: 60 });
  });
});

test('a step says what it is made for', () => {
  const made = (text: string, platform: string) =>
    evaluations(`FROM --platform=$BUILDPLATFORM a\n${text}\nRUN x`, [platform]).flatMap((stages) =>
      stages.get(0)!.steps.map(({ madeFor }) => madeFor),
    );
  expect(made('', 'linux/arm64')).toEqual(['linux/amd64']);
  expect(made('ARG TARGETPLATFORM', 'linux/arm/v7')).toEqual(['linux/amd64->arm/v7']);
  expect(made('ARG TARGETARCH TARGETVARIANT', 'linux/arm/v7')).toEqual(['linux/amd64->arm/v7']);
  expect(made('ARG TARGETOS TARGETARCH', 'linux/amd64')).toEqual(['linux/amd64']);
  expect(made('ENV TARGETPLATFORM=nonsense/a/b/c', 'linux/arm64')).toEqual(['linux/amd64']);
});
