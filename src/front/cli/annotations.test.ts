import { expect, test } from 'bun:test';
import { parseAnnotations } from './annotations.ts';

const parse = (...texts: string[]) => parseAnnotations(texts);

test('what is annotated, the manifest by default', () => {
  expect(parse('a=b', '', 'k==v', 'a.b/c=')).toEqual([
    { on: 'manifest', key: 'a', value: 'b' },
    { on: 'manifest', key: 'k', value: '=v' },
    { on: 'manifest', key: 'a.b/c', value: '' },
  ]);
  expect(parse('manifest,index-descriptor:a=b:c')).toEqual([
    { on: 'manifest', key: 'a', value: 'b:c' },
    { on: 'index-descriptor', key: 'a', value: 'b:c' },
  ]);
  expect(parse('manifest-descriptor[linux/arm64]:a=b')).toEqual([
    { on: 'manifest-descriptor', platform: 'linux/arm64', key: 'a', value: 'b' },
  ]);
});

test.each([
  ['a', 'is no key=value'],
  ['=b', 'has no key'],
  ['manifest:=b', 'has no key'],
  [':a=b', "'' is nothing that can be annotated"],
  ['manifst:a=b', "'manifst' is nothing that can be annotated"],
  ['manifest[linux/amd64:a=b', 'is nothing that can be annotated'],
  ['manifest,:a=b', "'' is nothing that can be annotated"],
])('%s is refused', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});
