import { expect, test } from 'bun:test';
import type { RunMount } from '../../app/index.ts';
import { parseMounts } from './mounts.ts';

test.each<[string, RunMount]>([
  ['type=bind,source=/a,target=/b', { type: 'bind', source: '/a', target: '/b', readonly: false }],
  ['TYPE=bind,src=./a,dst=/b,ro', { type: 'bind', source: './a', target: '/b', readonly: true }],
  [
    'type=Bind,"source=/a,b",destination=/b,readonly=false,consistency=cached,bind-propagation=rprivate',
    { type: 'bind', source: '/a,b', target: '/b', readonly: false },
  ],
  ['target=/b', { type: 'volume', target: '/b', readonly: false }],
  ['type=volume,target=/b,readonly=1', { type: 'volume', target: '/b', readonly: true }],
  ['type=tmpfs,target=/b', { type: 'tmpfs', target: '/b', readonly: false }],
  [
    'type=tmpfs,target=/b,readonly,tmpfs-size=1m,tmpfs-mode=700',
    { type: 'tmpfs', target: '/b', readonly: true, size: 1 << 20, mode: 0o700 },
  ],
])('--mount %s', (text, mount) => {
  expect(parseMounts([text])).toEqual([mount]);
});

// What Docker 28.5 refuses too, but for named volumes and propagation, which are not there.
test.each([
  ['', "'' is not known"],
  ['type=bind,target=/b', 'the source is missing'],
  ['type=bind,source=/a', 'the target is missing'],
  ['type=bind,source=/a,target=', 'the target is missing'],
  ['type=image,source=/a,target=/b', 'bind, tmpfs or volume'],
  ['type=bind,source=/a,target=/b,foo=1', "'foo' is not known"],
  ['type=bind,bogus', "'bogus' is not known"],
  ['type=bind,source', "'source' is no key=value"],
  ['type=bind,source=/a,target=/b,ro=maybe', 'true or false'],
  ['type=bind,source=/a,target=/b,tmpfs-size=1m', 'tmpfs-size is nothing for a mount of type bind'],
  ['type=tmpfs,source=/a,target=/b', 'source is nothing for a mount of type tmpfs'],
  ['type=tmpfs,target=/b,tmpfs-size=x', 'tmpfs-size is a size'],
  ['type=tmpfs,target=/b,tmpfs-mode=9', 'tmpfs-mode is octal'],
  ['type=bind,source=/a,target=/b,bind-propagation=shared', 'rprivate'],
  ['source=data,target=/b', "named volumes are not supported yet: 'data'"],
  ['type=bind,"source=/a', 'quote is not closed'],
])('not --mount %s', (text, message) => {
  expect(() => parseMounts([text])).toThrow(message);
  expect(() => parseMounts([text])).toThrow(expect.objectContaining({ code: 'usage' }));
});
