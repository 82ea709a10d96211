// Children and what they are given.

import { expect, test } from 'bun:test';
import { readdirSync, readlinkSync } from 'node:fs';
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

function openPipes(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('pipe:');
    } catch {
      return false;
    }
  }).length;
}

test('much output arrives whole', async () => {
  expect((await output('head -c 3000000 /dev/zero')).out.length).toBe(3_000_000);
});

test('no pipe stays open', async () => {
  const before = openPipes();
  for (let i = 0; i < 20; i++) {
    await output('true');
    await expect(spawn(['/nowhere/program'], { onStdout: () => {} })).rejects.toThrow();
  }
  // Bun may close a descriptor of its own a moment later.
  expect(openPipes()).toBeLessThan(before + 10);
});
