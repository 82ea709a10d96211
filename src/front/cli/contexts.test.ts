import { expect, test } from 'bun:test';
import { parseContexts } from './contexts.ts';

const place = (text: string) => parseContexts([text])[0]?.place as object;
const DIGEST = `sha256:${'a'.repeat(64)}`;

test('what a context is taken from', () => {
  expect(parseContexts(['', 'a=dir', 'b=../x=y'])).toEqual([
    { name: 'a', place: { kind: 'path', path: 'dir' } },
    { name: 'b', place: { kind: 'path', path: '../x=y' } },
  ]);
  expect(place('python:3=docker-image://base:1')).toEqual({ kind: 'image', reference: 'base:1' });
  expect(place('a=oci-layout:///p/q')).toEqual({ kind: 'layout', path: '/p/q' });
  expect(place('a=oci-layout://q:v1')).toEqual({ kind: 'layout', path: 'q', tag: 'v1' });
  expect(place('a=oci-layout://q:docker.io/library/app:1')).toEqual({
    ...{ kind: 'layout', path: 'q', tag: 'docker.io/library/app:1' },
  });
  expect(place(`a=oci-layout:///q:v1@${DIGEST}`)).toEqual({
    ...{ kind: 'layout', path: '/q', tag: 'v1', digest: DIGEST },
  });
  expect(place(`a=oci-layout:///q@${DIGEST}`)).toEqual({ kind: 'layout', path: '/q', digest: DIGEST });
  for (const url of [
    'https://host/x.git',
    'http://host/f',
    'git@host:x',
    'ssh://git@host/x',
    'github.com/a/b',
  ])
    expect(place(`a=${url}`)).toEqual({ kind: 'path', path: url });
});

test.each([
  ['dir', 'is no name=value'],
  ['=dir', 'is no name=value'],
  ['a=', '--build-context a= has no value'],
  ['a=target:b', 'bake'],
  ['a=oci-layout://', "malformed layout 'oci-layout://'"],
  ['a=oci-layout://x:', 'malformed layout'],
  ['a=oci-layout://x@sha256:abc', 'malformed layout'],
  ['https://user:secret@host/x', "--build-context 'https://***@host/x' is no name=value"],
])('%s is refused', (text, message) => {
  expect(() => parseContexts([text])).toThrow(message);
});
