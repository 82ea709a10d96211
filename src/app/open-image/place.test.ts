import { expect, test } from 'bun:test';
import { parsePlace } from './place.ts';

const HEX = 'a'.repeat(64);
const there = new Set(['app.tar', '/x/app.tar', './out', 'out', '/x', '/x:y', 'oci']);
const place = (text: string) => parsePlace(text, (path) => there.has(path));

test('plain names may be names of files too', () => {
  expect(place('debian:12')).toEqual({ kind: 'anywhere', name: 'debian:12' });
  expect(place('registry:2')).toEqual({ kind: 'anywhere', name: 'registry:2' });
  expect(place('docker:27')).toEqual({ kind: 'anywhere', name: 'docker:27' });
  expect(place('app.tar')).toEqual({ kind: 'anywhere', name: 'app.tar', file: { path: 'app.tar' } });
  const named = { path: 'out', name: 'v1' };
  expect(place('out:v1')).toEqual({ kind: 'anywhere', name: 'out:v1', file: named });
});

test('paths, with a name or a digest behind them', () => {
  expect(place('/x/app.tar')).toEqual({ kind: 'file', path: '/x/app.tar' });
  expect(place('./out:team/app:1')).toEqual({ kind: 'file', path: './out', name: 'team/app:1' });
  expect(place(`/x/app.tar@sha256:${HEX}`)).toEqual({
    kind: 'file',
    path: '/x/app.tar',
    digest: `sha256:${HEX}` as never,
  });
  // The longest path that is there.
  expect(place('/x:y:1')).toEqual({ kind: 'file', path: '/x:y', name: '1' });
  expect(() => place('/none.tar')).toThrow('no such file: /none.tar');
  expect(place('-')).toEqual({ kind: 'standard-input' });
});

test('prefixes of skopeo, podman, syft and dive', () => {
  for (const prefix of [
    'docker-archive:',
    'docker-archive://',
    'oci-archive:',
    'oci:',
    'oci-dir:',
    'oci-layout://',
  ])
    expect(place(`${prefix}/x/app.tar:1`)).toEqual({ kind: 'file', path: '/x/app.tar', name: '1' });
  expect(place('docker-daemon:app:1')).toEqual({ kind: 'daemon', name: 'app:1' });
  expect(place('registry://host/app')).toEqual({ kind: 'registry', name: 'host/app' });
  expect(place('docker://app')).toEqual({ kind: 'elsewhere', name: 'app' });
  expect(place('store://app')).toEqual({ kind: 'store', name: 'app' });
  expect(() => place('docker-daemon:')).toThrow("nothing is behind 'docker-daemon:'");
  expect(() => place('oci-archive:none')).toThrow('no such file: none');
  // Could be an image's name.
  expect(place('oci:latest')).toMatchObject({ kind: 'anywhere', name: 'oci:latest' });
});
