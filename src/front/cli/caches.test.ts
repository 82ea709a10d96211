import { describe, expect, test } from 'bun:test';
import type { CacheSourceSpec, CacheTargetSpec } from '../../app/index.ts';
import { parseCacheSources, parseCacheTargets } from './caches.ts';

describe('--cache-from', () => {
  test.each([
    ['host/app', { type: 'registry', ref: 'host/app' }],
    ['type=registry,ref=a:1', { type: 'registry', ref: 'a:1' }],
    ['TYPE=registry,ref=a,registry.insecure=true', { type: 'registry', ref: 'a', plain: true }],
    ['type=local,src=dir', { type: 'local', src: 'dir' }],
    ['"src=a,b",type=local,tag=x', { type: 'local', src: 'a,b', tag: 'x' }],
    ['type=local,src=d,digest=sha256:1', { type: 'local', src: 'd', digest: 'sha256:1' }],
  ] as const)('%s', (text, source) => {
    expect(parseCacheSources([text])).toEqual([source as CacheSourceSpec]);
  });
  test('several, in their order; an empty one is none', () => {
    expect(parseCacheSources(['a', '', 'type=local,src=b']).map(({ type }) => type)).toEqual([
      'registry',
      'local',
    ]);
  });
  test.each([
    ['type=gha', "does not support the type 'gha'"],
    ['type=s3,region=x,bucket=y', "does not support the type 's3'"],
    ['type=azblob,name=x', "does not support the type 'azblob'"],
    ['type=inline', 'inline is for --cache-to'],
    ['type=locl,src=x', "does not know the type 'locl'"],
    ['ref=x', 'there is no type in it'],
    ['type=registry', 'it needs a reference'],
    ['type=local', 'it needs a directory'],
    ['type=local,dest=x,src=y', "does not know the key 'dest' here"],
    ['a,b', "'a' is no key=value"],
    ['type=registry,ref=x,registry.insecure=perhaps', 'is a switch'],
  ])('%s: %s', (text, message) => {
    expect(() => parseCacheSources([text])).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
    expect(() => parseCacheSources([text])).toThrow(/^--cache-from '.*': /);
  });
});

describe('--cache-to', () => {
  const usual = { mode: 'min', compression: { kind: 'gzip' }, ignoreError: false } as const;
  test.each([
    ['host/app:c', { type: 'registry', ref: 'host/app:c', ...usual }],
    ['type=inline', { type: 'inline' }],
    ['type=inline,mode=min', { type: 'inline' }],
    ['type=local,dest=d,mode=max', { type: 'local', dest: 'd', ...usual, mode: 'max' }],
    ['type=local,dest=d,tag=t,ignore-error', undefined],
    [
      'type=local,dest=d,tag=t,ignore-error=true',
      { type: 'local', dest: 'd', tag: 't', ...usual, ignoreError: true },
    ],
    [
      'type=registry,ref=a,compression=zstd,compression-level=9,force-compression=true,oci-mediatypes=true,image-manifest=true',
      { type: 'registry', ref: 'a', ...usual, compression: { kind: 'zstd', level: 9, force: true } },
    ],
    [
      'type=local,dest=d,compression=uncompressed',
      { type: 'local', dest: 'd', ...usual, compression: { kind: 'uncompressed' } },
    ],
  ] as const)('%s', (text, target) => {
    if (target) expect(parseCacheTargets([text])).toEqual([target as CacheTargetSpec]);
    else expect(() => parseCacheTargets([text])).toThrow('is no key=value');
  });
  test.each([
    ['type=inline,mode=max', 'inline has mode=min only'],
    ['type=registry,ref=x,mode=most', "mode can't be 'most'"],
    ['type=registry,ref=x,compression=lz4', "does not know the compression 'lz4'"],
    ['type=registry,ref=x,compression=estargz', "does not know the compression 'estargz'"],
    ['type=registry,ref=x,image-manifest=false', 'image-manifest=false is not supported'],
    ['type=registry,ref=x,oci-mediatypes=false', 'oci-mediatypes=false is not supported'],
    ['type=gha,mode=max', "does not support the type 'gha'"],
    ['type=local,src=x', 'it needs a directory'],
  ])('%s: %s', (text, message) => {
    expect(() => parseCacheTargets([text])).toThrow(message);
  });
  test('inline once', () => {
    expect(() => parseCacheTargets(['type=inline', 'type=inline'])).toThrow('given twice');
  });
});
