// What of a file that keeps secrets is hidden wherever a command says it.

import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretsOfContext, valuesIn } from './context-secrets.ts';

test.each([
  ['DB_PASSWORD=correct-horse', ['correct-horse']],
  [`export API_KEY="with spaces"`, ['with spaces']],
  ['DATABASE_URL=postgres://app:letmein@db/app', ['letmein']],
  ['  "auth": "dXNlcjpwYXNz",', ['dXNlcjpwYXNz']],
  ['//registry.example.com/:_authToken=s3cr3tOfNpm', ['s3cr3tOfNpm']],
  ['machine example.com password x9y8z7w6v5u4t3s2r1', ['x9y8z7w6v5u4t3s2r1']],
  ['b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ', ['b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ']],
  ['NODE_ENV=production', []],
  ['# the settings of the application', []],
  ['PASSWORD=abc', []],
])('%s', (line, values) => expect(valuesIn(line)).toEqual(values));

test('only files that keep secrets are read, as far as they are there', () => {
  const directory = mkdtempSync(join(tmpdir(), 'context-secrets-'));
  try {
    writeFileSync(join(directory, '.env'), 'TOKEN=first-value\n');
    writeFileSync(join(directory, 'main.c'), 'TOKEN=other-value\n');
    const files = ['.env', 'main.c', 'id_rsa'].map((path) => ({ path, bytes: 20 }));
    expect(secretsOfContext(directory, files)).toEqual(['first-value']);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
