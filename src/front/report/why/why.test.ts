import { describe, expect, test } from 'bun:test';
import type { WhyDifference, WhyReport, WhyStep } from '../../../app/index.ts';
import { digestOfHex, type MissReason } from '../../../core/index.ts';
import { renderBuilds } from './builds.ts';
import { whyJson } from './json.ts';
import { renderWhy } from './text.ts';
import { stepNames } from './words.ts';

const NOW = Date.UTC(2026, 0, 8);
const HOUR = 3_600_000;

const BUILD: WhyReport['build'] = {
  id: '20260108T000000-aaaa1111',
  started: NOW - 2 * HOUR,
  seconds: 4.2,
  outcome: 'succeeded',
  names: ['app:latest'],
  dockerfile: '/p/Dockerfile',
  context: '/p',
  missed: 1,
  reused: 1,
};

const file: MissReason = { kind: 'file', subject: 'a', text: 'a changed' };
const parent: MissReason = { kind: 'parent', subject: 'x', text: 'the step before it changed: x' };

function step(number: number, more: Partial<WhyStep> = {}): WhyStep {
  return {
    ...{
      id: `0.${number}`,
      number,
      title: `[${number}/9] RUN ${number}`,
      outcome: 'ran',
      seconds: number / 10,
    },
    ...{ reasons: [], follows: [], own: false, spared: [], spares: [], sparesSeconds: 0, ...more },
  };
}

const compared: NonNullable<WhyStep['comparison']> = {
  buildId: '20260101T000000-bbbb2222',
  created: NOW - 7 * 24 * HOUR,
  ...{ seconds: 1, files: 14, total: 1, differences: [], forgotten: false },
};

function text(steps: readonly WhyStep[], more: Partial<WhyReport> = {}, some = false): string[] {
  const report: WhyReport = { build: BUILD, steps, begun: steps.length, unreached: [], causes: [], ...more };
  const shown = renderWhy(report, { color: false, all: false, some, now: NOW });
  return shown.split('\n').slice(2, -1);
}

