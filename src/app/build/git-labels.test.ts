import { expect, test } from 'bun:test';
import { gitLabels } from './git-labels.ts';

const NAMES = [
  'com.docker.image.source.entrypoint',
  'org.opencontainers.image.revision',
  'org.opencontainers.image.source',
];
const checkout = (directory: string) => ({ revision: 'a1', remote: 'https://example.org/a.git', directory });
const entrypoint = (directory: string, contextName: string, path?: string) =>
  gitLabels(checkout(directory), { contextName, path })[NAMES[0]!];

test('what git knows, and nothing else', () => {
  const places = { contextName: '/w/a', path: '/w/a/Dockerfile' };
  expect(gitLabels(checkout('.'), places)).toEqual({
    [NAMES[0]!]: 'Dockerfile',
    [NAMES[1]!]: 'a1',
    [NAMES[2]!]: 'https://example.org/a.git',
  });
  expect(gitLabels({ directory: '.' }, { contextName: '/w/a' })).toEqual({});
});

test('the Dockerfile from the top of the work tree, where it is in it', () => {
  expect(entrypoint('sub/x', '/w/sub/x', '/w/sub/x/Dockerfile')).toBe('sub/x/Dockerfile');
  expect(entrypoint('sub', '/w/sub', '/w/sub/../docker/./web.Dockerfile')).toBe('docker/web.Dockerfile');
  expect(entrypoint('sub', '/w/sub', '/w/sub/../../Dockerfile')).toBeUndefined();
  expect(entrypoint('.', '/w', '/web/Dockerfile')).toBeUndefined();
  // Reached through a link: where the top is cannot be told by the name.
  expect(entrypoint('sub', '/link', '/link/Dockerfile')).toBeUndefined();
  expect(entrypoint('.', '/', '/Dockerfile')).toBe('Dockerfile');
});
