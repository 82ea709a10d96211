import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { MilleError } from '../../core/index.ts';
import { type ExpandOptions, expandHeredoc, expandWord } from './index.ts';

const VALUES: Readonly<Record<string, string>> = {
  x: 'value',
  empty: '',
  path: '/usr/local/lib/a.tar.gz',
  spaced: 'a  b c',
  star: 'a*b',
  back: 'a\\b',
  lines: 'one\ntwo',
};
const lookup = (name: string): string | undefined => VALUES[name];
const expand = (text: string, options: ExpandOptions = {}) => expandWord(text, { lookup, ...options }).text;

describe('expansion', () => {
  test.each<[string, string]>([
    ['$x', 'value'],
    ['a${x}b', 'avalueb'],
    ['$xy', ''],
    ['$unset-$empty', '-'],
    ['$', '$'],
    ['a$', 'a$'],
    ['$/a', '$/a'],
    ['\\$x', '$x'],
    ['\\\\$x', '\\value'],
    ['a\\b', 'ab'],
    ['a\\', 'a'],
    ["'$x'", '$x'],
    ['"$x"', 'value'],
    ['"a\\"b\\$x\\c"', 'a"b$x\\c'],
    ["'a\\'", 'a\\'],
    ['${x-w}|${empty-w}|${u-w}', 'value||w'],
    ['${x:-w}|${empty:-w}|${u:-w}', 'value|w|w'],
    ['${x+w}|${empty+w}|${u+w}', 'w|w|'],
    ['${x:+w}|${empty:+w}|${u:+w}', 'w||'],
    ['${x?e}|${empty?e}|${x:?e}', 'value||value'],
    ['${u:-${v:-$x}}', 'value'],
    ['${u:-"a}b"}', 'a}b'],
    ['${path#*/}', 'usr/local/lib/a.tar.gz'],
    ['${path##*/}', 'a.tar.gz'],
    ['${path%.*}', '/usr/local/lib/a.tar'],
    ['${path%%.*}', '/usr/local/lib/a'],
    ['${path#nothing}', '/usr/local/lib/a.tar.gz'],
    ['${star#a\\*}', 'b'],
    ['${path%???}', '/usr/local/lib/a.tar'],
    ['${path/l/L}', '/usr/Local/lib/a.tar.gz'],
    ['${path//l/L}', '/usr/LocaL/Lib/a.tar.gz'],
    ['${path//\\//-}', '-usr-local-lib-a.tar.gz'],
    ['${path/./_}', '/usr/local/lib/a_tar.gz'],
    ['${x/*/$star}', 'a*b'],
    ['${x//*/y}', 'y'],
    ['${x//a*u/[$0]}', 'v[]e'],
    ['${lines/e*t/-}', 'one\ntwo'],
    ['$1$@$$x', 'x'],
    ['${x}é😀', 'valueé😀'],
    // Between quotes an escape character of a pattern is text.
    ["${back#'a\\'}|${back#a\\\\}", 'b|b'],
    ['${back#"a\\\\"}|${star#"a\\*"}', 'b|a*b'],
    ['\ufeff$x\ufeff', 'value\ufeff'],
    ['${x#\ufeffv}', 'alue'],
  ])('%s → %s', (text, expected) => {
    expect(expand(text)).toBe(expected);
  });

  test.each([
    ['${x'],
    ['${'],
    ['${}'],
    ['${:x}'],
    ['${{x}}'],
    ['${x:w}'],
    ['${x:=w}'],
    ['${x!}'],
    ['${x:#w}'],
    ['${x/a}'],
    ['${x#\\a}'],
    ["'a"],
    ['"a'],
    ['${u?}'],
    ['${u:?gone}'],
    ['${empty:?gone}'],
  ])('%s is an error', (text) => {
    expect(() => expand(text)).toThrow(MilleError);
  });

  test('the message of ${x:?message} is in the error', () => {
    expect(() => expand('${TOKEN:?give a token}')).toThrow('TOKEN: give a token');
    expect(() => expand('${TOKEN?}')).toThrow('TOKEN: is not allowed to be unset');
  });

  test('the error points to the word', () => {
    const source = { name: 'Dockerfile', text: 'ENV a=${' };
    const word = { text: '${', span: { source, start: 6, end: 8 } };
    expect(() => expandWord(word)).toThrow(expect.objectContaining({ span: word.span }));
  });

  test('with a backtick as escape character a backslash is text', () => {
    expect(expand('C:\\a`$x`"', { escape: '`' })).toBe('C:\\a$x"');
  });

  test('raw quotes, raw escapes, unset variables kept', () => {
    expect(expand('"a" \'$x\' \\b', { keepQuotes: true, keepEscapes: true })).toBe('"a" \'$x\' \\b');
    expect(expand('$u ${u} ${u:-w} $x', { keepUnset: true })).toBe('$u ${u} ${u:-w} value');
    expect(expand('${u:!w} ${u:}}', { keepUnset: true })).toBe('${u:!w} ${u:}}');
    expect(expand('"\\a \\$"', { keepQuotes: true, keepEscapes: true })).toBe('"\\a \\$"');
  });

  test('tells which variables were used, and which are not set', () => {
    const result = expandWord('$x ${empty:-$u} $x ${v+$w}', { lookup });
    expect(result.used).toEqual(['x', 'empty']);
    expect(result.unset).toEqual(['u', 'w', 'v']);
  });
});

