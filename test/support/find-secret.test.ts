// A search that finds nothing proves something only if it can find.

import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packBytes } from '../../src/sys/index.ts';
import { SecretSearch } from './find-secret.ts';

const place = mkdtempSync(join(tmpdir(), 'mille-search-'));
afterAll(() => rmSync(place, { recursive: true }));

const secret = 'p\\ss "wörd"/+=\nsecond';
const search = new SecretSearch([secret]);

test('finds a secret in every form, wherever it lies', () => {
  for (const around of ['', 'a', 'ab', 'abc']) {
    const bytes = Buffer.from(`${around}${secret}${around}`);
    expect(search.isIn(bytes.toString('latin1'))).toBe(true);
    expect(search.isIn(bytes.toString('base64'))).toBe(true);
    expect(search.isIn(bytes.toString('base64url'))).toBe(true);
    expect(search.isIn(bytes.toString('hex'))).toBe(true);
  }
  expect(search.isIn(Buffer.from(JSON.stringify({ key: secret })).toString('latin1'))).toBe(true);
  expect(search.isIn(`https://host/?q=${encodeURIComponent(secret)}`)).toBe(true);
  expect(search.isIn('p\\ss "w')).toBe(false);
});

test('finds it in files, names, and packed values that only the log of a database holds', () => {
  mkdirSync(join(place, 'files/deep'), { recursive: true });
  writeFileSync(join(place, 'files/deep/file'), `x${secret}`);
  expect(search.inFiles(join(place, 'files'))).toEqual([join(place, 'files/deep/file')]);
  const path = join(place, 'files/db');
  const database = new Database(path);
  database.run('PRAGMA journal_mode = WAL');
  database.run('CREATE TABLE t (a BLOB, b TEXT)');
  database.run('INSERT INTO t VALUES (?, ?)', [packBytes(`... ${secret} ...`), 'nothing']);
  expect(search.inFiles(join(place, 'files'))).toContain(`${path}: t.a`);
  database.close();
});

test('finds it in arguments and variables of processes', async () => {
  const children = [
    Bun.spawn(['sleep', '20'], { env: { TOKEN: secret } }),
    Bun.spawn(['sh', '-c', 'sleep 20; :', secret], { env: {} }),
  ];
  try {
    await Bun.sleep(200);
    const found = search.inProcesses().join('\n');
    expect(found).toContain(`/proc/${children[0]!.pid}/environ`);
    expect(found).toContain(`/proc/${children[1]!.pid}/cmdline`);
    expect(search.inProcesses(children[0]!.pid).join('\n')).not.toContain('/environ');
    const sleep = readlinkSync(`/proc/${children[0]!.pid}/exe`);
    expect(search.inProcesses(sleep).join('\n')).not.toContain('/environ');
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => child.exited));
  }
});
