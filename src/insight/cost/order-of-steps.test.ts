import { describe, expect, test } from 'bun:test';
import { evaluatePlan, planBuild, scratchState } from '../../build/graph/index.ts';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import { orderOfSteps } from './order-of-steps.ts';
import { waitingTime } from './waiting-time.ts';

const HOST = { os: 'linux', architecture: 'amd64' };

function order(text: string) {
  const plan = planBuild({ dockerfile: parseDockerfile({ name: 'Dockerfile', text }), hostPlatform: HOST });
  return orderOfSteps([{ plan, evaluations: evaluatePlan(plan, () => scratchState(HOST)) }]);
}

const standsOn = (text: string) =>
  Object.fromEntries(order(text).map((step) => [step.id, step.standsOn.join(' ')]));

describe('a step stands on', () => {
  test('all below it, a base image included', () => {
    expect(standsOn('FROM busybox\nRUN a\nENV A=1\nRUN b')).toEqual({
      '0.from': '',
      '0.0': '0.from',
      '0.2': '0.from 0.0',
    });
  });
  test('the stage it begins with, and those it reads from', () => {
    const text =
      'FROM scratch AS a\nRUN a\nFROM scratch AS b\nRUN b\nFROM a\nCOPY --from=b / /\nRUN --mount=from=b,target=/b c';
    expect(standsOn(text)).toEqual({ '0.0': '', '1.0': '', '2.0': '0.0 1.0', '2.1': '0.0 2.0 1.0' });
  });
  test('nothing below it with --link, and not on what a new cache begins with', () => {
    const text =
      'FROM scratch AS a\nRUN a\nFROM scratch\nRUN b\nCOPY --link x /\nRUN --mount=type=cache,target=/c,from=a d';
    expect(standsOn(text)).toEqual({ '0.0': '', '1.0': '', '1.1': '', '1.2': '1.0 1.1' });
  });
});

describe('one waits', () => {
  const text = 'FROM scratch AS a\nRUN a\nFROM scratch AS b\nRUN b\nFROM a\nRUN c\nCOPY --from=b / /';
  const waiting = (seconds: Readonly<Record<string, number>>) =>
    waitingTime(order(text), (id) => seconds[id] ?? 0);
  test('for the longer of two stages that do not need one another', () => {
    expect(waiting({ '0.0': 3, '1.0': 10 })).toBe(10);
    expect(waiting({ '0.0': 3, '1.0': 10, '2.0': 8 })).toBe(11);
    expect(waiting({ '0.0': 3, '1.0': 10, '2.0': 8, '2.1': 1 })).toBe(12);
  });
  test('for nothing where nothing runs', () => {
    expect(waiting({})).toBe(0);
    expect(waitingTime([], () => 1)).toBe(0);
  });
});