describe('splitting into words', () => {
  test.each<[string, string[]]>([
    ['a b', ['a', 'b']],
    ['$spaced', ['a', 'b', 'c']],
    ['"$spaced"', ['a  b c']],
    ['x${spaced}y', ['xa', 'b', 'cy']],
    ['a\\ b', ['a b']],
    ["'a b' c", ['a b', 'c']],
    ['$u', []],
    // BuildKit's own: the word before an inner expansion is lost.
    ['80${u:-90}', ['90']],
  ])('%s', (text, expected) => {
    expect(expandWord(text, { lookup }).words).toEqual(expected);
  });
});

test('in a here-document quotes are text and a backslash escapes', () => {
  expect(expandHeredoc('"$x" \'$x\' \\$x \\\\\n', lookup).text).toBe('"value" \'value\' $x \\\n');
});

describe('any text', () => {
  const piece = fc.constantFrom(
    ...[
      '$',
      '${',
      '}',
      'x',
      'u',
      ':-',
      '-',
      '+',
      '?',
      '#',
      '##',
      '%',
      '%%',
      '/',
      '//',
      '*',
      '\\',
      '`',
      '"',
      "'",
      ' ',
    ],
    ...['é', '😀', '<<', '\n', '${x/', '${path%', '${u:-'],
  );
  const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));

  test('expands or is refused, and never crashes', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (word, keepUnset) => {
        try {
          expand(word, { keepUnset });
        } catch (error) {
          expect(error).toBeInstanceOf(MilleError);
          expect((error as MilleError).code).toBe('expansion');
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('with everything kept, a text without braces is itself', () => {
    fc.assert(
      fc.property(
        text.filter((word) => !word.includes('{')),
        (word) => {
          const keep = { keepQuotes: true, keepEscapes: true, keepUnset: true, lookup: () => undefined };
          try {
            return expand(word, keep) === word;
          } catch (error) {
            return error instanceof MilleError && /quote has no match/.test(error.message);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a single-quoted text is itself', () => {
    fc.assert(
      fc.property(
        text.filter((word) => !word.includes("'")),
        (word) => expand(`'${word}'`) === word,
      ),
    );
  });

  test('hostile nesting and patterns end', () => {
    expect(() => expand('${u:-'.repeat(20_000))).toThrow(MilleError);
    const value = 'a'.repeat(5_000);
    const options = { lookup: () => value };
    expect(expandWord(`\${x//${'*a'.repeat(200)}b/}`, options).text).toBe(value);
    expect(() => expandWord('$x'.repeat(10_000), options)).toThrow('more than');
  });
});
