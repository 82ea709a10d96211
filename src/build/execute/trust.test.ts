// What becomes of a bundle of certificates.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { trustBundle } from './trust.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(`${tmpdir()}/mille-trust-`);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function file(name: string, content: string): string {
  writeFileSync(`${directory}/${name}`, content);
  return `${directory}/${name}`;
}

describe('a bundle', () => {
  test('gives its certificates and nothing else, below /dev', () => {
    const path = file('mixed.pem', `# comment\n${KEY}\n${CERTIFICATE}\nmore\n${CERTIFICATE}\n`);
    const { mounts, env } = trustBundle(path, directory);
    expect(mounts).toEqual([
      { type: 'bind', source: `${directory}/trust`, target: '/dev/.mille', readonly: true },
    ]);
    expect(readFileSync(`${directory}/trust/ca.crt`, 'utf8')).toBe(`${CERTIFICATE}\n${CERTIFICATE}\n`);
    expect(env).toContain('SSL_CERT_FILE=/dev/.mille/ca.crt');
    expect(env.every((variable) => variable.includes('=/dev/.mille/'))).toBe(true);
    expect(env.some((variable) => variable.startsWith('SSL_CERT_DIR'))).toBe(false);
  });

  test('that is missing or holds no certificate is an error that says so', () => {
    expect(() => trustBundle(`${directory}/none`, directory)).toThrow('no CA bundle can be read');
    expect(() => trustBundle(directory, directory)).toThrow('no CA bundle can be read');
    expect(() => trustBundle(file('key.pem', KEY), directory)).toThrow('holds no certificate');
  });
});
