import { expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import type { RewriteExample } from '../rewrite.ts';
import { joinRuns } from './join-runs.ts';
import { SIZE_REWRITES } from './size.ts';

/** What becomes of a row of RUN, of which the last removes what the first made. */
function joined(runs: readonly string[], more: Partial<RewriteExample> = {}): string {
  const before = ['FROM a', ...runs, ''].join('\n');
  const steps = {
    2: { layer: { 'tmp/a': 8_000_000 } },
    [runs.length + 1]: { layer: { 'tmp/a': { type: 'whiteout' as const } } },
  };
  const { draft, around } = evidenceFor({ before, after: '', steps, ...more });
  return propose(draft, around, { rewrites: [joinRuns] }).draft.source.text.trimEnd();
}

test('all that stand between are joined too', () => {
  expect(joined(['RUN make', 'RUN test -f /tmp/a', 'RUN rm /tmp/a'])).toBe(
    'FROM a\nRUN make \\\n && test -f /tmp/a \\\n && rm /tmp/a',
  );
});

test('comments between them stay as they are', () => {
  expect(joined(['RUN make', '', '#Clean up ', '  # all', 'RUN rm /tmp/a'])).toBe(
    'FROM a\nRUN make \\\n#Clean up\n# all\n && rm /tmp/a',
  );
});

test('a file with the line ends of Windows keeps them', () => {
  const before = 'FROM a\r\nRUN make\r\n# now\r\nRUN rm /tmp/a\r\n';
  const steps = {
    2: { layer: { 'tmp/a': 8_000_000 } },
    4: { layer: { 'tmp/a': { type: 'whiteout' as const } } },
  };
  const { draft, around } = evidenceFor({ before, after: '', steps });
  expect(propose(draft, around, { rewrites: [joinRuns] }).draft.source.text).toBe(
    'FROM a\r\nRUN make \\\r\n# now\r\n && rm /tmp/a\r\n',
  );
});

test('what would run in another way is left alone', () => {
  for (const runs of [
    ['RUN cd /x && make', 'RUN rm /tmp/a'],
    ['RUN make', 'RUN rm /tmp/a || true'],
    ['RUN make', 'RUN true; rm /tmp/a'],
    ['RUN make # all of it', 'RUN rm /tmp/a'],
    ['RUN A=1; make $A', 'RUN rm /tmp/a'],
    ['RUN service db start && make', 'RUN rm /tmp/a'],
    ['RUN sleep 9 & make &', 'RUN rm /tmp/a'],
    ['RUN ["make"]', 'RUN rm /tmp/a'],
    ['RUN --network=none make', 'RUN rm /tmp/a'],
    ['RUN make', 'USER 5', 'RUN rm /tmp/a'],
    ['RUN make', 'COPY x /', 'RUN rm /tmp/a'],
  ]) {
    expect(joined(runs, { context: { x: 1 } })).toBe(['FROM a', ...runs].join('\n'));
  }
});

test('what fails and is passed over in the first stays so', () => {
  expect(joined(['RUN make || true', 'RUN rm /tmp/a'])).toBe('FROM a\nRUN make || true \\\n && rm /tmp/a');
});

test('a semicolon at the end says nothing, and goes where another follows', () => {
  expect(joined(['RUN make;', 'RUN test -f /tmp/a ; ', 'RUN rm /tmp/a;'])).toBe(
    'FROM a\nRUN make \\\n && test -f /tmp/a \\\n && rm /tmp/a;',
  );
  expect(joined(['RUN make &', 'RUN rm /tmp/a;'])).toBe('FROM a\nRUN make &\nRUN rm /tmp/a;');
});

test('little is left alone, also in a large image', () => {
  const runs = ['RUN make', 'RUN rm /tmp/a'];
  const layer = { 'tmp/a': 8_000_000, huge: 2_000_000_000 };
  const steps = { 2: { layer }, 3: { layer: { 'tmp/a': { type: 'whiteout' as const } } } };
  expect(joined(runs, { steps })).toBe(['FROM a', ...runs].join('\n'));
});

test('lists that apt fetched for the next RUN alone', () => {
  const runs = ['RUN apt-get update', 'RUN apt-get install -y curl'];
  const steps = { 2: { layer: { 'var/lib/apt/lists/a': 9_000_000 } }, 3: { layer: { 'usr/bin/curl': 9 } } };
  expect(joined(runs, { steps })).toBe('FROM a\nRUN apt-get update \\\n && apt-get install -y curl');
  const more = [...runs, 'USER 0', 'RUN apt-get install -y git'];
  expect(joined(more, { steps })).toBe(['FROM a', ...more].join('\n'));
});

test('lists for several RUN in a row, and those that are fetched again for the next ones', () => {
  const lists = { layer: { 'var/lib/apt/lists/a': 9_000_000 } };
  const others = { layer: { 'var/lib/apt/lists/b': 9_000_000 } };
  const runs = ['RUN apt-get update', 'RUN apt-get install -y python3', 'RUN apt-get install -y python3-pip'];
  const three =
    'RUN apt-get update \\\n && apt-get install -y python3 \\\n && apt-get install -y python3-pip';
  const own = { 3: { layer: { 'usr/bin/python3': 9 } }, 4: { layer: { 'usr/bin/pip': 9 } } };
  expect(joined(runs, { steps: { 2: lists, ...own } })).toBe(`FROM a\n${three}`);
  const again = ['RUN make', 'RUN apt-get update', 'RUN apt-get install -y git'];
  const steps = { 2: lists, ...own, 5: { layer: { a: 1 } }, 6: others, 7: { layer: { 'usr/bin/git': 9 } } };
  expect(joined([...runs, ...again], { steps })).toBe(
    `FROM a\n${three}\nRUN make\nRUN apt-get update \\\n && apt-get install -y git`,
  );
});

test('lists that each RUN fetches for itself are no reason to join them, and what is between', () => {
  const runs = [
    ...['RUN apt-get update && apt-get install -y curl', 'RUN make'],
    'RUN apt-get update && apt-get install -y git',
  ];
  const lists = { 'var/lib/apt/lists/a': 9_000_000 };
  const steps = { 2: { layer: lists }, 3: { layer: { b: 1 } }, 4: { layer: lists } };
  expect(joined(runs, { steps })).toBe(['FROM a', ...runs].join('\n'));
});

test('they are removed then', () => {
  const before = 'FROM a\nRUN apt-get update\nRUN apt-get install -y curl\n';
  const steps = { 2: { layer: { 'var/lib/apt/lists/a': 9_000_000 } }, 3: { layer: { 'usr/bin/curl': 9 } } };
  const { draft, around } = evidenceFor({ before, after: '', steps });
  expect(propose(draft, around, { rewrites: SIZE_REWRITES }).draft.source.text).toBe(
    'FROM a\nRUN apt-get update \\\n && apt-get install -y curl \\\n && rm -rf /var/lib/apt/lists/*\n',
  );
});

test('of what never ran, lists of apt join the install that they are for, and no other', () => {
  const unbuilt = (before: string) => {
    const { draft, around } = evidenceFor({ before, after: '' }, { unbuilt: true });
    return propose(draft, around, { rewrites: [joinRuns] }).draft.source.text;
  };
  expect(unbuilt('FROM a\nRUN apt-get update\nRUN apt-get install -y x\nRUN make\n')).toBe(
    'FROM a\nRUN apt-get update \\\n && apt-get install -y x\nRUN make\n',
  );
  expect(unbuilt('FROM a\nRUN apt-get update\nRUN apt-get install -y x\nRUN apt-get install -y y\n')).toBe(
    'FROM a\nRUN apt-get update \\\n && apt-get install -y x \\\n && apt-get install -y y\n',
  );
  for (const text of [
    'FROM a\nRUN apt-get update\nRUN apt-get install -y x\nRUN make\nRUN apt-get install -y y\n',
    'FROM a\nRUN apt-get update\nCOPY a /a\nRUN apt-get install -y x\n',
    'FROM a\nRUN wget a.tgz\nRUN rm a.tgz\n',
  ])
    expect(unbuilt(text)).toBe(text);
});
