import { describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { changeLogins } from './docker-config.ts';
import { parseMirror } from './mirror.ts';
import { loginKey, parseServer, registryOfKey } from './registry-name.ts';

describe('the registry that somebody names', () => {
  test.each([
    [undefined, 'docker.io'],
    ['', 'docker.io'],
    ['docker.io', 'docker.io'],
    ['index.docker.io', 'docker.io'],
    ['https://index.docker.io/v1/', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['https://r.example:5000/', 'r.example:5000'],
    ['r.example/team/app', 'r.example'],
    ['[::1]:5000', '[::1]:5000'],
  ])('%s', (text, registry) => {
    expect(parseServer(text)).toBe(registry);
    expect(registryOfKey(loginKey(registry))).toBe(registry);
  });
  test.each(['me:secret@r.example', 'https://', '-x', 'a b'])('not %s', (text) => {
    expect(() => parseServer(text)).toThrow(/registry/);
    expect(() => parseServer(text)).not.toThrow(/secret/);
  });
  test('a key for a part of a registry is for no whole one', () => {
    expect(registryOfKey('r.example/team')).toBeUndefined();
    expect(registryOfKey('r.example/v1/')).toBe('r.example');
  });
});

test('a change of logins leaves all else as it was, a link included', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mille-logins-'));
  const [file, link] = [join(directory, 'real.json'), join(directory, 'config.json')];
  symlinkSync('real.json', link);
  try {
    changeLogins(link, (auths) => ({ ...auths, r: { auth: 'x' } }));
    expect(readFileSync(file, 'utf8')).toBe('{\n\t"auths": {\n\t\t"r": {\n\t\t\t"auth": "x"\n\t\t}\n\t}\n}');
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }),
        fc.constantFrom('\t', '  ', '    ', ''),
        fc.boolean(),
        (whole, indentation, newline) => {
          const { auths: _, ...others } = whole;
          const text = `${JSON.stringify({ ...others, auths: {} }, null, indentation)}${newline ? '\n' : ''}`;
          writeFileSync(file, text);
          changeLogins(link, (auths) => ({ ...auths, r: {} }));
          changeLogins(link, () => ({}));
          expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(text));
          if (indentation !== '') expect(readFileSync(file, 'utf8')).toBe(text);
        },
      ),
      { numRuns: 40 },
    );
    expect(readlinkSync(link)).toBe('real.json');
    writeFileSync(file, '{"auths": geheim');
    expect(() => changeLogins(link, () => ({}))).toThrow(/is not JSON/);
    expect(readFileSync(file, 'utf8')).toBe('{"auths": geheim');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

describe('a mirror', () => {
  test.each([
    ['mirror.example', { host: 'mirror.example', path: '' }],
    ['https://mirror.example/', { host: 'mirror.example', path: '', scheme: 'https' }],
    ['http://10.0.0.1:5000/v2/hub/x', { host: '10.0.0.1:5000', path: 'hub/x', scheme: 'http' }],
    ['mirror.example/v2', { host: 'mirror.example', path: '' }],
  ] as const)('%s', (text, mirror) => expect(parseMirror(text)).toEqual(mirror));
  test.each(['', 'ftp://x', 'https://me:pw@x', 'x/../y', 'x?y', 'x#y', 'x//y'])('not %s', (text) =>
    expect(parseMirror(text)).toBeUndefined(),
  );
});
