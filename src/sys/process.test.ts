// Children and what they are given.

import { expect, test } from 'bun:test';
import { spawn } from './process.ts';

async function output(script: string): Promise<{ out: string; err: string; status: number }> {
  const chunks = { out: [] as Uint8Array[], err: [] as Uint8Array[] };
  const { status } = await spawn(['sh', '-c', script], {
    onStdout: (chunk) => chunks.out.push(chunk.slice()),
    onStderr: (chunk) => chunks.err.push(chunk.slice()),
  });
  return { out: Buffer.concat(chunks.out).toString(), err: Buffer.concat(chunks.err).toString(), status };
}

test('a child can open its output by name, as scripts do', async () => {
  expect(await output('echo a > /dev/stdout; echo b > /dev/stderr; exit 3')).toEqual({
    out: 'a\n',
    err: 'b\n',
    status: 3,
  });
});

test('much output arrives whole, and no descriptor stays open', async () => {
  const count = async () => (await output('ls /proc/$PPID/fd | wc -l')).out;
  const before = await count();
  expect((await output('head -c 3000000 /dev/zero')).out.length).toBe(3_000_000);
  await expect(spawn(['/nowhere/program'], { onStdout: () => {} })).rejects.toThrow();
  expect(await count()).toBe(before);
});
