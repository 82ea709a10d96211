import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MilleError } from '../../core/index.ts';
import { decodeDockerfile, decodeLeniently, readDockerfile } from './dockerfile-source.ts';

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

test('bytes that are no UTF-8 are refused where they would come into files', () => {
  const decode = (text: string) => decodeDockerfile('Dockerfile', Buffer.from(text, 'latin1'));
  expect(decode('FROM a\n# caf\xe9\nRUN a \\\n# \xe9\n b\nLABEL a=\xe9\n').text).toContain('LABEL a=\ufffd');
  for (const [line, text] of [
    [2, 'FROM a\nRUN echo caf\xe9\n'],
    [3, 'FROM a\nONBUILD RUN a \\\n \xe9\n'],
    [4, 'FROM a\nCOPY <<X /a\nb\n\xff\nX\n'],
    [3, 'FROM a\n# \xe9\nWORKDIR /\xe9\n'],
  ] as const) {
    const error = catchError(() => decode(text));
    expect(error).toMatchObject({ code: 'dockerfile-syntax' });
    expect(error.message).toEndWith('holds a byte that is no UTF-8');
    expect(error.span!.source.text.slice(0, error.span!.start).split('\n')).toHaveLength(line);
    expect(decodeLeniently('Dockerfile', Buffer.from(text, 'latin1')).text).toContain('\ufffd');
  }
  const valid = 'FROM a\nRUN echo \ufffd\n';
  expect(decodeDockerfile('Dockerfile', Buffer.from(valid)).text).toBe(valid);
});

test('UTF-16 is called so', () => {
  const error = catchError(() => decodeDockerfile('D', Buffer.from('\ufeffFROM a\n', 'utf16le')));
  expect(error.message).toBe('D is UTF-16');
});

function catchError(run: () => unknown): MilleError {
  try {
    run();
  } catch (error) {
    if (error instanceof MilleError) return error;
  }
  throw new Error('no error');
}
