import { describe, expect, test } from 'bun:test';
import type { PlannedStep, PlanResult } from '../../app/index.ts';
import { planJson, renderPlan } from './plan.ts';

const source = { name: 'Dockerfile', text: 'FROM a\nRUN make\nCOPY . .\n' };
const cached: PlannedStep = {
  id: '0.from',
  title: '[1/3] FROM a',
  span: { source, start: 0, end: 6 },
  verdict: 'cached',
  reasons: [],
  after: [],
};
const runs: PlannedStep = {
  id: '0.0',
  title: '[2/3] RUN make',
  span: { source, start: 7, end: 15 },
  verdict: 'runs',
  reasons: [{ kind: 'instruction', subject: 'instruction', text: 'instruction edited' }],
  after: [],
  last: { seconds: 12.34, of: 'edited' },
};
const may: PlannedStep = {
  id: '0.1',
  title: '[3/3] COPY . .',
  verdict: 'may-run',
  reasons: [],
  after: ['[2/3] RUN make'],
  runsIf: 'differs',
  last: { seconds: 1, of: 'step' },
};

const plan = (steps: readonly PlannedStep[], given: Partial<PlanResult> = {}): PlanResult => ({
  ...{ dockerfile: 'Dockerfile', steps, seconds: { least: 12.34, most: 13.34 }, unknown: [] },
  ...{ warnings: [], notes: [], findings: [], ...given },
});
const text = (...given: Parameters<typeof plan>) => renderPlan(plan(...given), { color: false });

describe('a plan', () => {
  test('every step with what there is to say of it', () => {
    expect(text([cached, runs, may])).toBe(
      [
        'cached   [1/3] FROM a',
        'runs     [2/3] RUN make',
        '         Dockerfile:2: instruction edited; took 12.3s before the edit',
        'may run  [3/3] COPY . .',
        '         if [2/3] comes to something else than before; took 1.0s last time',
        '',
        '1 of 3 steps runs, 1 may run: 12.3s to 13.3s by what they took last time',
        '',
      ].join('\n'),
    );
  });
  test('nothing to run', () => {
    expect(text([cached])).toEndWith('\nnothing to run: the step is cached\n');
    expect(text([cached, cached])).toEndWith('\nnothing to run: all 2 steps are cached\n');
    expect(text([])).toBe('nothing to run: no step does anything\n');
  });
  test('times that are not known', () => {
    const { last: _, ...never } = runs;
    expect(text([never], { unknown: ['0.0'] })).toEndWith('how long that takes is not known yet\n');
    expect(text([never, may], { unknown: ['0.0'] })).toEndWith(', without the one that never ran\n');
  });
  test('several that it depends on, and one step for two', () => {
    const unless = { ...may, runsIf: 'unless-known', after: ['[2/3] RUN a', 'busybox'] } as const;
    expect(text([unless])).toContain('unless [2/3] or busybox come to what an earlier build had there;');
    const many = { ...may, after: ['[1/9] a', '[2/9] b', '[3/9] c', '[4/9] d'] };
    expect(text([many])).toContain('if [1/9], [2/9] or one of 2 more come');
    expect(text([{ ...cached, sameAs: '[a 1/2] RUN x' }])).toContain('runs once, as [a 1/2] RUN x\n');
  });
  test('a title is cut to the terminal, and cannot do anything to it', () => {
    const title = `[2/3] RUN \x1b[31m${'x'.repeat(100)}`;
    const [line = ''] = renderPlan(plan([{ ...runs, title }]), { color: false, columns: 60 }).split('\n');
    expect(line).toHaveLength(60);
    expect(line).toEndWith('x…');
  });
  test('json', () => {
    const document = JSON.parse(planJson(plan([cached, runs, may], { unknown: ['0.9'] })));
    expect(document).toMatchObject({
      dockerfile: 'Dockerfile',
      counts: { cached: 1, runs: 1, mayRun: 1 },
      seconds: { least: 12.34, most: 13.34, unknown: ['0.9'] },
    });
    expect(document.steps[1]).toEqual({
      ...{ id: '0.0', title: '[2/3] RUN make', verdict: 'runs', file: 'Dockerfile', line: 2 },
      reasons: [{ kind: 'instruction', subject: 'instruction', text: 'instruction edited' }],
      ...{ after: [], seconds: 12.34, secondsOf: 'edited' },
    });
    expect(document.steps[0].seconds).toBeNull();
  });
});
