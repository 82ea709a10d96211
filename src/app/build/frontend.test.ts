import { expect, test } from 'bun:test';
import type { MilleError } from '../../core/index.ts';
import { frontendEvent, parseBuildFile } from './frontend.ts';

const source = (text: string) => ({ name: 'Dockerfile', text });

test('what the file asks for, unless a build argument asks for something else', () => {
  const file = source('# syntax=example/one\nFROM a');
  expect(frontendEvent(file, {})).toMatchObject({ type: 'warning', span: { start: 9, end: 20 } });
  expect(frontendEvent(file, { BUILDKIT_SYNTAX: ' example/two x' })).toMatchObject({
    type: 'warning',
    message: 'the frontend example/two is not run: the file is read as a Dockerfile',
  });
  expect(frontendEvent(file, { BUILDKIT_SYNTAX: 'docker/dockerfile:1' })).toBeUndefined();
  expect(frontendEvent(source('FROM a'), {})).toBeUndefined();
});

test('a mistake in a file for another frontend names that frontend', () => {
  const hintOf = (text: string) => {
    try {
      parseBuildFile(source(text), {});
    } catch (error) {
      return (error as MilleError).hint;
    }
    return undefined;
  };
  expect(hintOf('# syntax=docker/dockerfile:1\nFRM a')).toBe('did you mean FROM?');
  expect(hintOf('# syntax=example/one\nFRM a')).toStartWith('did you mean FROM?\nthe frontend example/one');
  expect(hintOf('// syntax=example/one\n')).toContain('the frontend example/one');
});
