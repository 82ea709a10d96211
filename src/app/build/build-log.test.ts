import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directory = mkdtempSync(join(tmpdir(), 'mille-logs-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('builds that start at once remove the same old logs without harm', async () => {
  for (let i = 0; i < 600; i++) writeFileSync(join(directory, `old-${String(i).padStart(4, '0')}.log`), '');
  const module = join(import.meta.dir, 'build-log.ts');
  const start = (id: number) =>
    Bun.spawn(
      [process.execPath, '-e', `(await import('${module}')).openBuildLog('${directory}', 'z${id}').close()`],
      {
        stderr: 'pipe',
      },
    );
  const started = [1, 2, 3, 4, 5, 6].map(start);
  expect(await Promise.all(started.map(({ exited }) => exited))).toEqual([0, 0, 0, 0, 0, 0]);
  expect(readdirSync(directory).length).toBeLessThan(210);
});
