import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type AptSource, formatSources, parseListFile, parseSourcesFile } from './apt-source.ts';

describe('one-line sources', () => {
  test('options, comments and other types', () => {
    const text = [
      '# deb http://old.example/debian bookworm main',
      'deb http://m.example/debian/ bookworm main contrib # mine',
      'deb-src http://m.example/debian bookworm main',
      'deb [ arch=amd64,arm64  signed-by=/k.gpg trusted=yes check-valid-until=no ] https://x.example/d s/updates main',
      'deb http://flat.example/ ./',
      'deb broken',
    ].join('\n');
    expect(parseListFile(text)).toEqual([
      { uri: 'http://m.example/debian', suites: ['bookworm'], components: ['main', 'contrib'] },
      {
        uri: 'https://x.example/d',
        suites: ['s/updates'],
        components: ['main'],
        signedBy: '/k.gpg',
        architectures: ['amd64', 'arm64'],
        trusted: true,
        checkValidUntil: false,
      },
      { uri: 'http://flat.example', suites: ['./'], components: [] },
    ]);
  });
});

describe('deb822 sources', () => {
  test('stanzas, several addresses, comments inside, disabled ones', () => {
    const text = [
      '# head',
      'Types: deb deb-src',
      '# a snapshot would be elsewhere',
      'URIs: http://a.example/debian/ http://b.example/debian',
      'Suites: bookworm',
      '  bookworm-updates',
      'components: main',
      'Signed-By: /k.gpg',
      '',
      '',
      'Types: deb',
      'URIs: http://c.example/debian',
      'Suites: bookworm',
      'Components: main',
      'Enabled: no',
      '',
      'Types: deb-src',
      'URIs: http://d.example/debian',
      'Suites: bookworm',
      'Components: main',
    ].join('\n');
    const common = { suites: ['bookworm', 'bookworm-updates'], components: ['main'], signedBy: '/k.gpg' };
    expect(parseSourcesFile(text)).toEqual([
      { uri: 'http://a.example/debian', ...common },
      { uri: 'http://b.example/debian', ...common },
    ]);
  });

  test('a key given whole survives being read and printed', () => {
    const text = [
      'Types: deb',
      'URIs: http://a.example/debian',
      'Suites: sid',
      'Components: main',
      'Signed-By:',
      ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
      ' .',
      ' mDMEYCQjIxYJKwYBBAHaRw8BAQdAD/P5Nvvnvk66SxBBHDbhRml9ORg1WV5CvzKY',
      ' -----END PGP PUBLIC KEY BLOCK-----',
      '',
    ].join('\n');
    expect(formatSources(parseSourcesFile(text))).toBe(text);
  });

  test('what is printed is read back', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9/-]{0,8}[a-z0-9]$/);
    const source: fc.Arbitrary<AptSource> = fc
      .record(
        {
          uri: word.map((path) => `http://h.example/${path}`),
          suites: fc.array(word, { minLength: 1, maxLength: 3 }),
          components: fc.array(word, { minLength: 1, maxLength: 3 }),
          signedBy: word,
          architectures: fc.array(word, { minLength: 1, maxLength: 2 }),
          trusted: fc.constant(true as const),
          checkValidUntil: fc.constant(false as const),
        },
        { requiredKeys: ['uri', 'suites', 'components'] },
      )
      .map((value) => value as AptSource);
    fc.assert(
      fc.property(fc.array(source, { minLength: 1, maxLength: 4 }), (sources) => {
        expect(parseSourcesFile(formatSources(sources))).toEqual(sources);
      }),
    );
  });

  test('any text is read without an exception', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('Types:', 'URIs:', ' ', '\n', 'deb', '[', ']', '#', 'x') }),
        (text) => {
          parseSourcesFile(text);
          parseListFile(text);
        },
      ),
    );
  });
});
