import { expect, test } from 'bun:test';
import { parseCopyPlace, splitTarget } from './place.ts';

test('plain names are those of registries, and so are docker:// and registry://', () => {
  for (const text of ['app', 'docker://app', 'registry://app:latest', 'docker.io/library/app'])
    expect(parseCopyPlace(text)).toEqual({
      kind: 'registry',
      reference: { registry: 'docker.io', repository: 'library/app', tag: 'latest' },
    });
  // Images of Docker Hub that are called as prefixes are.
  for (const text of ['docker:27', 'registry:2', 'docker:dind', 'registry'])
    expect(parseCopyPlace(text)).toMatchObject({ kind: 'registry' });
});

test('the store, layouts and archives have a prefix', () => {
  expect(parseCopyPlace('store://app:1')).toEqual({ kind: 'store', name: 'app:1' });
  expect(parseCopyPlace('oci:dir:1.0')).toEqual({ kind: 'oci', rest: 'dir:1.0' });
  expect(parseCopyPlace('oci:2024/x')).toEqual({ kind: 'oci', rest: '2024/x' });
  expect(parseCopyPlace('oci:/srv/images')).toEqual({ kind: 'oci', rest: '/srv/images' });
  expect(parseCopyPlace('oci-archive:./a.tar')).toEqual({ kind: 'oci-archive', rest: './a.tar' });
  expect(parseCopyPlace('docker-archive:a.tar:app:1')).toEqual({
    kind: 'docker-archive',
    rest: 'a.tar:app:1',
  });
});

test('what is neither says so', () => {
  for (const text of ['docker-daemon:app', 'dir:x', './x.tar', '/x', '-', 'docker://', 'store://', 'oci:'])
    expect(() => parseCopyPlace(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  expect(() => parseCopyPlace('App')).toThrow(expect.objectContaining({ code: 'reference-invalid' }));
});

test('what is written to ends at the first colon', () => {
  expect(splitTarget('a.tar')).toEqual({ path: 'a.tar' });
  expect(splitTarget('a.tar:host:5000/app:1')).toEqual({ path: 'a.tar', name: 'host:5000/app:1' });
  for (const text of ['a.tar:', ':1'])
    expect(() => splitTarget(text)).toThrow(expect.objectContaining({ code: 'usage' }));
});
