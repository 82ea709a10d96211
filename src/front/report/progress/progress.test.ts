import { describe, expect, test } from 'bun:test';
import { type BuildEvent, digestOfHex, type SourceText } from '../../../core/index.ts';
import { makeStyle } from '../style.ts';
import { textWidth } from '../width.ts';
import { finalFrame, liveFrame } from './frame.ts';
import { jsonProgress } from './json.ts';
import { splitLines } from './lines.ts';
import { createLiveProgress } from './live.ts';
import { createPlainProgress } from './plain.ts';
import { type BuildState, initialState, reduce } from './state.ts';
import { describeProgress } from './wording.ts';

const source: SourceText = {
  name: 'Dockerfile',
  text: 'FROM python:3.11-slim\nWORKDIR /app\nCOPY . /app\n',
};
const span = { source, start: 22, end: 34 };
const imageId = digestOfHex('0ca2cfa16c38'.padEnd(64, '0'));
const manifest = digestOfHex('f'.repeat(64));
const T0 = Date.UTC(2026, 0, 1);

/** A build with two steps at once, in seconds after its start. */
const STORY: readonly (readonly [number, BuildEvent])[] = [
  [0, { type: 'build-started', buildId: 'b1', dockerfile: 'Dockerfile', steps: 5 }],
  [0, { type: 'step-started', step: 's1', title: '[1/5] FROM python:3.11-slim', span }],
  [0.01, { type: 'step-finished', step: 's1', outcome: 'cached', seconds: 0, bytes: 124_000_000 }],
  [0.01, { type: 'step-started', step: 's2', title: '[2/5] WORKDIR /app' }],
  [0.02, { type: 'step-finished', step: 's2', outcome: 'cached', seconds: 0 }],
  [0.02, { type: 'warning', message: 'no tag in FROM', hint: 'pin it', span }],
  [0.02, { type: 'warning', rule: 'NoTag', message: 'no tag\x1b[2J here', span }],
  [0.02, { type: 'warning', rule: 'NoShell', message: 'a shell' }],
  [0.03, { type: 'step-started', step: 's3', title: '[3/5] COPY requirements.txt /app/' }],
  [
    0.03,
    {
      type: 'step-missed',
      step: 's3',
      reasons: [{ kind: 'file', subject: 'requirements.txt', text: 'requirements.txt changed' }],
    },
  ],
  [0.1, { type: 'step-finished', step: 's3', outcome: 'ran', seconds: 0.07, bytes: 2048, files: 1 }],
  [0.1, { type: 'step-started', step: 's4', title: '[4/5] RUN pip install\n  -r requirements.txt' }],
  [
    0.1,
    {
      type: 'step-missed',
      step: 's4',
      reasons: [{ kind: 'parent', subject: 's3', text: 'the step before it changed' }],
    },
  ],
  [0.6, { type: 'step-output', step: 's4', stream: 'stdout', text: 'Collecting fl' }],
  [0.7, { type: 'step-output', step: 's4', stream: 'stderr', text: 'warning: \x1b[31mroot\x1b[0m user\n' }],
  [0.8, { type: 'step-output', step: 's4', stream: 'stdout', text: 'ask\n10%\r50%\r100%\nInstalling' }],
  [0.9, { type: 'step-started', step: 's5', title: '[assets 1/1] RUN make' }],
  [0.9, { type: 'step-missed', step: 's5', reasons: [{ kind: 'first-build', subject: '', text: 'first' }] }],
  [1, { type: 'step-progress', step: 's5', doing: 'reading', done: 1_200_000, total: 4_000_000 }],
  [1.1, { type: 'step-progress', step: 's5', doing: 'reading', done: 3_000_000, total: 4_000_000 }],
  [1.2, { type: 'step-output', step: 's4', stream: 'stdout', text: ' flask\n' }],
  [1.3, { type: 'step-finished', step: 's5', outcome: 'kept', seconds: 0.4, bytes: 10, files: 2 }],
  [1.5, { type: 'step-output', step: 's4', stream: 'stdout', text: 'no line end' }],
  [2.5, { type: 'step-finished', step: 's4', outcome: 'ran', seconds: 2.4, bytes: 12_345_678, files: 912 }],
  [2.5, { type: 'note', message: 'the log is /var/lib/x.log' }],
  [
    2.6,
    {
      type: 'build-finished',
      imageId,
      manifest,
      names: ['docker.io/library/app:latest'],
      seconds: 2.6,
      bytes: 136_347_736,
    },
  ],
];

