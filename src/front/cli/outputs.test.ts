import { describe, expect, test } from 'bun:test';
import type { OutputSpec } from '../../app/index.ts';
import { splitCsv } from './csv.ts';
import { type OutputOptions, parseOutputs } from './outputs.ts';

function parse(given: readonly string[], options: Partial<OutputOptions> = {}): readonly OutputSpec[] {
  return parseOutputs(given, {
    load: false,
    push: false,
    stdoutIsTerminal: false,
    reproducible: false,
    ...options,
  });
}

describe('-o', () => {
  test.each([
    ['out', { type: 'local', dest: 'out' }],
    ['-', { type: 'tar', dest: '-' }],
    ['type=oci,dest=a.tar', { type: 'oci', dest: 'a.tar' }],
    ['dest=a.tar,type=docker', { type: 'docker', dest: 'a.tar' }],
    ['type=tar', { type: 'tar', dest: '-' }],
    ['type=oci,dest=-', { type: 'oci', dest: '-' }],
    ['type=local,dest=out', { type: 'local', dest: 'out' }],
    ['type=oci,"dest=a,b.tar"', { type: 'oci', dest: 'a,b.tar' }],
    ['type=image', { type: 'image' }],
    ['type=docker', { type: 'image' }],
    ['type=oci,tar=false,dest=d', { type: 'oci', dest: 'd', directory: true }],
    ['type=oci,tar=,dest=d', { type: 'oci', dest: 'd' }],
    ['type=image,"name=a,b:2"', { type: 'image', names: ['a', 'b:2'] }],
    ['type=image,name=a,push=false,unpack=true,store=true,oci-mediatypes=', { type: 'image', names: ['a'] }],
    ['type=registry', { type: 'registry' }],
    ['type=registry,name=h/x,registry.insecure=true', { type: 'registry', names: ['h/x'], plain: true }],
    [
      'type=registry,name=h/x,push-by-digest=true,name-canonical=true',
      { type: 'registry', names: ['h/x'], byDigest: true },
    ],
    ['Dest=a,TYPE=oci', { type: 'oci', dest: 'a' }],
  ] as const)('%s', (text, output) => {
    expect(parse([text])).toEqual([output as OutputSpec]);
  });
  test('none, --load, and type=docker alone go to the store', () => {
    expect(parse([])).toEqual([{ type: 'image' }]);
    expect(parse(['out'], { load: true })).toEqual([{ type: 'local', dest: 'out' }, { type: 'image' }]);
    expect(parse(['type=docker,name=x'], { load: true })).toEqual([{ type: 'image', names: ['x'] }]);
    expect(parse(['type=cacheonly'])).toEqual([]);
    expect(parse(['type=cacheonly'], { load: true })).toEqual([{ type: 'image' }]);
  });
  test('--push and push=true send it too', () => {
    expect(parse([], { push: true })).toEqual([{ type: 'image' }, { type: 'registry' }]);
    expect(parse(['out'], { push: true })).toEqual([{ type: 'local', dest: 'out' }, { type: 'registry' }]);
    expect(parse(['type=registry'], { push: true })).toEqual([{ type: 'registry' }]);
    expect(parse(['type=image,name=h/x,push=true'])).toEqual([
      { type: 'image', names: ['h/x'] },
      { type: 'registry', names: ['h/x'] },
    ]);
    const alone = [{ type: 'registry', names: ['h/x'] }];
    expect(parse(['type=image,name=h/x,push=true,store=false'])).toEqual(alone as OutputSpec[]);
    expect(() => parse(['type=image,store=false'])).toThrow('store=false is not supported');
  });
  test('standard output: once, and never a terminal', () => {
    expect(() => parse(['-', 'type=oci'])).toThrow('only one -o can write to standard output');
    expect(() => parse(['type=tar'], { stdoutIsTerminal: true })).toThrow(
      'an archive is not written to a terminal',
    );
    expect(parse(['out'], { stdoutIsTerminal: true })).toHaveLength(1);
  });
  test.each([
    ['type=local', 'needs a directory'],
    ['type=local,dest=-', 'needs a directory'],
    ['type=oci,tar=false', 'needs a directory'],
    ['type=imag', "does not support the type 'imag'"],
    ['a=b,c=d', 'there is no type in it'],
    ['dest=a,dest=b', 'there is no type in it'],
    ['type=oci,x', "'x' is no key=value"],
    ['', 'has no value'],
    ['type=oci,"dest=x', 'a quote is not closed'],
    ['type=cacheonly,dest=x', "does not know the key 'dest' here"],
    ['type=image,dest=x', "does not know the key 'dest' here"],
    ['type=docker,tar=false,dest=x', "does not know the key 'tar' here"],
    ['type=docker,context=other', "does not know the key 'context' here"],
    ['type=tar,dest=x,compression=gzip', "does not know the key 'compression' here"],
    ['type=local,dest=x,platform-split=maybe', "platform-split is a switch: it can't be 'maybe'"],
    ['type=oci,push=true,dest=x', 'push=true is not supported'],
    ['type=image,push,name=x', "'push' is no key=value"],
    ['type=image,push=maybe', "push is a switch: it can't be 'maybe'"],
    ['type=image,store=false', 'store=false is not supported'],
    ['type=oci,oci-mediatypes=false', 'oci-mediatypes=false is not supported'],
    ['type=oci,source-date-epoch=1', "does not know the key 'source-date-epoch' here"],
  ])('%j is refused', (text, message) => expect(() => parse([text])).toThrow(message));
  test('a key that is nearly right', () => {
    expect(() => parse(['type=oci,compresion=gzip'])).toThrow(
      expect.objectContaining({ hint: "did you mean 'compression'?" }),
    );
    expect(() => parse(['type=ocl'])).toThrow(expect.objectContaining({ hint: 'did you mean type=oci?' }));
  });
});

