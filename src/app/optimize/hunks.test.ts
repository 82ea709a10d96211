import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { hunksWith } from './hunks.ts';

const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('');
const ORIGINAL = lines('FROM a', 'COPY . .', 'RUN one', 'RUN two', ...'abcdefgh', 'CMD x');

/** The changes of each hunk, and its lines that differ. */
function told(original: string, ...texts: string[]) {
  const hunks = hunksWith(
    original,
    texts.map((text, change) => ({ text, change })),
  );
  return hunks.map(({ changes, lines: all }) => ({
    changes,
    lines: all.flatMap(({ sign, text }) => (sign === ' ' ? [] : [sign + text])),
  }));
}

describe('each piece knows the changes that made it', () => {
  test('one that is moved, and one that edits what another wrote', () => {
    const moved = ORIGINAL.replace('COPY . .\nRUN one\n', 'RUN one\nCOPY . .\n');
    const edited = moved.replace('RUN one', 'RUN one && clean');
    expect(told(ORIGINAL, moved, edited)).toEqual([
      { changes: [0, 1], lines: ['-COPY . .', '-RUN one', '+RUN one && clean', '+COPY . .'] },
    ]);
  });
  test('pieces far from one another have their own', () => {
    const first = ORIGINAL.replace('RUN two', 'RUN 2');
    const second = first.replace('CMD x', 'CMD ["x"]');
    expect(told(ORIGINAL, first, second).map(({ changes }) => changes)).toEqual([[0], [1]]);
  });
  test('a line that is edited, moved and then taken away is by all of these', () => {
    const edited = ORIGINAL.replace('COPY . .', 'COPY . ./');
    const moved = edited.replace('COPY . ./\nRUN one\n', 'RUN one\nCOPY . ./\n');
    const gone = moved.replace('COPY . ./\n', '');
    expect(told(ORIGINAL, edited, moved, gone)).toEqual([{ changes: [0, 1, 2], lines: ['-COPY . .'] }]);
  });
  test('what is taken back leaves nothing', () => {
    expect(told(ORIGINAL, ORIGINAL.replace('two', '2'), ORIGINAL)).toEqual([]);
  });
  test('a text that was not there is all new', () => {
    expect(told('', lines('.git'))).toEqual([{ changes: [0], lines: ['+.git'] }]);
  });
  test('every line that differs belongs to somebody', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 }).map((all) => lines(...all));
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 4 }), (original, texts) => {
        for (const { changes } of told(original, ...texts)) expect(changes.length).toBeGreaterThan(0);
      }),
    );
  });
});

test('values that look secret are not in it', () => {
  const before = lines(
    'FROM a',
    'ENV API_TOKEN=hunter2',
    'ENV DB_PASSWORD the whole line',
    'RUN curl -H "Authorization: Bearer abcdef" https://user:pw@host/x',
    'RUN echo -----BEGIN RSA PRIVATE KEY-----',
    'MIIabc',
    '-----END RSA PRIVATE KEY-----',
    'RUN --mount=type=secret,id=npm_token,target=/root/.npmrc npm ci',
  );
  const text = JSON.stringify(hunksWith(before, [{ text: before.replace('FROM a', 'FROM b'), change: 0 }]));
  const all = JSON.stringify(hunksWith(before, [{ text: '', change: 0 }]));
  for (const value of ['hunter2', 'whole', 'abcdef', 'pw@', 'MIIabc']) {
    expect(text).not.toContain(value);
    expect(all).not.toContain(value);
  }
  expect(all).toContain('id=npm_token,target=/root/.npmrc npm ci');
});
