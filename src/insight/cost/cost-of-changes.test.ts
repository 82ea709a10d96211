import { describe, expect, test } from 'bun:test';
import { type CostSubject, costOfChanges } from './cost-of-changes.ts';
import { groupFiles } from './file-groups.ts';
import type { OrderedStep } from './order-of-steps.ts';
import { rebuiltBy } from './rebuilt.ts';

const step = (id: string, standsOn: readonly string[] = [], waitsFor = standsOn.slice(-1)): OrderedStep => ({
  ...{ id, title: id, standsOn, waitsFor },
  step: {} as NonNullable<OrderedStep['step']>,
});

// requirements → install → code → test, and a stage of its own that the last step takes a file from.
const order = [
  step('docs'),
  step('requirements'),
  step('install', ['requirements']),
  step('code', ['requirements', 'install']),
  step('test', ['requirements', 'install', 'code', 'docs'], ['code', 'docs']),
];
const seconds: Readonly<Record<string, number>> = { docs: 8, requirements: 0, install: 40, code: 1, test: 5 };

const subject = (given: Partial<CostSubject> = {}): CostSubject => ({
  order,
  seconds: (id) => seconds[id],
  groupOf: groupFiles(
    [
      { step: 'docs', source: 'docs', directories: ['docs'], files: new Set() },
      { step: 'requirements', source: 'r.txt', directories: [], files: new Set(['r.txt']) },
      { step: 'code', source: 'src', directories: ['src'], files: new Set() },
    ],
    1,
  ),
  files: ['docs/a', 'r.txt', 'src/a', 'src/b', 'README', 'LICENSE'],
  ...given,
});

describe('what a change rebuilds', () => {
  test('all that stands on it, by whatever way', () => {
    expect([...rebuiltBy(order, ['code'])]).toEqual(['code', 'test']);
    expect([...rebuiltBy(order, ['docs'])]).toEqual(['docs', 'test']);
    expect([...rebuiltBy(order, ['requirements', 'docs'])].sort()).toEqual([
      ...['code', 'docs', 'install', 'requirements', 'test'],
    ]);
    expect(rebuiltBy(order, []).size).toBe(0);
  });
});

describe('what changes cost', () => {
  test('without a history: each, the most costly first', () => {
    const { groups, unread, steps, total } = costOfChanges(subject());
    expect(groups.map(({ name, files, seconds: each }) => [name, files, each])).toEqual([
      ['r.txt', 1, 46],
      ['docs/', 1, 13],
      ['src/', 2, 6],
    ]);
    expect(groups[0]).toMatchObject({
      steps: ['requirements'],
      rebuilt: ['requirements', 'install', 'code', 'test'],
    });
    expect(unread).toEqual({ files: 2 });
    expect([steps, total]).toEqual([[], undefined]);
  });
  test('with commits: by month, each commit once however much it touches', () => {
    const paths = [['src/a', 'src/b'], ['src/a', 'README'], ['r.txt', 'src/a'], ['LICENSE'], ['docs/gone']];
    const { groups, unread, steps, total } = costOfChanges(subject({ commits: { paths, days: 60 } }));
    expect(groups.map(({ name, rate }) => [name, rate?.commits, rate?.perMonth])).toEqual([
      ['r.txt', 1, { commits: 0.5, seconds: 23 }],
      ['src/', 3, { commits: 1.5, seconds: 9 }],
      ['docs/', 1, { commits: 0.5, seconds: 6.5 }],
    ]);
    expect(unread).toEqual({ files: 2, commits: 2 });
    expect(total).toMatchObject({ all: 5, commits: 4, perMonth: { seconds: (6 + 6 + 46 + 13) / 2 } });
    expect(steps.map(({ step: id, rate }) => [id, rate.commits, rate.perMonth.seconds])).toEqual([
      ['install', 1, 20],
      ['test', 4, 10],
      ['docs', 1, 4],
      ['code', 3, 1.5],
      ['requirements', 1, 0],
    ]);
  });
  test('files that are all gone still have a line', () => {
    const given = subject({ files: [], commits: { paths: [['docs/gone']], days: 30 } });
    expect(costOfChanges(given).groups).toMatchObject([{ name: 'docs/', files: 0, rate: { commits: 1 } }]);
  });
  test('steps that never ran are named, and take no time', () => {
    const [first] = costOfChanges(
      subject({ seconds: (id) => (id === 'install' ? undefined : seconds[id]) }),
    ).groups;
    expect(costOfChanges(subject({ seconds: () => undefined })).groups[0]!.seconds).toBe(0);
    expect(first).toMatchObject({ name: 'docs/', unknown: [] });
    const { groups } = costOfChanges(
      subject({ seconds: (id) => (id === 'install' ? undefined : seconds[id]) }),
    );
    expect(groups.find(({ name }) => name === 'r.txt')).toMatchObject({ seconds: 6, unknown: ['install'] });
  });
  test('groups of one directory that different steps read have names of their own', () => {
    const reads = [
      { step: 'requirements', source: 'src', directories: ['src'], files: new Set<string>() },
      { step: 'docs', source: 'src/m*', directories: [], files: new Set(['src/m.c', 'src/m.h']) },
      { step: 'code', source: 'src/k.c', directories: [], files: new Set(['src/k.c']) },
      { step: 'test', source: 'src/old/*', directories: [], files: new Set<string>() },
    ];
    const files = ['a', 'b', 'c', 'd'].map((name) => `src/${name}.c`);
    const { groups } = costOfChanges(
      subject({
        groupOf: groupFiles(reads, 1),
        files: [...files, 'src/k.c', 'src/m.c', 'src/m.h', 'src/m.y'],
        commits: { paths: [['src/old/x'], ['src/old/y', 'src/old/z']], days: 30 },
      }),
    );
    expect(Object.fromEntries(groups.map((one) => [one.name, [one.files, ...one.steps]]))).toEqual({
      'src/ (others)': [4, 'requirements'],
      'src/ (k.c)': [1, 'requirements', 'code'],
      'src/ (m.c and 2 more)': [3, 'requirements', 'docs'],
      'src/ (old/x and 2 more)': [0, 'requirements', 'test'],
    });
  });
});
