import { expect, test } from 'bun:test';
import { createDetector } from './detector.ts';
import { type AttributeFinding, secretsOfAttribute, suspectAttributes } from './scan-attributes.ts';

const TOKEN = `ghp_${'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0eFgHjK'}`;

async function scan(xattrs: Record<string, string | Uint8Array>): Promise<AttributeFinding[]> {
  const encoded = Object.entries(xattrs).map(([name, value]) => [
    name,
    Buffer.from(value as string).toString('base64'),
  ]);
  const found: AttributeFinding[] = [];
  for (const one of suspectAttributes(Object.fromEntries(encoded)))
    found.push(...(await secretsOfAttribute(one, { detector: createDetector(), path: 'srv/app' })));
  return found;
}

test('values of telling names, and of any name where the form tells', async () => {
  expect(await scan({ 'user.api_token': 'f3kQz81LmWx02pTn' })).toMatchObject([
    { rule: 'assignment', severity: 'error', shown: '***', attribute: 'user.api_token', offset: 0 },
  ]);
  expect(await scan({ 'user.x': `a ${TOKEN}` })).toEqual([
    { rule: 'github', severity: 'error', shown: 'ghp_…(40 characters)', attribute: 'user.x', offset: 2 },
  ]);
  const binary = Buffer.concat([Buffer.from([0, 1, 0xff]), Buffer.from(TOKEN), Buffer.from([0])]);
  expect(await scan({ 'trusted.blob': binary })).toMatchObject([{ rule: 'github', offset: 3 }]);
});

test('a name that is a secret is not told', async () => {
  const [found] = await scan({ [`user.${TOKEN}`]: '1' });
  expect(found).toMatchObject({ rule: 'github', attribute: 'user.ghp_…(40 characters)' });
  const [other] = await scan({ [`user.é ${TOKEN}`]: '1' });
  expect(other).toMatchObject({ rule: 'github', attribute: '***' });
});

test("the kernel's own, checksums and placeholders are none", async () => {
  expect(
    await scan({
      'security.capability': Buffer.from('0100000200200000000000000000000000000000', 'hex'),
      'security.selinux': 'system_u:object_r:passwd_file_t:s0',
      'user.checksum': 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      'user.token': 'changeme',
      'user.mime_type': 'text/plain',
    }),
  ).toEqual([]);
});

test('of a value that is longer than any file system takes, the beginning counts', async () => {
  const filler = ' x'.repeat(1 << 16);
  expect(await scan({ 'user.a': `${filler} ${TOKEN}`, 'user.b': TOKEN + filler })).toMatchObject([
    { attribute: 'user.b' },
  ]);
});