function stateAfter(count: number): BuildState {
  return STORY.slice(0, count).reduce(
    (state, [at, event]) => reduce(state, event, T0 + at * 1000),
    initialState(T0),
  );
}

const golden = (name: string) => Bun.file(new URL(`testdata/${name}`, import.meta.url)).text();
const wide = { columns: 72, rows: 40, style: makeStyle(false) };

describe('golden texts', () => {
  test('plain', async () => {
    const display = createPlainProgress(T0);
    const text = STORY.map(([at, event]) => display.event(event, T0 + at * 1000)).join('');
    expect(text + display.end(T0 + 2600)).toBe(await golden('plain.txt'));
  });
  test('the live picture in the middle, and what stays at the end', async () => {
    const middle = liveFrame(stateAfter(20), { ...wide, now: T0 + 1150 });
    const end = finalFrame(stateAfter(STORY.length), { ...wide, now: T0 + 2600 });
    expect(`${[...middle, '=====', ...end].join('\n')}\n`).toBe(await golden('frames.txt'));
  });
  test('json has a time and a place instead of the source', () => {
    const lines = STORY.map(([at, event]) => jsonProgress.event(event, T0 + at * 1000));
    expect(lines.every((line) => line.endsWith('}\n') && line.split('\n').length === 2)).toBe(true);
    expect(JSON.parse(lines[1]!)).toEqual({
      type: 'step-started',
      time: '2026-01-01T00:00:00.000Z',
      step: 's1',
      title: '[1/5] FROM python:3.11-slim',
      span: { file: 'Dockerfile', line: 2, column: 1, endLine: 2 },
    });
  });
});

test('what takes longer than a moment has a rate, of what came since it began', () => {
  const told = (at: number, done: number, doing = 'pulling') =>
    [at, { type: 'step-progress', step: 's', doing, done, total: 90_000_000 }] as const;
  const story = [told(0, 30_000_000), told(0.5, 40_000_000), told(2, 50_000_000), told(2.1, 1, 'unpacking')];
  let state = initialState(T0);
  const shown = story.map(([at, event]) => {
    state = reduce(state, event, T0 + at * 1000);
    return describeProgress(state.steps[0]!);
  });
  expect(shown).toEqual([
    'pulling 30MB / 90MB',
    'pulling 40MB / 90MB',
    'pulling 50MB / 90MB, 10MB/s',
    'unpacking 1B / 90MB',
  ]);
});

test('many findings are counted, and the first ones shown', () => {
  const display = createPlainProgress(T0);
  for (let i = 0; i < 120; i++) {
    expect(display.event({ type: 'warning', rule: 'R', message: `number ${i}` }, T0)).toBe('');
  }
  const lines = display.end(T0).split('\n');
  expect(lines[0]).toBe('120 warnings found (mille build --check shows them in place):');
  expect(lines.slice(-4)).toEqual([' - R: number 49', ' - and 70 more', '', '']);
});

