// What is told of rewrites: places as the reader has them, and words without secrets.

import { describe, expect, test } from 'bun:test';
import type { Rewrite, Subject } from '../../insight/optimize/index.ts';
import { remarksOf } from './told.ts';

/** A rewrite that has something to say of each line with a word. */
function remarking(word: string): Rewrite {
  return {
    ...{ name: 'r', summary: '', goal: 'both', page: '', examples: [] },
    propose: () => [],
    remarks: ({ draft: { source } }) =>
      [...source.text.matchAll(new RegExp(word, 'g'))].map(({ index }) => ({
        ...{ what: 'RUN a token=$TOKEN password=hunter2', why: 'w' },
        span: { source, start: index, end: index + word.length },
      })),
  };
}

function subjectOf(text: string): Subject {
  return { draft: { source: { name: 'Dockerfile', text } } } as Subject;
}

describe('what is left as it is', () => {
  const lines = (word: string, proposed: string, now: string) =>
    remarksOf([remarking(word)], subjectOf(proposed), { name: 'Dockerfile', text: now }).map(
      ({ line }) => line,
    );

  test('has the lines of the Dockerfile as it is now', () => {
    const now = 'FROM a\nCOPY . .\n\nRUN b\nENV c\n';
    const proposed = 'FROM a\nRUN b --x \\\n && d\nCOPY . .\nENV c\n';
    expect(lines('ENV', proposed, now)).toEqual([5]);
    expect(lines('ENV', proposed, proposed)).toEqual([5]);
    expect(lines('ENV', 'FROM a\nCOPY . .\nRUN b\nENV c\n', now)).toEqual([5]);
    expect(lines('COPY', proposed, now)).toEqual([2]);
    expect(lines('RUN', 'FROM a\nCOPY . .\n\nRUN b --x\nENV c\n', now)).toEqual([4]);
    expect(lines('LABEL', `${now}LABEL d\n`, now)).toEqual([5]);
  });

  test('shows the names of variables and no values', () => {
    const [remark] = remarksOf([remarking('RUN')], subjectOf('RUN'), { name: 'Dockerfile', text: 'RUN' });
    expect(remark!.what).toBe('RUN a token=$TOKEN password=****');
  });
});
