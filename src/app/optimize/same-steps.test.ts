// Steps that are the same before and after take as long.

import { expect, test } from 'bun:test';
import { fairSteps } from './same-steps.ts';
import type { StepRun } from './watch-steps.ts';

const run = (title: string, seconds: number, bytes = 1) => ({ title, seconds, bytes }) as StepRun;
const secondsOf = (steps: ReadonlyMap<string, StepRun>) => [...steps.values()].map(({ seconds }) => seconds);

test('the same steps take the lesser of both', () => {
  const fair = fairSteps(
    new Map([
      ['0.1', run('[2/3] COPY a b', 1)],
      ['0.2', run('[3/3] RUN install', 9, 100)],
    ]),
    new Map([
      ['0.1', run('[2/3] COPY a b', 2)],
      ['0.2', run('[3/3] RUN install', 7, 101)],
    ]),
  );
  expect([secondsOf(fair.before), secondsOf(fair.after)]).toEqual([
    [1, 7],
    [1, 7],
  ]);
  expect(fair.alike).toBe(true);
});

test('from where one copies something else, or is written otherwise, they are what they were', () => {
  const before = new Map([
    ['0.1', run('[2/3] RUN apt', 5)],
    ['0.2', run('[3/3] COPY . .', 2, 50)],
    ['0.10', run('RUN x', 3)],
  ]);
  const copied = fairSteps(
    before,
    new Map([...before].map(([id, one]) => [id, { ...one, seconds: 1, bytes: 2 }])),
  );
  expect(secondsOf(copied.before)).toEqual([1, 2, 3]);
  expect(copied.alike).toBe(false);
  const other = fairSteps(
    before,
    new Map([
      ['0.1', run('[2/4] RUN apt', 6)],
      ['0.2', run('[3/4] COPY a .', 1)],
    ]),
  );
  expect([secondsOf(other.before), secondsOf(other.after), other.alike]).toEqual([[5, 2, 3], [5, 1], false]);
});

test('a stage of its own before the others leaves the figures as they are', () => {
  const fair = fairSteps(
    new Map([['0.1', run('RUN x', 5)]]),
    new Map([
      ['0.1', run('RUN y', 6)],
      ['1.1', run('RUN x', 4)],
    ]),
  );
  expect([secondsOf(fair.before), secondsOf(fair.after)]).toEqual([[5], [6, 4]]);
});
