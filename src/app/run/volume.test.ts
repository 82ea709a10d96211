// What `-v` can say.

import { describe, expect, test } from 'bun:test';
import { parseVolume, volumeOfMount, volumesOf } from './volume.ts';

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

describe('the volume of a --mount', () => {
  const bind = (source: string, target = '/b') =>
    volumeOfMount({ type: 'bind', source, target, readonly: true }, '/here');

  test('its source has to be there, and may count from here', () => {
    const rest = { readonly: true, mustExist: true };
    expect(bind('/a/../c', '/b//x/')).toEqual({ source: '/c', target: '/b/x', ...rest });
    expect(bind('./.env')).toEqual({ source: '/here/.env', target: '/b', ...rest });
    expect(bind('..')).toEqual({ source: '/', target: '/b', ...rest });
  });

  test("without a source it is the container's own", () => {
    const volume = volumeOfMount({ type: 'volume', target: '/b', readonly: false }, '/here');
    expect(volume).toEqual({ target: '/b', readonly: false });
  });

  test.each([
    ['a', '/b', "'a', is not absolute"],
    ['.env', '/b', "'.env', is not absolute"],
    ['/a', 'b', "can't be 'b'"],
    ['/a', '/x/..', "can't be '/x/..'"],
  ])('not %p at %p', (source, target, message) => {
    expect(() => bind(source, target)).toThrow(message);
  });
});

describe('the volumes of a container', () => {
  test("the image's own where nothing is given for their place", () => {
    const given = ['/x:/a/b', '/y:/a'].map((text) => parseVolume(text, '/here'));
    const volumes = volumesOf(given, ['/a/b/c', '/a/', '/z', '/z/', '/t', '/'], ['/t']);
    expect(volumes.map(({ source, target }) => [source, target])).toEqual([
      ['/x', '/a/b'],
      ['/y', '/a'],
      [undefined, '/a/b/c'],
      [undefined, '/z'],
    ]);
  });
});
