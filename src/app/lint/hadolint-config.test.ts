// Configuration files of hadolint.

import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MilleError } from '../../core/index.ts';
import { hadolintConfig } from './hadolint-config.ts';

const directory = mkdtempSync(join(tmpdir(), 'mille-hadolint-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function read(text: string) {
  const path = join(directory, 'config.yaml');
  writeFileSync(path, text);
  return await hadolintConfig([join(directory, 'none'), path], false);
}

async function failure(text: string): Promise<string> {
  try {
    await read(text);
  } catch (error) {
    if (error instanceof MilleError) return `${error.span?.start}: ${error.message}`;
    throw error;
  }
  throw new Error('no error');
}

describe('a configuration', () => {
  test('has all keys of hadolint', async () => {
    const found = await read(`
failure-threshold: warning
format: json
formats: [tty, sarif]
ignored:
  - DL3000
label-schema:
  author: text
  url: url
  empty: ""
no-color: true
no-fail: false
override:
  error: [DL3001]
  style:
    - DL3002
strict-labels: true
disable-ignore-pragma: true
trustedRegistries: docker.io
`);
    expect(found?.warnings).toEqual([]);
    expect(found?.config).toEqual({
      failureThreshold: 'warning',
      formats: ['json', 'tty', 'sarif'],
      ignored: ['DL3000'],
      labelSchema: { author: 'text', url: 'url', empty: 'text' },
      noColor: true,
      noFail: false,
      override: { error: ['DL3001'], style: ['DL3002'] },
      strictLabels: true,
      disableIgnorePragma: true,
      trustedRegistries: ['docker.io'],
    });
  });

  test('may be empty, or not there', async () => {
    expect((await read(''))?.config).toEqual({});
    expect((await read('ignored:\n'))?.config).toEqual({ ignored: [] });
    expect(await hadolintConfig([join(directory, 'none')], false)).toBeUndefined();
    await expect(hadolintConfig([join(directory, 'none')], true)).rejects.toMatchObject({ code: 'usage' });
  });

  test('warns of keys that mean nothing', async () => {
    const [warning] = (await read('ignore: [A]'))?.warnings ?? [];
    expect(warning).toContain("the key 'ignore' means nothing: did you mean ignored?");
  });

  test('is refused where it is wrong, with the place', async () => {
    expect(await failure('a: [')).toMatch(/^\d+: /);
    expect(await failure('- a')).toContain('0: the file is no list');
    expect(await failure('x: 1\nignored: {a: b}')).toBe('5: ignored is a list of texts');
    expect(await failure('no-fail: 1')).toBe('0: no-fail is true or false');
    expect(await failure('override: {bad: [A]}')).toBe("0: a key of override cannot be 'bad'");
    expect(await failure('label-schema: {a: b}')).toBe("0: the kind of the label a cannot be 'b'");
    expect(await failure('failure-threshold: high')).toBe("0: failure-threshold cannot be 'high'");
  });
});
