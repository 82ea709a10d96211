import { expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexOfPip, readIndexUrl } from './pip-settings.ts';

test('what a configuration file names: [install] goes before [global], other sections count for nothing', () => {
  expect(readIndexUrl('[global]\nindex-url = https://a.example/simple\n')).toBe('https://a.example/simple');
  expect(
    readIndexUrl('[install]\r\nindex_url: https://b.example/\r\n[global]\nindex-url=https://a.example/\n'),
  ).toBe('https://b.example/');
  expect(readIndexUrl('[download]\nindex-url = https://a.example/\n# [global]\n')).toBeUndefined();
  expect(readIndexUrl('extra-index-url = https://a.example/\n')).toBeUndefined();
});

test("the variable goes before the user's file", () => {
  const home = mkdtempSync(join(tmpdir(), 'mille-pip-'));
  try {
    mkdirSync(join(home, '.config/pip'), { recursive: true });
    writeFileSync(join(home, '.config/pip/pip.conf'), '[global]\nindex-url = https://home.example/simple\n');
    expect(indexOfPip({ HOME: home })).toBe('https://home.example/simple');
    expect(indexOfPip({ HOME: home, PIP_INDEX_URL: 'https://env.example/' })).toBe('https://env.example/');
    expect(indexOfPip({ HOME: home, PIP_CONFIG_FILE: '/dev/null' })).toBeUndefined();
    expect(
      indexOfPip({ HOME: join(home, 'missing'), PIP_CONFIG_FILE: join(home, '.config/pip/pip.conf') }),
    ).toBe('https://home.example/simple');
  } finally {
    rmSync(home, { recursive: true });
  }
});
