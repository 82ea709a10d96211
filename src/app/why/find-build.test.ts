import { describe, expect, test } from 'bun:test';
import type { BuildRecord } from '../../build/cache/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { findBuild } from './find-build.ts';

const store = {
  resolveName: () => undefined,
  findById: () => undefined,
  listImages: () => [],
} as unknown as Store;

const build = (id: string, more: Partial<BuildRecord> = {}): BuildRecord => ({
  ...{ id, started: 0, scope: 's', outcome: 'succeeded', seconds: 1, steps: [] },
  ...{ dockerfile: '/p/Dockerfile', context: '/p', ...more },
});

const builds = [
  build('20261125T120000-aaaa1111', { wanted: ['docker.io/library/app:latest'], outcome: 'failed' }),
  build('20261124T120000-bbbb2222', {
    names: ['docker.io/library/app:latest'],
    imageId: `sha256:${'c'.repeat(64)}`,
  }),
  build('20261124T110000-bbcc3333', { dockerfile: '/q/x.Dockerfile', context: '/q' }),
];

const find = (subject?: string) => findBuild({ store, builds, here: '/p/sub' }, subject).id.slice(-8);

describe('a build is found', () => {
  test.each([
    [undefined, 'aaaa1111'],
    ['app', 'aaaa1111'],
    ['app:latest', 'aaaa1111'],
    ['20261124T12', 'bbbb2222'],
    ['20261125', 'aaaa1111'],
    ['bbcc', 'bbcc3333'],
    ['cccccccc', 'bbbb2222'],
    [`sha256:${'c'.repeat(64)}`, 'bbbb2222'],
    ['..', 'aaaa1111'],
    ['../../q/', 'bbcc3333'],
    ['/q/x.Dockerfile', 'bbcc3333'],
  ])('by %s', (subject, found) => {
    expect(find(subject)).toBe(found);
  });

  test.each([
    ['20261124', "'20261124' is the beginning of 2 builds"],
    ['other', "no build of 'other' is remembered"],
    ['.', "no build of '.' is remembered"],
    ['NOT//valid', "no build of 'NOT//valid' is remembered"],
  ])('or not: %s', (subject, message) => {
    expect(() => find(subject)).toThrow(message);
  });

  test('nothing was built yet', () => {
    expect(() => findBuild({ store, builds: [], here: '/' }, 'app')).toThrow('nothing was built here yet');
  });
});
