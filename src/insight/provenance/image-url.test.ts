import { expect, test } from 'bun:test';
import { imageUrl } from './index.ts';

const AMD64 = { os: 'linux', architecture: 'amd64' };
const DIGEST = `sha256:${'ab'.repeat(32)}`;

// As Docker 28.5 names them.
test.each([
  ['busybox', 'pkg:docker/busybox@latest?platform=linux%2Famd64'],
  ['docker.io/library/busybox:1', 'pkg:docker/busybox@1?platform=linux%2Famd64'],
  ['r.example/team/app:2', 'pkg:docker/r.example/team/app@2?platform=linux%2Famd64'],
  ['127.0.0.1:5077/att:1', 'pkg:docker/127.0.0.1:5077/att@1?platform=linux%2Famd64'],
  [`app:1@${DIGEST}`, `pkg:docker/app@1?digest=${DIGEST}&platform=linux%2Famd64`],
  [`app@${DIGEST}`, `pkg:docker/app?digest=${DIGEST}&platform=linux%2Famd64`],
])('%s', (reference, expected) => {
  expect(imageUrl(reference, AMD64)).toBe(expected);
});

test('without a platform, with a variant, of a layout', () => {
  expect(imageUrl('a', undefined)).toBe('pkg:docker/a@latest');
  expect(imageUrl('a', { os: 'linux', architecture: 'arm', variant: 'v6' })).toEndWith('linux%2Farm%2Fv6');
  expect(imageUrl('a', AMD64, 'oci')).toStartWith('pkg:oci/a@latest');
});
