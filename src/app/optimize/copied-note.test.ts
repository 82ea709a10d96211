// When it is said that the Dockerfile is in the image, and when not.

import { expect, test } from 'bun:test';
import { copiedNote } from './copied-note.ts';

const COPY = { title: '[2/2] COPY . .', files: new Set(['Dockerfile', 'a.js']) };
const APP = { path: 'a.js', bytes: 9 };
const CONTEXT = [{ path: 'Dockerfile', bytes: 60 }, APP];
const PLACE = { path: '/p/Dockerfile', directory: '/p', context: CONTEXT };
const ITSELF = expect.stringContaining('[2/2] COPY . . copies Dockerfile itself');

test('a Dockerfile in the image is another there once it is written', () => {
  expect(copiedNote({ ...PLACE, copies: [COPY] })).toEqual([ITSELF]);
});

test('one beside the context, or that is not copied into the image, is in no image', () => {
  expect(copiedNote({ ...PLACE, directory: '/other', copies: [COPY] })).toEqual([]);
  expect(copiedNote({ ...PLACE, copies: [] })).toEqual([]);
  expect(copiedNote({ ...PLACE, copies: [{ ...COPY, files: new Set(['a.js']) }] })).toEqual([]);
});

test('a new ignore file comes into the image where all of the context is copied', () => {
  const given = { ...PLACE, copies: [{ ...COPY, files: new Set(['a.js']) }], context: [APP] };
  expect(copiedNote({ ...given, newIgnoreFile: true })).toEqual([
    expect.stringContaining('[2/2] COPY . . copies the new .dockerignore too'),
  ]);
  expect(copiedNote({ ...given, newIgnoreFile: false })).toEqual([]);
  const part = [APP, { path: 'b.js', bytes: 9 }];
  expect(copiedNote({ ...given, context: part, newIgnoreFile: true })).toEqual([]);
});
