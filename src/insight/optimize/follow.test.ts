import { expect, test } from 'bun:test';
import { applyEdits, inspectDockerfile } from '../../lang/dockerfile/index.ts';
import { follow, instructionsOf } from './follow.ts';

const TEXT = 'FROM a\nCOPY . /x\nRUN one\nRUN two\n';

/** What is known of each instruction afterwards, by its words; known before are its words. */
function followed(edits: { readonly start: number; readonly end: number; readonly text: string }[]) {
  const source = { name: 'Dockerfile', text: TEXT };
  const before = inspectDockerfile(source).dockerfile;
  const after = inspectDockerfile(applyEdits(source, edits)).dockerfile;
  const known = new Map(instructionsOf(before).map(({ span, text }) => [span.start, text]));
  const result = follow(known, { before, after, edits });
  return Object.fromEntries(instructionsOf(after).map(({ span, text }) => [text, result.get(span.start)]));
}

const at = (words: string) => TEXT.indexOf(words);

test('an instruction that is edited keeps what is known of it, and what stands below it too', () => {
  const start = at('/x');
  expect(followed([{ start, end: start + 2, text: '/longer' }])).toEqual({
    'FROM a': 'FROM a',
    'COPY . /longer': 'COPY . /x',
    'RUN one': 'RUN one',
    'RUN two': 'RUN two',
  });
});

test('of what is put before it nothing is known', () => {
  const start = at('COPY');
  expect(followed([{ start, end: start, text: 'COPY a /x\n' }])).toEqual({
    'FROM a': 'FROM a',
    'COPY a /x': undefined,
    'COPY . /x': 'COPY . /x',
    'RUN one': 'RUN one',
    'RUN two': 'RUN two',
  });
});

test('one that is moved is found again by its words', () => {
  const two = at('RUN two');
  const copy = at('COPY');
  const edits = [
    { start: copy, end: copy, text: 'RUN two\n' },
    { start: two, end: TEXT.length, text: '' },
  ];
  expect(followed(edits)).toEqual({
    'FROM a': 'FROM a',
    'RUN two': 'RUN two',
    'COPY . /x': 'COPY . /x',
    'RUN one': 'RUN one',
  });
});

test('one that is replaced by another kind is not known', () => {
  const start = at('RUN one');
  expect(followed([{ start, end: start + 7, text: 'ENV A=1' }])['ENV A=1']).toBeUndefined();
});

test('of equal lines, each keeps what is known of it when the first goes', () => {
  const source = { name: 'Dockerfile', text: 'FROM a\nRUN x\nRUN x\nRUN x\n' };
  const before = inspectDockerfile(source).dockerfile;
  const edits = [{ start: 7, end: 13, text: '' }];
  const after = inspectDockerfile(applyEdits(source, edits)).dockerfile;
  const known = new Map(instructionsOf(before).map(({ span }, i) => [span.start, i]));
  const result = follow(known, { before, after, edits });
  expect(instructionsOf(after).map(({ span }) => result.get(span.start))).toEqual([0, 2, 3]);
});
