// When it is said that the Dockerfile is in the image, and when not.

import { expect, test } from 'bun:test';
import type { StepEvidence } from '../../insight/optimize/index.ts';
import { copiedNote } from './copied-note.ts';

const COPY: StepEvidence = {
  id: '0.1',
  title: '[2/2] COPY . .',
  kind: 'copy',
  seconds: 0,
  copies: ['Dockerfile', 'a.js'],
};
const APP = { path: 'a.js', bytes: 9 };
const PLACE = { path: '/p/Dockerfile', directory: '/p', steps: [COPY] };

test('a Dockerfile in the image is another there once it is written', () => {
  expect(copiedNote({ ...PLACE, context: [{ path: 'Dockerfile', bytes: 60 }, APP] })).toEqual([
    expect.stringContaining('[2/2] COPY . . copies Dockerfile itself'),
  ]);
});

test('one that a change leaves out of the context is not there any more', () => {
  expect(copiedNote({ ...PLACE, context: [APP] })).toEqual([]);
});

test('one beside the context, or that no step copies, is in no image', () => {
  const context = [{ path: 'Dockerfile', bytes: 60 }];
  expect(copiedNote({ ...PLACE, directory: '/other', context })).toEqual([]);
  expect(copiedNote({ ...PLACE, steps: [], context })).toEqual([]);
});

test('a new ignore file comes into the image where all of the context is copied', () => {
  const given = { ...PLACE, context: [APP] };
  expect(copiedNote({ ...given, newIgnoreFile: true })).toEqual([
    expect.stringContaining('[2/2] COPY . . copies the new .dockerignore too'),
  ]);
  expect(copiedNote({ ...given, newIgnoreFile: false })).toEqual([]);
  const part = [APP, { path: 'b.js', bytes: 9 }];
  expect(copiedNote({ ...given, context: part, newIgnoreFile: true })).toEqual([]);
});