describe('why, for people', () => {
  test('the build', () => {
    const report = { steps: [], begun: 0, unreached: [], causes: [] };
    const head = (build: WhyReport['build']) =>
      renderWhy({ build, ...report }, { color: false, all: false, some: true, now: NOW }).split('\n');
    expect(head(BUILD).slice(0, 2)).toEqual([
      'build 20260108T000000-aaaa1111, 2 hours ago: built app:latest in 4.2s',
      'from /p/Dockerfile',
    ]);
    expect(head({ ...BUILD, outcome: 'failed', context: '/q', target: 't' }).slice(0, 2)).toEqual([
      'build 20260108T000000-aaaa1111, 2 hours ago: failed after 4.2s',
      'from /p/Dockerfile, context /q, target t',
    ]);
  });

  test('changed files, what followed, what was spared, and the cost', () => {
    const differences: readonly WhyDifference[] = [
      {
        kind: 'file',
        name: 'app.py',
        change: 'changed',
        text: 'app.py changed',
        facts: [{ what: 'content' }],
      },
      { kind: 'file', name: 'new', change: 'added', text: 'new added' },
      { kind: 'file', name: 'old\x1b[2J', change: 'removed', text: 'old removed' },
      {
        ...{ kind: 'file', name: 'run.sh', change: 'changed', text: 'mode' },
        facts: [{ what: 'mode', before: '644', after: '755' }],
      },
      { kind: 'parent', name: '', change: 'changed', text: 'the step before it changed' },
    ];
    const steps = [
      step(1, { outcome: 'cached', took: 3 }),
      step(2, {
        reasons: [file],
        own: true,
        comparison: { ...compared, total: 4, differences: differences.slice(0, 4) },
      }),
      step(3, {
        reasons: [parent],
        follows: [2],
        comparison: { ...compared, differences: differences.slice(4) },
      }),
      step(4, {
        ...{ outcome: 'kept', reasons: [file], own: true, spares: [5], sparesSeconds: 9, follows: [2] },
        comparison: { ...compared, total: 2, differences: differences.slice(3) },
      }),
      step(5, { outcome: 'cached', spared: [4], took: 9 }),
    ];
    const causes = [
      { number: 2, seconds: 0.2, bytes: 0, followers: [3], followSeconds: 0.3, followBytes: 0 },
      { number: 4, seconds: 0.4, bytes: 0, followers: [], followSeconds: 0, followBytes: 0 },
    ];
    expect(text(steps, { causes })).toEqual([
      'compared with build 20260101T000000-bbbb2222, 7 days ago',
      '',
      '#2 [2/9] RUN 2',
      '   ran because 4 of 14 files differ',
      '     ~ app.py  content',
      '     + new',
      '     - old\\x1b[2J',
      '     ~ run.sh  mode 644 → 755',
      '   0.2s',
      '',
      '#3 [3/9] RUN 3',
      '   ran only because of #2',
      '   0.3s',
      '',
      '#4 [4/9] RUN 4',
      '   ran because of #2, and because 1 of 14 files differs',
      '     ~ run.sh  mode 644 → 755',
      '   made what it had made before, so its earlier layer was kept and #5 was reused (9.0s when it last ran)',
      '   0.4s',
      '',
      'cost: 0.9s and 0B in 3 steps that ran',
      '  #2 took 0.2s, and 0.3s in what followed from it: #3',
      '  #4 took 0.4s',
      'reused: 2 steps, #1 and #5 (12.0s when they last ran)',
    ]);
    expect(text([step(5, { outcome: 'cached', sameAs: 3 })], {}, true).at(-1)).toBe(
      '   is the same step as #3, which ran once for both',
    );
    expect(text(steps.slice(4), {}, true)).toEqual([
      '',
      '#5 [5/9] RUN 5',
      '   reused: nothing that it depends on changed, although #4 ran: what it takes of it is the same (9.0s when it last ran)',
    ]);
  });

  test('a first build and --no-cache are said once', () => {
    const first: MissReason = { kind: 'first-build', subject: '', text: 'first build' };
    expect(
      text([step(1, { reasons: [first], own: true }), step(2, { reasons: [first], own: true })]),
    ).toEqual([
      '',
      'ran for the first time, no earlier build of this directory and Dockerfile:',
      '  #1 [1/9] RUN 1  0.1s',
      '  #2 [2/9] RUN 2  0.2s',
      '',
      'cost: 0.3s and 0B in 2 steps that ran',
    ]);
    const none: MissReason = { kind: 'no-cache', subject: '--no-cache', text: '--no-cache was given' };
    const comparison = { ...compared, total: 0 };
    const lines = text([
      step(1, { reasons: [none], own: true, comparison }),
      step(2, { reasons: [none], own: true, comparison }),
      step(3, { reasons: [none], own: true, comparison: compared }),
    ]);
    expect(lines).toContain('ran because of --no-cache, nothing had changed:');
    expect(lines).toContain('   ran because of --no-cache: it would have run anyway');
  });

  test('what failed, was interrupted, was not reached, is forgotten, moved', () => {
    const failed = step(1, {
      outcome: 'failed',
      reasons: [file],
      own: true,
      message: 'exit code 3',
      comparison: { ...compared, forgotten: true },
    });
    const lines = text([failed], { unreached: ['[2/9] RUN x', '[3/9] RUN y'] });
    expect(lines.slice(2, 8)).toEqual([
      '#1 [1/9] RUN 1',
      '   failed: it ran because something differs',
      '     a changed',
      '     (all that differed is kept no longer)',
      '   exit code 3',
      '   0.1s',
    ]);
    expect(lines).toContain('not reached: [2/9] RUN x and 1 more');
    const build = { ...BUILD, outcome: 'interrupted' as const };
    const fresh: MissReason = { kind: 'instruction', subject: 'instruction', text: 'new instruction' };
    expect(
      text([{ ...failed, reasons: [fresh], comparison: undefined } as unknown as WhyStep], { build })[2],
    ).toBe('   was interrupted: it ran because the instruction is new: no earlier one is like it');
    const moved = { before: digestOfHex('a'.repeat(64)), after: digestOfHex('b'.repeat(64)), ...compared };
    expect(text([step(1, { outcome: 'cached', moved })])[2]).toBe(
      '   is another image than in build 20260101T000000-bbbb2222, 7 days ago: aaaaaaaaaaaa → bbbbbbbbbbbb',
    );
  });

  test('many files are summed up by directory, and what is cut says how to see it', () => {
    const reason = file;
    const added = (name: string): WhyDifference => ({ kind: 'file', name, change: 'added', text: '' });
    const of = (names: readonly string[], total = names.length) =>
      text([
        step(1, {
          ...{ reasons: [reason], own: true },
          comparison: { ...compared, total, differences: names.map(added) },
        }),
      ]).slice(4, -3);
    const below = (directory: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${directory}/f${i}`);
    expect(of([...below('src/new', 24), 'src/one'], 40)).toEqual([
      '     + src/new/  24 files',
      '     + src/one',
      '     (by directory: --all lists the files)',
      '     … and 15 more that are not kept',
    ]);
    expect(of(below('src', 25)).at(-1)).toBe('     … and 5 more: --all lists them');
    expect(of(below('src', 20))).toHaveLength(20);
  });

  test('what came from elsewhere', () => {
    const here = step(1, { outcome: 'cached' });
    const there = step(2, { outcome: 'cached', imported: 'registry host/app:cache' });
    expect(text([here, there]).at(-1)).toBe(
      'reused: 2 steps, #1 and #2, 1 of them from registry host/app:cache',
    );
    expect(text([there], {}, true).at(-1)).toStartWith('   reused, from registry host/app:cache: nothing');
    const comparison = { ...compared, buildId: 'imported' };
    expect(text([step(1, { reasons: [file], own: true, comparison })])[0]).toBe(
      'compared with the imported cache, 7 days ago',
    );
  });

  test('nothing ran', () => {
    expect(text([step(1, { outcome: 'cached', took: 2 })])).toEqual([
      '',
      'nothing ran',
      'reused: 1 step, #1 (2.0s when it last ran)',
    ]);
  });
});

test('numbers of steps', () => {
  expect([[3], [3, 4], [5, 3, 4], [1, 3, 4, 5, 6, 9]].map(stepNames)).toEqual([
    '#3',
    '#3 and #4',
    '#3 to #5',
    '#1, #3 to #6 and #9',
  ]);
});

test('why, for programs', () => {
  const comparison: WhyStep['comparison'] = {
    ...compared,
    differences: [
      { kind: 'argument', name: 'V', change: 'changed', text: 'V: 1 → 2', before: '1', after: '2' },
    ],
  };
  const report = { build: BUILD, begun: 1, unreached: [], causes: [] };
  const shown = JSON.parse(
    whyJson({ ...report, steps: [step(1, { reasons: [file], own: true, comparison })] }),
  );
  expect(shown.build).toMatchObject({ id: BUILD.id, started: '2026-01-07T22:00:00.000Z', ran: 1, reused: 1 });
  expect(shown.steps[0]).toMatchObject({
    ...{ number: 1, outcome: 'ran', own: true },
    comparedWith: { total: 1, differences: [{ kind: 'argument', name: 'V', before: '1', after: '2' }] },
  });
});

test('the list of builds', () => {
  expect(renderBuilds([BUILD], { format: 'table', now: NOW })).toBe(
    `BUILD                      STARTED       OUTCOME     TIME   RAN      IMAGE        DOCKERFILE
20260108T000000-aaaa1111   2 hours ago   succeeded   4.2s   1 of 2   app:latest   /p/Dockerfile
`,
  );
  expect(JSON.parse(renderBuilds([BUILD], { format: 'json', now: NOW }))).toMatchObject({ id: BUILD.id });
});
