import { expect, test } from 'bun:test';
import { chooseRef } from './choose-ref.ts';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];

const OUTPUT = [
  ['ref: refs/heads/main', 'HEAD'],
  [A, 'HEAD'],
  [A, 'refs/heads/main'],
  [B, 'refs/heads/both'],
  [C, 'refs/tags/both'],
  [C, 'refs/tags/v1'],
  [D, 'refs/tags/v1^{}'],
  [B, 'refs/pull/1/head'],
  [B, 'refs/heads/refs/heads/odd'],
]
  .map((columns) => `${columns.join('\t')}\n`)
  .join('');

test.each([
  [undefined, 'refs/heads/main', A, A],
  ['HEAD', 'refs/heads/main', A, A],
  ['main', 'refs/heads/main', A, A],
  ['heads/main', 'refs/heads/main', A, A],
  ['refs/heads/main', 'refs/heads/main', A, A],
  ['both', 'refs/heads/both', B, B],
  ['tags/both', 'refs/tags/both', C, C],
  ['v1', 'refs/tags/v1', C, D],
  ['refs/tags/v1', 'refs/tags/v1', C, D],
  ['pull/1/head', 'refs/pull/1/head', B, B],
])('%s is %s', (ref, name, object, commit) => {
  expect(chooseRef(OUTPUT, ref)).toEqual({ name, object, commit });
});

test.each(['v2', 'aaaaaaa', 'ain', '1/head', ''])('there is no %j', (ref) => {
  expect(chooseRef(OUTPUT, ref)).toBeUndefined();
});

test('a HEAD that is no branch is a commit; an empty repository has none', () => {
  expect(chooseRef(`${A}\tHEAD\n`, undefined)).toEqual({ name: 'HEAD', object: A, commit: A });
  expect(chooseRef('', undefined)).toBeUndefined();
});

test('what is no object id is not believed', () => {
  expect(chooseRef(`--upload-pack=x\trefs/heads/main\nref: --x\tHEAD\n${A}\tHEAD\n`, 'main')).toBeUndefined();
  for (const name of ['--x', 'refs/heads/a:b', 'refs/heads/a b'])
    expect(chooseRef(`ref: ${name}\tHEAD\n${A}\tHEAD\n`, undefined)?.name).toBe('HEAD');
});
