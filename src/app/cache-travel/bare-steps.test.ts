import { expect, test } from 'bun:test';
import type { StepForecast } from '../../build/execute/index.ts';
import type { BuildPlan, StageEvaluation, Step } from '../../build/graph/index.ts';
import { type Digest, digestOfHex } from '../../core/index.ts';
import { unreadSteps } from './bare-steps.ts';

/** Four stages: 1 comes FROM 0, 2 stands alone, 3 copies from 1 and from 2. */
const plan = {
  target: 3,
  stages: [
    { index: 0, base: { kind: 'image' } },
    { index: 1, base: { kind: 'stage', stage: 0 } },
    { index: 2, base: { kind: 'image' } },
    { index: 3, base: { kind: 'image' } },
  ],
} as unknown as BuildPlan;

const key = (stage: number, position: number) => digestOfHex(`${stage}${position}`.padEnd(64, '0'));

function forecast(
  stage: number,
  position: number,
  given: { runs?: boolean; from?: number } = {},
): StepForecast {
  const { runs = false, from } = given;
  const source = from === undefined ? { kind: 'build-context' } : { kind: 'stage', stage: from };
  const step = { id: `${stage}.${position}`, stage, kind: 'copy', from: source } as unknown as Step;
  return {
    ...{ id: step.id, title: '', step, reasons: [], after: [] },
    ...(runs ? { verdict: 'runs' as const } : { verdict: 'cached' as const, key: key(stage, position) }),
  };
}

const bare = new Set([key(0, 1), key(1, 1), key(2, 1)]);
const unread = (forecasts: readonly StepForecast[]) =>
  unreadSteps([{ plan, evaluations: evaluationsOf(forecasts) }], {
    forecasts,
    isBare: (each: Digest) => bare.has(each),
    wantsImage: true,
  });
function evaluationsOf(forecasts: readonly StepForecast[]): ReadonlyMap<number, StageEvaluation> {
  const steps = forecasts.flatMap(({ step }) => step ?? []);
  const ofStage = (stage: number) => ({ steps: steps.filter((one) => one.stage === stage) });
  return new Map([0, 1, 2, 3].map((stage) => [stage, ofStage(stage) as unknown as StageEvaluation]));
}
const others = [forecast(0, 1), forecast(1, 1), forecast(2, 1)];
const copies = [forecast(3, 1, { from: 1 }), forecast(3, 2, { from: 2 })];

test('nothing of other stages is read where every step is found', () => {
  expect(unread([...others, ...copies])).toEqual(bare);
});

test('a step that runs in the image alone reads nothing of them', () => {
  expect(unread([...others, ...copies, forecast(3, 3, { runs: true })])).toEqual(bare);
});

test('a copy that runs reads its stage and those below it', () => {
  expect(unread([...others, forecast(3, 1, { from: 1, runs: true }), copies[1]!])).toEqual(
    new Set([key(2, 1)]),
  );
});

test('a stage that has to run reads what it copies from', () => {
  const copying = forecast(2, 1, { from: 1 });
  const forecasts = [others[0]!, others[1]!, copying, copies[0]!, forecast(3, 2, { from: 2, runs: true })];
  expect(unread(forecasts)).toEqual(new Set());
});

test('a step that is in a stage that is read too is no longer spared', () => {
  const twice = { ...forecast(2, 1), key: key(0, 1) };
  expect(unread([others[0]!, others[1]!, twice, forecast(3, 1, { from: 1, runs: true })])).toEqual(new Set());
});
