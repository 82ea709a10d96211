import { expect, test } from 'bun:test';
import { parseGitAddress } from '../../../lang/address/index.ts';
import { authorizationFor, sameServer } from './credentials.ts';

const secrets = (values: Readonly<Record<string, string>>) =>
  new Map(Object.entries(values).map(([name, value]) => [name, new TextEncoder().encode(value)]));
const at = (url: string) => parseGitAddress(url)!;
const basic = (text: string) => `Basic ${btoa(text)}`;

const URL = 'https://user:pw@host:8443/x.git';

test.each([
  [{}, true, basic('user:pw')],
  [{ GIT_AUTH_TOKEN: 'tok\n' }, true, basic('x-access-token:tok')],
  [{ GIT_AUTH_TOKEN: 'tok' }, false, basic('user:pw')],
  [{ GIT_AUTH_HEADER: 'Bearer a' }, true, 'Bearer a'],
  [{ GIT_AUTH_HEADER: 'Bearer a', GIT_AUTH_TOKEN: 'tok' }, true, 'Bearer a'],
  [{ GIT_AUTH_HEADER: 'Bearer a', 'GIT_AUTH_TOKEN.host:8443': 'tok' }, true, basic('x-access-token:tok')],
  [{ 'GIT_AUTH_TOKEN.host:8443': 'tok' }, false, basic('x-access-token:tok')],
  [{ 'GIT_AUTH_TOKEN.host': 'tok', 'GIT_AUTH_HEADER.other': 'x' }, true, basic('user:pw')],
])('%j, trusted: %p', (values, trusted, expected) => {
  expect(authorizationFor(at(URL), { secrets: secrets(values), trusted })).toBe(expected);
});

test('nothing is known, or it is no HTTP: nothing is sent', () => {
  const none = { secrets: secrets({}), trusted: true };
  expect(authorizationFor(at('https://host/x.git'), none)).toBeUndefined();
  const some = { secrets: secrets({ GIT_AUTH_TOKEN: 'tok' }), trusted: true };
  for (const url of ['git@host:x', 'ssh://host/x', 'git://host/x'])
    expect(authorizationFor(at(url), some)).toBeUndefined();
});

test('a header has one line', () => {
  const values = secrets({ GIT_AUTH_HEADER: 'a\r\nX-Other: b' });
  expect(() => authorizationFor(at('https://host/x.git'), { secrets: values, trusted: true })).toThrow(
    'more than one line',
  );
});

test('the same server: scheme, host and port', () => {
  expect(sameServer(at('https://Host/x.git'), at('https://host/y.git'))).toBe(true);
  for (const other of ['http://host/x.git', 'https://host:1/x.git', 'https://sub.host/x.git'])
    expect(sameServer(at('https://host/x.git'), at(other))).toBe(false);
});
