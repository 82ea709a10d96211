import { expect, test } from 'bun:test';
import { builderWarnings } from './builder-arguments.ts';

test('what has no meaning here is told of; what is right says nothing', () => {
  expect(builderWarnings({ BUILDKIT_INLINE_CACHE: '1' })).toHaveLength(1);
  for (const args of [
    {},
    { BUILDKIT_INLINE_CACHE: '0', BUILDKIT_MULTI_PLATFORM: 'true', BUILDKIT_DISABLE_FILEOP: 'false' },
    { BUILDKIT_MULTI_PLATFORM: '', BUILDKIT_UNKNOWN: 'x', BUILDKIT_BUILD_NAME: 'n' },
  ])
    expect(builderWarnings(args as Record<string, string>)).toEqual([]);
});

test('what is wrong', () => {
  expect(() => builderWarnings({ BUILDKIT_MULTI_PLATFORM: 'yes' })).toThrow("can't be 'yes'");
  expect(() => builderWarnings({ BUILDKIT_DISABLE_FILEOP: '1' })).toThrow('no meaning any more');
});
