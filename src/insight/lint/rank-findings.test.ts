import { expect, test } from 'bun:test';
import type { Diagnostic } from '../../core/index.ts';
import { inspectDockerfile } from '../../lang/dockerfile/index.ts';
import { costsByLine, rankByCost, type StepCost, withCosts } from './rank-findings.ts';

const step = (instruction: string, line: number, seconds: number, bytes?: number): StepCost => ({
  ...{ instruction, line, seconds, built: 0 },
  ...(bytes === undefined ? {} : { bytes }),
});

const finding = (line: number) => ({ rule: `r${line}`, lines: { first: line, last: line } }) as Diagnostic;

function costs(text: string, given: readonly StepCost[]) {
  return costsByLine(inspectDockerfile({ name: 'Dockerfile', text }).dockerfile, given);
}

test('an instruction is found by what it says, wherever it stands now', () => {
  const found = costs('# new\nFROM a\nRUN x \\\n  y\nRUN new', [
    step('RUN x   y', 2, 4),
    step('RUN old', 3, 1),
  ]);
  expect([...found].map(([line, { seconds }]) => [line, seconds])).toEqual([[3, 4]]);
});

test('of several that say the same the nearest counts', () => {
  const found = costs('FROM a\nRUN x\nFROM b\nRUN x', [step('RUN x', 2, 1), step('RUN x', 4, 9)]);
  expect([...found].map(([line, { seconds }]) => [line, seconds])).toEqual([
    [2, 1],
    [4, 9],
  ]);
});

test('the costliest come first, the others keep their order', () => {
  const given = new Map([
    [2, step('a', 2, 1)],
    [3, step('b', 3, 0, 400_000_000)],
    [5, step('c', 5, 3)],
  ]);
  const ranked = rankByCost(withCosts([1, 2, 3, 4, 5].map(finding), given));
  expect(ranked.map(({ lines }) => lines.first)).toEqual([3, 5, 2, 1, 4]);
});
