import { expect, test } from 'bun:test';
import { createKnownFiles, isAsPacked } from './known-files.ts';

const SUMS = {
  md5: '0123456789abcdef0123456789abcdef',
  sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};

test.each([
  ['var/lib/dpkg/info/a.md5sums', `${SUMS.md5}  usr/share/a/key.pem\n`, 'usr/share/a/key.pem'],
  ['var/lib/dpkg/info/a.md5sums', `${SUMS.md5}  lib/a/key.pem\n`, 'usr/lib/a/key.pem'],
  ['var/lib/dpkg/status.d/a.md5sums', `${SUMS.md5}  usr/a\n`, 'usr/a'],
  ['var/lib/dpkg/status', `Package: a\nConffiles:\n /etc/a.conf ${SUMS.md5}\nVersion: 1\n`, 'etc/a.conf'],
  [
    'lib/apk/db/installed',
    'P:a\nF:etc/a\nM:0:0:755\nR:x.conf\na:0:0:640\nZ:Q12jmj7l5rSw0yVb/vlWAYkK/YBwk=\n',
    'etc/a/x.conf',
  ],
  [
    'usr/lib/python3/dist-packages/a-1.dist-info/RECORD',
    'a/x.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n',
    'usr/lib/python3/dist-packages/a/x.py',
  ],
  [
    'venv/lib/a-1.dist-info/RECORD',
    '../../bin/x,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n',
    'bin/x',
  ],
] as const)('%s knows a file', (database, text, path) => {
  const known = createKnownFiles();
  expect(known.isDatabase(database)).toBe(true);
  known.add(database, text);
  const expected = known.expected(new Set([path, 'other']));
  expect([...expected.keys()]).toEqual([path]);
  expect(isAsPacked(SUMS, expected.get(path)!)).toBe(true);
  expect(isAsPacked({ md5: '', sha1: '', sha256: '' }, expected.get(path)!)).toBe(false);
});
