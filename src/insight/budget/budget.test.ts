import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { formatPlace, MilleError } from '../../core/index.ts';
import type { Budget } from './budget.ts';
import { type BudgetFigures, checkBudget } from './check-budget.ts';
import { checkDive } from './check-dive.ts';
import { pathMatcher } from './path-matcher.ts';
import { readBudget } from './read-budget.ts';
import { readDiveBudget } from './read-dive.ts';

const source = (text: string, name = '.mille-budget.yaml') => ({ name, text });

function failure(text: string, read: (given: ReturnType<typeof source>) => unknown = readBudget): string {
  try {
    read(source(text));
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    expect(error.code).toBe('file-format');
    return `${error.span ? formatPlace(error.span) : '?'} ${error.message}${error.hint ? ` (${error.hint})` : ''}`;
  }
  return 'nothing wrong';
}

describe('reading', () => {
  test('all there is', () => {
    const budget = readBudget(
      source(`# ours
image: app
sizes: compressed
total: 200MB
own: 1.5GiB
layer: 50MB
layers: 12
waste: { bytes: 5MB, share: 2.5%, of: all }
growth:
  against: app:stable
  bytes: 1000000
  percent: 3%
paths:
  /usr/share/doc: 0
  "**/*.pyc": 1MB
lines:
  12: 80MB
  COPY . /app: 20 MB
`),
    );
    const bare = JSON.parse(JSON.stringify(budget, (key, value) => (key === 'span' ? undefined : value)));
    expect(bare).toEqual({
      image: 'app',
      sizes: { kind: 'compressed' },
      total: { most: 200_000_000 },
      own: { most: 1_610_612_736 },
      layer: { most: 50_000_000 },
      layers: { most: 12 },
      waste: { bytes: { most: 5_000_000 }, share: { most: 0.025 }, of: 'all' },
      growth: { against: { image: 'app:stable' }, bytes: { most: 1_000_000 }, share: { most: 0.03 } },
      paths: [
        { pattern: '/usr/share/doc', limit: { most: 0 } },
        { pattern: '**/*.pyc', limit: { most: 1_000_000 } },
      ],
      lines: [
        { line: 12, limit: { most: 80_000_000 } },
        { line: 'COPY . /app', limit: { most: 20_000_000 } },
      ],
    });
    expect(formatPlace(budget.paths[1]!.limit.span)).toBe('.mille-budget.yaml:15:15');
  });

  test('JSON is YAML; waste as a size or a share alone', () => {
    expect(readBudget(source('{"total": "1kB", "waste": "5%"}'))).toMatchObject({
      total: { most: 1000 },
      waste: { share: { most: 0.05 }, of: 'own' },
    });
    expect(readBudget(source('waste: 5MB')).waste?.bytes?.most).toBe(5_000_000);
  });

  test('what is wrong is told with its place', () => {
    expect(failure('total: 200MB\ntotl: 1')).toBe(
      ".mille-budget.yaml:2:1 there is no 'totl' in a budget (did you mean total?)",
    );
    expect(failure('total: much')).toContain(':1:8 total is no size (write a size such as 200MB or 1.5GiB)');
    expect(failure('total: -5')).toContain(':1:8 total is no size');
    expect(failure('layers: 1.5')).toContain(':1:9 layers is no number');
    expect(failure('waste:\n  share: 5')).toContain(
      ':2:10 share is no percentage (write a number with its sign',
    );
    expect(failure('waste: { of: own }')).toContain('waste has no limit');
    expect(failure('growth: { against: x }')).toContain(':1:1 growth has no limit');
    expect(failure('growth: 5%')).toContain('growth is a map');
    expect(failure('sizes: zipped\ntotal: 1')).toContain(
      "sizes can't be 'zipped' (it is one of: uncompressed, compressed)",
    );
    expect(failure('paths: { etc: 1 }')).toContain("'etc' is no path of an image (write /etc, or");
    expect(failure('- total')).toContain(':1:1 a list cannot stand here');
    expect(failure('')).toContain('the budget has no limits');
    expect(failure('sizes: compressed')).toContain('the budget has no limits');
    expect(failure('total: 1\ntotal: 2')).toContain(':2:1 no valid YAML');
    expect(failure('total: [1')).toContain('no valid YAML');
    expect(failure('a: &x 1\ntotal: *x')).not.toBe('nothing wrong');
    expect(failure('total: !secret 1')).toContain('anchors and tags');
  });

  test('no text makes anything but a budget or an error with a place', () => {
    const word = fc.constantFrom(
      'total',
      'waste',
      ':',
      ' ',
      '\n',
      '5MB',
      '{',
      '}',
      '-',
      '&a',
      '*a',
      '|',
      '"',
      '5%',
      'paths',
      '/x',
      '\t',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 12 }).map((words) => words.join('')),
        ),
        (text) => {
          failure(text);
          failure(text, readDiveBudget);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("dive's file, in its spellings, with its defaults", () => {
    const read = (text: string) => {
      const { efficiency, wastedBytes, userWasted } = readDiveBudget(source(text, '.dive-ci'));
      return [efficiency?.most, wastedBytes?.most, userWasted?.most];
    };
    expect(
      read(
        'rules:\n  lowestEfficiency: 0.95\n  highestWastedBytes: 20MB\n  highestUserWastedPercent: "0.20"',
      ),
    ).toEqual([0.95, 20_000_000, 0.2]);
    expect(read('rules: { lowest-efficiency: disabled }')).toEqual([undefined, undefined, 0.1]);
    expect(read('')).toEqual([0.9, undefined, 0.1]);
    expect(failure('rules: { lowestEfficiency: 95 }', readDiveBudget)).toContain('no number from 0 to 1');
  });
});

const FIGURES: BudgetFigures = {
  layers: [
    { index: 0, bytes: 100, own: false, instruction: 'ADD base' },
    {
      index: 1,
      bytes: 60,
      own: true,
      instruction: 'RUN apt-get install gcc',
      dockerfile: 'Dockerfile',
      line: 2,
    },
    { index: 2, bytes: 40, own: true, instruction: 'COPY . /app', dockerfile: 'Dockerfile', line: 3 },
  ],
  waste: { own: { bytes: 10, of: 100 }, all: { bytes: 30, of: 200 } },
  wasted: ['8B in /a'],
  reference: { image: 'app:old', bytes: 160 },
  files: () => [
    { path: '/app/a.pyc', bytes: 5, layer: 2 },
    { path: '/app/lib/b.pyc', bytes: 6, layer: 1 },
    { path: '/application', bytes: 7, layer: 0 },
  ],
};

describe('checking', () => {
  const over = (text: string) =>
    checkBudget(readBudget(source(text)), FIGURES)
      .filter(({ passed }) => !passed)
      .map(
        ({ rule, subject, actual, limit, blame }) =>
          `${rule} ${subject} ${actual}>${limit}${blame ? ` ${blame.instruction}` : ''}`,
      );

  test('exactly at the limit is within it', () => {
    const text =
      'total: 200\nown: 100\nlayer: 60\nlayers: 3\nwaste: { bytes: 10, share: 10% }\ngrowth: { against: x, bytes: 40, percent: 25% }\npaths: { /app: 11 }\nlines: { 2: 60 }';
    expect(over(text)).toEqual([]);
    expect(checkBudget(readBudget(source(text)), FIGURES)).toHaveLength(10);
  });

  test('and a byte more is not', () => {
    expect(over('total: 199')).toEqual(['total all layers, uncompressed 200>199 ADD base']);
    expect(over('own: 99')).toEqual(['own own layers, uncompressed 100>99 RUN apt-get install gcc']);
    expect(over('layer: 39')).toEqual([
      'layer layer 2, uncompressed 60>39 RUN apt-get install gcc',
      'layer layer 3, uncompressed 40>39 COPY . /app',
    ]);
    expect(over('layers: 2')).toEqual(['layers number of layers 3>2']);
    expect(over('waste: 9.9%')).toEqual(['waste.share wasted by own layers, of their files 0.1>0.099']);
    expect(over('waste: { bytes: 29, of: all }')).toEqual(['waste.bytes wasted by all layers 30>29']);
    expect(over('growth: { against: x, percent: 24% }')).toEqual([
      'growth.percent more than app:old, uncompressed 0.25>0.24',
    ]);
    expect(over('paths: { "**/*.pyc": 10, /app/lib/: 5, "*.pyc": 0 }')).toEqual([
      'path **/*.pyc 11>10 RUN apt-get install gcc',
      'path /app/lib/ 6>5 RUN apt-get install gcc',
    ]);
    expect(over('lines: { 3: 39, RUN apt-get: 1 }')).toEqual([
      'line line 3 of the Dockerfile 40>39 COPY . /app',
      'line RUN apt-get 60>1 RUN apt-get install gcc',
    ]);
  });

  test('what cannot be checked does not pass', () => {
    expect(over('lines: { 99: 1GB }')).toEqual(['line line 99 of the Dockerfile undefined>1000000000']);
  });

  test('a smaller image has not grown', () => {
    const budget: Budget = readBudget(source('growth: { against: x, bytes: 0, percent: 0% }'));
    const reference = { image: 'old', bytes: 500 };
    expect(checkBudget(budget, { ...FIGURES, reference }).every(({ passed }) => passed)).toBe(true);
  });

  test("dive's figures", () => {
    const budget = readDiveBudget(source('rules: { highestWastedBytes: 10 }'));
    const checks = checkDive(budget, { efficiency: 0.8, wastedBytes: 10, userWasted: 0.5 });
    expect(checks.map(({ rule, passed }) => [rule, passed])).toEqual([
      ['lowestEfficiency', false],
      ['highestWastedBytes', true],
      ['highestUserWastedPercent', false],
    ]);
  });
});

test('patterns of paths', () => {
  const matches = (pattern: string, path: string) => pathMatcher(pattern)(path);
  expect(matches('/usr/share', '/usr/share/doc/x')).toBe(true);
  expect(matches('/usr/share', '/usr/shared')).toBe(false);
  expect(matches('/', '/anything')).toBe(true);
  expect(matches('**/*.pyc', '/a/b/c.pyc')).toBe(true);
  expect(matches('**/*.pyc', '/c.pyc')).toBe(true);
  expect(matches('/opt/*/cache', '/opt/x/cache/deep/file')).toBe(true);
  expect(matches('/opt/*/cache', '/opt/x/y/cache/file')).toBe(false);
  expect(matches('/a/**', '/a/b/c')).toBe(true);
  expect(matches('**/node_modules', '/x/node_modules/y')).toBe(true);
  expect(matches('/a?c.(x)', '/abc.(x)')).toBe(true);
});
