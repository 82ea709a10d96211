// The program, kept running: does one command line after another as if each were a process of its own. Working directory,
// environment and standard streams are those of each command line; what the process would end with is the answer.
// Started by `resident.ts`, which speaks with it by messages.

import { dlopen } from 'bun:ffi';
import { closeSync, openSync } from 'node:fs';
import { answer } from '../../src/front/cli/answer.ts';
import type { Task } from './resident.ts';

const libc = dlopen('libc.so.6', { dup2: { args: ['int', 'int'], returns: 'int' } }).symbols;

process.on('message', async ({ args, cwd, env, stdout, stderr }: Task) => {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  redirect(0, '/dev/null', 'r');
  redirect(1, stdout, 'w');
  redirect(2, stderr, 'w');
  process.send?.(await answer(args));
});
process.on('disconnect', () => process.exit());

function redirect(fd: number, path: string, flags: string): void {
  const opened = openSync(path, flags);
  if (libc.dup2(opened, fd) < 0) throw new Error(`descriptor ${fd} cannot be made ${path}`);
  closeSync(opened);
}
