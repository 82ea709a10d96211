// What becomes of a bundle of certificates.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { trustBundle } from './trust.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
/** Of an authority of its own, for a hundred years. */
const REAL = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUVHPb4P2ysDk/x0qZsOz5b2yaR3gwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjYwNjUzMTlaGA8yMTI2MTEwMjA2NTMx
OVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEGm
E1QV4C0z1diTMFHiqZ7PTFbkOy36CYr2pP5Lu7W1zBvp6EzygZjV3Wls6ILw1ZGx
Wz6OFbKot53gd2HcFbWjUzBRMB0GA1UdDgQWBBR0Zv54D7hgYDV1bPFobOtNiSnS
LDAfBgNVHSMEGDAWgBR0Zv54D7hgYDV1bPFobOtNiSnSLDAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIGLep8EQxRA835Bv1V4xd2L2i/h594rlbzRL
QfckxPfLAiEA00gUOeyJ7jVTMu04ChgNsLXM1BYUrlWPeui6eajreM4=
-----END CERTIFICATE-----`;
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
    expect(
      env.every(
        (variable) =>
          variable.includes('=/dev/.mille/') ||
          variable.endsWith('=-Djavax.net.ssl.trustStore=/dev/.mille/ca.jks'),
      ),
    ).toBe(true);
    expect(env.some((variable) => variable.startsWith('SSL_CERT_DIR'))).toBe(false);
  });

  test('that is missing or holds no certificate is an error that says so', () => {
    expect(() => trustBundle(`${directory}/none`, directory)).toThrow('no CA bundle can be read');
    expect(() => trustBundle(directory, directory)).toThrow('no CA bundle can be read');
    expect(() => trustBundle(file('key.pem', KEY), directory)).toThrow('holds no certificate');
  });

  test('is a keystore for Java too, with what can be read of it', () => {
    const path = file('one.pem', `${CERTIFICATE}\n${REAL}`);
    trustBundle(path, directory);
    const keystore = readFileSync(`${directory}/trust/ca.jks`);
    // Its number, its version, and one certificate: the other is none.
    expect([0, 4, 8].map((at) => keystore.readUInt32BE(at))).toEqual([0xfeedfeed, 2, 1]);
    if (process.env.MILLE_LONG_TESTS === undefined) return;
    const listed = spawnSync(
      ...([
        'keytool',
        ['-list', '-keystore', `${directory}/trust/ca.jks`, '-storepass', 'changeit'],
      ] as const),
      { encoding: 'utf8' },
    );
    if (listed.error) return console.log('no keytool: not read by Java');
    expect(listed.stdout).toContain('ca-0');
  });
});
