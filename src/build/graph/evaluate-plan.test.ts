import { describe, expect, test } from 'bun:test';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import { evaluateStage } from './evaluate.ts';
import { evaluatePlan } from './evaluate-plan.ts';
import { type PlanOptions, planBuild } from './plan.ts';
import { scratchState } from './stage-state.ts';
import type { InstructionTrace } from './trace.ts';

const HOST = { os: 'linux', architecture: 'amd64' };

const plan = (text: string, options: Partial<PlanOptions> = {}) =>
  planBuild({
    dockerfile: parseDockerfile({ name: 'Dockerfile', text }),
    hostPlatform: HOST,
    ...options,
  });

const evaluate = (text: string, options: Partial<PlanOptions> = {}) =>
  evaluatePlan(plan(text, options), () => scratchState(HOST));

describe('evaluatePlan', () => {
  test('a stage starts from what the one it stands on came to', () => {
    const stages = evaluate('FROM scratch AS a\nENV A=1\nFROM a\nENV B=$A');
    expect(stages.get(1)?.state.environment.get('B')).toBe('1');
  });

  test('stages that the target does not need only where all are asked for', () => {
    const text = 'FROM scratch AS a\nFROM scratch AS b\nFROM scratch AS c';
    expect([...evaluate(text, { target: 'b' }).keys()]).toEqual([1]);
    expect([...evaluate(text, { target: 'b', allStages: true }).keys()]).toEqual([0, 1, 2]);
  });

  test('stages that the target does not need have no triggers', () => {
    const text = 'FROM scratch AS a\nONBUILD ENV A=1\nFROM a\nLABEL l=1\nFROM a';
    const kinds = [...evaluate(text, { allStages: true }).values()].map(({ trace }) =>
      trace.map(({ planned }) => planned.instruction.kind),
    );
    expect(kinds).toEqual([['onbuild'], ['label'], ['env']]);
  });

  test('an error has its place', () => {
    expect(() => evaluate('FROM scratch AS a\nRUN x\nFROM a\nENV B=${X:?unset}')).toThrow('X: unset');
  });
});

describe('trace', () => {
  const trace = (text: string) =>
    evaluate(`FROM scratch\n${text}`).get(0)?.trace as readonly InstructionTrace[];
  const words = (text: string) =>
    trace(text).flatMap(({ expansions }) =>
      expansions.map(({ word, expansion }) => [word.text, expansion.text, ...expansion.unset]),
    );

  test('every word that is expanded, with what was not set', () => {
    expect(
      words('ARG A=1 B=$A\nENV C=$B$D\nEXPOSE 80$E\nCOPY <<F /\n$G\nF\nRUN --mount=target=/h$H x'),
    ).toEqual([
      ['1', '1'],
      ['$A', '1'],
      ['C', 'C'],
      ['$B$D', '1', 'D'],
      ['80$E', '80', 'E'],
      ['/', '/'],
      ['$G\n', '\n', 'G'],
      ['/h$H', '/h', 'H'],
    ]);
  });

  test('the state before each instruction, and that of each word', () => {
    const [first, second] = trace('WORKDIR /a\nARG A=1 B=$A');
    expect([first?.before.workdirSet, second?.before.workdirSet]).toEqual([false, true]);
    expect(second?.expansions.map(({ state }) => state.args.map(({ name }) => name))).toEqual([[], ['A']]);
  });

  test('as far as evaluating came', () => {
    const seen: InstructionTrace[] = [];
    const broken = plan('FROM scratch\nENV A=1\nENV B=$C D=${E:?}\nENV E=1');
    expect(() => evaluateStage(broken, broken.stages[0] as never, scratchState(HOST), seen)).toThrow();
    expect(seen.map(({ expansions }) => expansions.length)).toEqual([2, 3]);
  });
});