describe('compression', () => {
  const read = (text: string) => (parse([`type=image,${text}`])[0] as { compression?: unknown }).compression;
  test.each([
    ['compression=zstd', { kind: 'zstd' }],
    ['compression=gzip,compression-level=9', { kind: 'gzip', level: 9 }],
    ['compression-level=1', { kind: 'gzip', level: 1 }],
    ['force-compression=', { kind: 'gzip', force: true }],
    ['compression=uncompressed,force-compression=true', { kind: 'uncompressed', force: true }],
    ['compression=zstd,force-compression=false,compression-level=0', { kind: 'zstd', level: 0 }],
    ['force-compression=false', undefined],
  ])('%s', (text, packing) => expect(read(text) as unknown).toEqual(packing));
  test.each([
    ['compression=estargz', "does not know the compression 'estargz'"],
    ['compression=toString', "does not know the compression 'toString'"],
    ['compression=gzip,compression-level=10', "compression-level can't be '10'"],
    ['compression=zstd,compression-level=23', "compression-level can't be '23'"],
    ['compression-level=-1', "compression-level can't be '-1'"],
    ['compression-level=', "compression-level can't be ''"],
    ['compression=uncompressed,compression-level=1', 'uncompressed has no compression-level'],
  ])('%s is refused', (text, message) => expect(() => read(text)).toThrow(message));
});

describe('annotations', () => {
  const read = (text: string) => (parse([`type=oci,${text}`])[0] as { annotations?: unknown }).annotations;
  test.each([
    ['annotation.a.b=c=d', { on: 'manifest', key: 'a.b', value: 'c=d' }],
    // As with docker buildx, keys are small letters.
    ['annotation.Title=App', { on: 'manifest', key: 'title', value: 'App' }],
    ['annotation-manifest-descriptor.a=', { on: 'manifest-descriptor', key: 'a', value: '' }],
    ['annotation-index.a=1', { on: 'index', key: 'a', value: '1' }],
    ['annotation[linux/arm64].a=1', { on: 'manifest', key: 'a', value: '1', platform: 'linux/arm64' }],
  ])('%s', (text, annotation) => expect(read(text) as unknown).toEqual([annotation]));
  test.each(['annotation=x', 'annotation-manfest.a=b', 'annotations.a=b', 'annotation.=b'])(
    '%s is refused',
    (text) => expect(() => read(text)).toThrow('is no annotation'),
  );
});

test('rewrite-timestamp says what is the case anyway', () => {
  expect(parse(['type=oci,rewrite-timestamp=true'], { reproducible: true })).toHaveLength(1);
  expect(parse(['type=oci,rewrite-timestamp=false'])).toHaveLength(1);
  expect(() => parse(['type=oci,rewrite-timestamp=true'])).toThrow('rewrite-timestamp=true is not supported');
  expect(() => parse(['type=oci,rewrite-timestamp=false'], { reproducible: true })).toThrow(
    'rewrite-timestamp=false is not supported',
  );
});

test('comma-separated values', () => {
  expect(splitCsv('a,b')).toEqual(['a', 'b']);
  expect(splitCsv('"a ""x"", b",c')).toEqual(['a "x", b', 'c']);
  expect(splitCsv('a,')).toEqual(['a', '']);
});