describe('live', () => {
  test('fits every terminal, whatever happens', () => {
    for (let count = 0; count <= STORY.length; count++) {
      for (const columns of [20, 33, 80]) {
        for (const rows of [2, 3, 5, 8, 24]) {
          const lines = liveFrame(stateAfter(count), { ...wide, columns, rows, now: T0 + 1500 });
          expect(lines.length).toBeLessThan(rows);
          for (const line of lines) expect(textWidth(line)).toBeLessThan(columns);
        }
      }
    }
  });
  test('running steps are shown before finished ones when there is no room', () => {
    const text = liveFrame(stateAfter(18), { ...wide, rows: 7, now: T0 }).join('\n');
    expect(text).toContain('[4/5] RUN pip install');
    expect(text).toContain('[assets 1/1] RUN make');
    expect(text).not.toContain('[2/5]');
  });
  test('each picture is drawn over the one before', () => {
    const display = createLiveProgress(T0, { color: false, size: () => ({ columns: 60, rows: 20 }) });
    for (const [at, event] of STORY.slice(0, 3)) expect(display.event(event, T0 + at * 1000)).toBe('');
    const first = display.tick(T0);
    expect(first.split('\n').length - 1).toBe(2);
    expect(display.tick(T0 + 100)).toStartWith('\x1b[2A\r');
    expect(display.end(T0 + 200)).toEndWith('\x1b[K\n\x1b[J');
  });
  test('a failed build keeps its steps', () => {
    const failed = reduce(stateAfter(14), { type: 'step-failed', step: 's4', message: 'x', seconds: 2 }, T0);
    expect(finalFrame(failed, { ...wide, now: T0 }).join('\n')).toContain('✗ [4/5] RUN pip install');
  });
  test('colours only where asked for', () => {
    const options = { ...wide, now: T0 };
    expect(liveFrame(stateAfter(18), options).join('')).not.toContain('\x1b');
    expect(liveFrame(stateAfter(18), { ...options, style: makeStyle(true) }).join('')).toContain('\x1b[36m●');
  });
});

describe('plain, in single cases', () => {
  const say = (...events: BuildEvent[]) => {
    const display = createPlainProgress(T0);
    return events.map((event) => display.event(event, T0)).join('');
  };
  test('a step that is heard of without its start has its id for a title', () => {
    expect(say({ type: 'step-finished', step: 'x', outcome: 'cached', seconds: 0 })).toBe(
      '#1 x\n#1 CACHED\n',
    );
  });
  test('failure', () => {
    const text = say(
      { type: 'step-started', step: 'x', title: '[1/1] RUN false' },
      { type: 'step-output', step: 'x', stream: 'stderr', text: 'oh' },
      { type: 'step-failed', step: 'x', message: 'exit status 1', seconds: 1 },
    );
    expect(text).toBe('#1 [1/1] RUN false\n#1 0.000 oh\n#1 ERROR: exit status 1\n');
  });
  test('no image without a name is called by nothing', () => {
    const finished = STORY.at(-1)![1] as Extract<BuildEvent, { type: 'build-finished' }>;
    expect(say({ ...finished, names: [] })).toContain(
      'built 0ca2cfa16c38 in 2.6s: 136MB, 0 of 0 steps cached',
    );
  });
});

describe('where to read more', () => {
  const finished = STORY.at(-1)![1];
  const reason = (kind: 'file' | 'first-build' | 'no-cache', subject = '') =>
    ({ kind, subject, text: kind }) as const;
  const end = (seconds: number, ...reasons: readonly ReturnType<typeof reason>[]) => {
    const missed: BuildEvent = { type: 'step-missed', step: 'x', reasons };
    const done: BuildEvent = { type: 'step-finished', step: 'x', outcome: 'ran', seconds };
    const display = createPlainProgress(T0);
    return [missed, done, finished].map((event) => display.event(event, T0)).join('');
  };
  test('is told where something ran again that took its time', () => {
    expect(end(1.2, reason('file'))).toEndWith(
      "\n1 step ran again for 1.2s: 'mille why' tells what changed\n",
    );
  });
  test('and is not where it was quick, new, or wanted', () => {
    for (const text of [
      end(0.5, reason('file')),
      end(9, reason('first-build')),
      end(9, reason('no-cache', '--no-cache')),
    ])
      expect(text).not.toContain('mille why');
  });
});

describe('lines of chunks', () => {
  test('ends anywhere', () => {
    expect(splitLines('a', 'b\nc\nd')).toEqual({ lines: ['ab', 'c'], rest: 'd' });
    expect(splitLines('', 'a\n')).toEqual({ lines: ['a'], rest: '' });
  });
  test('a line without end stays bounded; of a progress bar the last state is kept', () => {
    expect(splitLines('', 'x'.repeat(20_000))).toEqual({ lines: ['x'.repeat(20_000)], rest: '' });
    expect(splitLines('', `${'x'.repeat(20_000)}\r99%`)).toEqual({ lines: [], rest: '99%' });
  });
});
