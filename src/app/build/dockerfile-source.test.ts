import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDockerfile } from './dockerfile-source.ts';

let place = '';

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'mille-dockerfile-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

test.each([0, 0.2])('a pipe is read to its end, its writer %d s late and slow', async (late) => {
  const pipe = join(place, `pipe-${late}`);
  Bun.spawnSync(['mkfifo', pipe]);
  const script = `sleep ${late}; { echo FROM scratch; sleep 0.2; echo LABEL a=b; } >'${pipe}'`;
  const writer = Bun.spawn(['sh', '-c', script]);
  const { source, path } = await readDockerfile(place, pipe, '/');
  expect(source.text).toBe('FROM scratch\nLABEL a=b\n');
  expect(path).toBe(pipe);
  await writer.exited;
});

test('without -f a file named dockerfile will do', async () => {
  writeFileSync(join(place, 'dockerfile'), 'FROM scratch\n');
  expect((await readDockerfile(place, undefined, '/')).source.name).toBe('dockerfile');
});

test('what is not there, or a directory, is named', async () => {
  await expect(readDockerfile(place, 'none', place)).rejects.toThrow("no such file: 'none'");
  await expect(readDockerfile(place, '.', place)).rejects.toThrow("'.' is a directory, not a Dockerfile");
});
