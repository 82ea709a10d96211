// The names of plain distributions.

import { expect, test } from 'bun:test';
import { plainImageOf } from './on-compiler.ts';

test('an image of a distribution and nothing else', () => {
  expect(plainImageOf({ id: 'debian', version: '12', codename: 'bookworm' })).toBe('debian:bookworm-slim');
  expect(plainImageOf({ id: 'ubuntu', version: '24.04', codename: 'noble' })).toBe('ubuntu:24.04');
  expect(plainImageOf({ id: 'alpine', version: '3.22.1' })).toBe('alpine:3.22');
  expect(plainImageOf({ id: 'alpine', version: 'edge' })).toBeUndefined();
  expect(plainImageOf({ id: 'debian' })).toBeUndefined();
  expect(plainImageOf({ id: 'fedora', version: '42' })).toBeUndefined();
});
