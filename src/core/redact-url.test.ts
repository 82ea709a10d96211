import { expect, test } from 'bun:test';
import { redactUrls } from './index.ts';

test('no user, password or token of a URL is left', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['ADD https://user:pass@host/x /', 'ADD https://***@host/x /'],
    ['https://token@host/x.git', 'https://***@host/x.git'],
    ['http://u:p@ss@host:80/', 'http://***@host:80/'],
    ['https://host/f?a=1&token=abc&b=2', 'https://host/f?a=1&token=***&b=2'],
    ['https://host/f?X-Amz-Signature=abc#x', 'https://host/f?X-Amz-Signature=***#x'],
    ['cannot fetch https://host/f?token=abc: 404', 'cannot fetch https://host/f?token=***: 404'],
    ['ssh://git@host/x.git and git@host:x', 'ssh://git@host/x.git and git@host:x'],
    ['ssh://git:pw@host/x.git', 'ssh://***@host/x.git'],
    ['"https://host/path@2.0" me@example.com', '"https://host/path@2.0" me@example.com'],
  ];
  for (const [text, safe] of cases) expect(redactUrls(text)).toBe(safe);
});

test('long texts take no long time', () => {
  const text = `https://${'a@b:'.repeat(50_000)}`;
  expect(redactUrls(text).length).toBeGreaterThan(0);
});
