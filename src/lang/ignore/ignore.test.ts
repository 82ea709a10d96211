import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { MilleError, parentPath } from '../../core/index.ts';
import { createIgnoreMatcher, matchPattern, parseIgnore } from './index.ts';

const rules = (text: string) => parseIgnore({ name: '.dockerignore', text });
const matcher = (text: string) => createIgnoreMatcher(rules(text));

describe('the file', () => {
  test('comments, blanks, trimming, cleaning', () => {
    const text = '\ufeff# c\n\n  a  \n #b\n/c/\n./d//e\n! /f\r\nx/../y\n';
    expect(rules(text).rules.map(({ negated, pattern }) => (negated ? '!' : '') + pattern)).toEqual([
      'a',
      '#b',
      'c',
      'd/e',
      '!f',
      'y',
    ]);
  });

  // `filepath.Match` tried on `.` is what refuses a pattern: it reads a set only where the text before it matches.
  test.each(['a*[-]', 'a?*[]]'])('not malformed, for nothing reaches the set: %j', (text) => {
    expect(rules(text).rules).toHaveLength(1);
  });

  test('a line may have 65,535 bytes', () => {
    expect(rules(`${'é'.repeat(32_767)}a\nb`).rules).toHaveLength(2);
    expect(() => rules(`a\n${'é'.repeat(32_768)}\n`)).toThrow('a line of 65536 bytes');
  });

  test.each(['a\n[b', '!', 'a\\', 'a*\\', '[]a]', '*[-]', 'a*[', '[[::]', '[[:x]y:]'])(
    'malformed: %j',
    (text) => {
      expect(() => rules(text)).toThrow(MilleError);
    },
  );

  test('a malformed pattern is reported where it stands', () => {
    expect(() => rules('a\n [b\n')).toThrow(
      expect.objectContaining({ span: expect.objectContaining({ start: 3, end: 5 }) }),
    );
  });
});

describe('verdicts', () => {
  test.each<[string, string, boolean]>([
    ['a', 'a', true],
    ['a', 'a/b/c', true],
    ['a', 'b/a', false],
    ['a/b', 'a', false],
    ['*.log', 'x.log', true],
    ['*.log', 'd/x.log', false],
    ['**/*.log', 'x.log', true],
    ['**/*.log', 'd/e/x.log', true],
    ['**/a', 'x/a', true],
    ['**/a', 'xa', false],
    ['**a', 'd/xa', true],
    ['a/**', 'a', false],
    ['a/**', 'a/b/c', true],
    ['a**', 'ab/c', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['**', 'a', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a?c', 'a😀c', true],
    ['a?c', 'a\udc80c', true],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['a.b*', 'axbc', false],
    ['.', 'a', false],
    // The rest is as the reference has it: its regular expression gives these a meaning.
    ['a\\d*', 'a7', true],
    ['^a*', 'ab', true],
    ['a[[:digit:]]', 'a7', true],
    ['a*[-]', 'ab-', true],
    ['*.{b,c}', 'a.b', false],
    ['*.{b,c}', 'a.{b,c}', true],
    ['\n\ufeff*.a', 'x.a', true],
  ])('%j and %j: %p', (text, path, ignored) => {
    expect(matcher(text).isIgnored(path)).toBe(ignored);
  });

  test('the last rule that matches wins, and says so', () => {
    const found = matcher('*\n!src\nsrc/*.o\n!src/keep.o\n');
    expect(['README', 'src', 'src/a.c', 'src/a.o', 'src/keep.o'].map(found.isIgnored)).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(found.decidingRule('src/a.o')?.pattern).toBe('src/*.o');
    expect(found.decidingRule('src/a.c')?.pattern).toBe('src');
    expect(matcher('a').decidingRule('b')).toBeUndefined();
  });

  test('a rule passed over for a directory is not carried below it, as in BuildKit', () => {
    expect(matcher('foo\n!foo/x\nfoo').isIgnored('foo/x')).toBe(false);
  });

  test('says where a walker has to look below what is ignored', () => {
    const found = matcher('*\n!a/b/c\n!**/x.md\n');
    expect(found.mayContainIncluded('a')).toBe(true);
    expect(found.mayContainIncluded('z')).toBe(true);
    const narrow = matcher('*\n!a/b/c\n!d/*/e\n');
    expect(['a', 'a/b', 'a/c', 'd', 'd/q', 'd/q/r', 'z'].map(narrow.mayContainIncluded)).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(matcher('*').mayContainIncluded('a')).toBe(false);
  });
});

describe('properties', () => {
  const part = fc.constantFrom('a', 'b', 'ab', 'a.b', '*', '**', '?', '*.b', '[ab]', '[^a]', 'a\\b');
  const pattern = fc
    .tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 4 }))
    .map(([negated, parts]) => (negated ? '!' : '') + parts.join('/'));
  const file = fc.array(pattern, { minLength: 1, maxLength: 6 }).map((lines) => lines.join('\n'));
  const path = fc
    .array(fc.constantFrom('a', 'b', 'ab', 'a.b', 'c'), { minLength: 1, maxLength: 5 })
    .map((p) => p.join('/'));

  test('what is included below an ignored directory is reachable for a walker', () => {
    fc.assert(
      fc.property(file, path, (text, name) => {
        const found = matcher(text);
        if (found.isIgnored(name)) return;
        for (let up = parentPath(name); up !== ''; up = parentPath(up)) {
          expect(!found.isIgnored(up) || found.mayContainIncluded(up)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('walking down gives what asking for the path gives', () => {
    fc.assert(
      fc.property(file, path, (text, name) => {
        const found = matcher(text);
        let state = found.root;
        const parts = name.split('/');
        for (let i = 1; i < parts.length; i++) state = found.enter(state, parts.slice(0, i).join('/')).state;
        expect(found.decide(state, name).ignored).toBe(found.isIgnored(name));
      }),
    );
  });

  test('no text crashes, and hostile patterns end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, name) => {
        try {
          matcher(text).isIgnored(name);
          matchPattern(text, name);
        } catch (error) {
          expect((error as MilleError).code).toBe('file-format');
        }
      }),
      { numRuns: 1000 },
    );
    expect(matchPattern(`${'*a'.repeat(300)}b`, 'a'.repeat(4000))).toBe(false);
    expect(() => rules('[[:'.repeat(20_000))).toThrow('malformed pattern');
    expect(rules(`a*${'[[:x]'.repeat(12_000)}`).rules).toHaveLength(1);
    expect(matcher(`x${'*a'.repeat(300)}b*`).isIgnored(`x${'a'.repeat(4000)}`)).toBe(false);
  });
});

describe('matchPattern', () => {
  test.each<[string, string, boolean]>([
    ['*', 'abc', true],
    ['*', 'a/c', false],
    ['a*/b', 'axx/b', true],
    ['a?', 'ab', true],
    ['a?', 'a/', false],
    ['[a-c]', 'b', true],
    ['[^a-c]', 'b', false],
    ['[^a]', '/', true],
    ['[\\]]', ']', true],
    ['\\*', '*', true],
    ['**', 'a/b', false],
    ['a', 'ab', false],
  ])('%j and %j: %p', (pattern, name, matches) => {
    expect(matchPattern(pattern, name)).toBe(matches);
  });

  test.each(['[', '[a', '[]', '[^]', '[a-]', '[-a]', 'a\\'])('malformed: %s', (pattern) => {
    expect(() => matchPattern(pattern, 'a')).toThrow(MilleError);
  });
});
