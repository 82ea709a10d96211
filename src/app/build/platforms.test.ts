import { expect, test } from 'bun:test';
import { checkOnePlatform, distinctPlatforms } from './platforms.ts';

test('platforms: each once, where it was first asked for, as it was written there', () => {
  expect(distinctPlatforms([])).toEqual([]);
  expect(distinctPlatforms(['arm64', 'linux/amd64', 'linux/arm64', 'linux/arm64/v8', 'amd64'])).toEqual([
    'arm64',
    'linux/amd64',
  ]);
  expect(() => distinctPlatforms(['linux/amd64', 'a/b/c/d'])).toThrow();
});

test('where one is looked at, several are refused', () => {
  checkOnePlatform({ platforms: ['arm64', 'linux/arm64'] });
  expect(() => checkOnePlatform({ platforms: ['arm64', 'linux/amd64'] })).toThrow(
    'not at arm64, linux/amd64',
  );
});
