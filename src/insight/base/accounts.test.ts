import { expect, test } from 'bun:test';
import { groupLine, parseAccount, passwdLine, shadowLine, withLine } from './accounts.ts';

test.each([
  ['nonroot', { name: 'nonroot', uid: 65532, gid: 65532 }],
  ['app:1000', { name: 'app', uid: 1000, gid: 1000 }],
  ['app:1000:20', { name: 'app', uid: 1000, gid: 20 }],
])('%s', (text, account) => expect(parseAccount(text)).toEqual(account));

test.each(['', 'root', 'a:0', 'A', 'a b', 'a:b', 'a:1:2:3', 'a:4294967296', '0', '../x', 'a:-1', 'x\ny'])(
  'not an account: %p',
  (text) => expect(() => parseAccount(text)).toThrow(/not an (account|id)/),
);

test('lines of the files', () => {
  const account = parseAccount('app:7:8');
  expect(passwdLine(account)).toBe('app:x:7:8:app:/home/app:/usr/sbin/nologin\n');
  expect(groupLine(account)).toBe('app:x:8:\n');
  expect(shadowLine(account, 19000)).toBe('app:!:19000:0:99999:7:::\n');
});

test('a name or an id that is taken', () => {
  const file = 'root:x:0:0:root:/root:/bin/sh\ngames:x:5:60::/:/x\n';
  expect(withLine(file, 'app:x:7:7::/:/x\n', 'passwd')).toBe(`${file}app:x:7:7::/:/x\n`);
  expect(() => withLine(file, 'games:x:7:7::/:/x\n', 'passwd')).toThrow(
    "passwd has 'games' with the id 5 already",
  );
  expect(() => withLine(file, 'app:x:5:7::/:/x\n', 'passwd')).toThrow(
    "passwd has 'games' with the id 5 already",
  );
  expect(() => withLine('app', 'b:x:1:', 'group')).not.toThrow();
});
