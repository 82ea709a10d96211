import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from './settings.ts';

const root = mkdtempSync(join(tmpdir(), 'mille-settings-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function read(value: unknown, env: Record<string, string> = {}) {
  writeFileSync(join(root, 'settings.json'), typeof value === 'string' ? value : JSON.stringify(value));
  return readSettings(root, env);
}

describe('settings', () => {
  test('of registries, under the one name that each has', async () => {
    const hub = { mirrors: ['https://one.example', 'http://two.example:5000/hub'] };
    const registries = { 'index.docker.io': hub, 'lan:5000': { insecure: true }, x: { insecure: false } };
    const settings = await read({ maxStore: '1GB', registries }, { MILLE_MAX_STORE: '2GB' });
    expect(settings.maxStore).toBe(2_000_000_000);
    expect(settings.registries?.insecure).toEqual(['lan:5000']);
    expect([...(settings.registries?.mirrors ?? [])]).toEqual([
      [
        'docker.io',
        [
          { host: 'one.example', scheme: 'https', path: '' },
          { host: 'two.example:5000', scheme: 'http', path: 'hub' },
        ],
      ],
    ]);
  });
  test.each([
    ['{"registries": []}', 'registries are an object', 1, 16],
    ['{"registries": {"r": 1}}', 'what is set for a registry is an object', 1, 22],
    ['{"registries": {"r": {"mirrors": "x"}}}', 'mirrors are a list', 1, 34],
    ['{"registries": {"r": {"mirrors": ["me:x@y"]}}}', 'this is no address of a mirror', 1, 35],
    ['{"registries": {"r": {"insecure": "yes"}}}', 'insecure is true or false', 1, 35],
    ['{"registries": {"https://r": {}}}', "'https://r' is no registry", 1, 17],
    ['{"vulnerabilityData": "mirror.example"}', 'vulnerabilityData is no address', 1, 23],
    ['{"registry": {}}', "there is no setting 'registry'", 1, 2],
  ])('%s', async (text, message, line, column) => {
    const error = await read(text).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'file-format', message });
    const before = error.span.source.text.slice(0, error.span.start).split('\n');
    expect([before.length, before.at(-1).length + 1]).toEqual([line, column]);
  });
});
