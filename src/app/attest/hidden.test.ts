import { expect, test } from 'bun:test';
import { buildSecrets } from '../../build/execute/index.ts';
import { hiddenIn, hiding, hidingInText } from './hidden.ts';

const secrets = buildSecrets(new Map([['tok', Buffer.from('mounted-value\n')]]));
const given = { API_TOKEN: 'given-value', VERSION: 'public-value', DB_PASSWORD: 'short' };
const hide = hiding(secrets, [], given);

test('values of secrets, of arguments named so, passwords in URLs: wherever they stand', () => {
  const value = {
    args: { 'build-arg:X': 'given-value', list: ['a mounted-value b', 7, null, true] },
    uri: 'https://ci:pw@host/x',
    text: 'VERSION=public-value short',
  };
  expect(hiddenIn(value, hide)).toEqual({
    args: { 'build-arg:X': '****', list: ['a **** b', 7, null, true] },
    uri: 'https://***@host/x',
    text: 'VERSION=public-value short',
  });
});

test('in what people wrote also what looks like a secret', () => {
  const text = hidingInText(hide)(
    'ARG DB_PASSWORD=hunter2\nRUN curl -H "Authorization: Bearer abc" https://x\n',
  );
  expect(text).toBe('ARG DB_PASSWORD=****\nRUN curl -H "Authorization: Bearer ****" https://x\n');
});
