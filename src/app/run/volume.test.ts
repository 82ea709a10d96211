// What `-v` can say.

import { describe, expect, test } from 'bun:test';
import { parseVolume, volumesOf } from './volume.ts';

describe('a volume', () => {
  const good: [string, object][] = [
    ['/a:/b', { source: '/a', target: '/b', readonly: false }],
    ['/a:/b:ro', { source: '/a', target: '/b', readonly: true }],
    ['/a/../c/:/b//x/:rw,Z', { source: '/c', target: '/b/x', readonly: false }],
    ['/a:/b:z,ro', { source: '/a', target: '/b', readonly: true }],
    ['.:/b', { source: '/here', target: '/b', readonly: false }],
    ['./x:/b', { source: '/here/x', target: '/b', readonly: false }],
    ['../x:/b', { source: '/x', target: '/b', readonly: false }],
    ['/b', { target: '/b', readonly: false }],
  ];
  for (const [text, volume] of good) {
    test(text, () => expect(parseVolume(text, '/here')).toEqual(volume as never));
  }

  const bad: [string, RegExp][] = [
    ['', /HOST:CONTAINER/],
    [':/b', /HOST:CONTAINER/],
    ['/a:', /HOST:CONTAINER/],
    ['/a:/b:ro:x', /HOST:CONTAINER/],
    ['/a:b', /not absolute/],
    ['b', /not absolute/],
    ['/a:/', /root cannot/],
    ['/a:/..', /root cannot/],
    ['/a:/b:shared', /unknown option 'shared'/],
    ['data:/b', /named volumes are not supported yet: 'data'/],
    ['rel/x:/b', /named volumes/],
    ['.hidden:/b', /named volumes/],
  ];
  for (const [text, message] of bad) {
    test(`not ${text || 'nothing'}`, () => {
      expect(() => parseVolume(text, '/here')).toThrow(message);
      expect(() => parseVolume(text, '/here')).toThrow(expect.objectContaining({ code: 'usage' }));
    });
  }
});

describe('the volumes of a container', () => {
  test("parents come first; the image's own where none is given", () => {
    const volumes = volumesOf(['/x:/a/b', '/y:/a'], ['/a/b/c', '/a/', '/z'], '/here');
    expect(volumes.map(({ source, target }) => [source, target])).toEqual([
      ['/y', '/a'],
      [undefined, '/z'],
      ['/x', '/a/b'],
      [undefined, '/a/b/c'],
    ]);
  });

  test('two at one place are refused', () => {
    expect(() => volumesOf(['/x:/a', '/y:/a/'], [], '/')).toThrow('two volumes at /a');
  });
});
