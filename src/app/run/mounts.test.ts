import { expect, test } from 'bun:test';
import { mountsAsked, parentsFirst } from './mounts.ts';

const tmpfs = (target: string) => ({ type: 'tmpfs', target, readonly: false }) as const;

test('an empty file system does not hide what is mounted below it, whatever the order of the flags', () => {
  const asked = mountsAsked({ volumes: ['/x:/a/b'], tmpfs: ['/a', '/a/b/c'] }, [], '/');
  const all = parentsFirst([...asked.volumes, ...asked.tmpfs]);
  expect(all.map(({ target }) => target)).toEqual(['/a', '/a/b', '/a/b/c']);
});

test("in memory, in the place of the image's own volume", () => {
  const asked = mountsAsked({ volumes: [], mounts: [tmpfs('/data')] }, ['/data', '/other'], '/');
  expect(asked.volumes.map(({ target }) => target)).toEqual(['/other']);
  expect(asked.tmpfs.map(({ target }) => target)).toEqual(['/data']);
});

test.each([
  [{ volumes: ['/x:/a', '/y:/a/'] }],
  [{ volumes: ['/x:/a'], tmpfs: ['/a'] }],
  [{ volumes: ['/x:/a'], mounts: [tmpfs('/a')] }],
  [{ volumes: [], mounts: [tmpfs('/a'), { type: 'volume', target: '/a/', readonly: false } as const] }],
])('two at one place are refused: %j', (flags) => {
  expect(() => mountsAsked(flags, [], '/')).toThrow('two mounts at /a');
});
