import { expect, test } from 'bun:test';
import { catchesSignal, childProcesses, openFilesLimit, processIds, processStart } from './process-tree.ts';

test('children are found, and gone with their parent', async () => {
  const child = Bun.spawn(['sh', '-c', 'sleep 100 & echo started; wait'], { stdout: 'pipe' });
  await child.stdout.getReader().read();
  expect(childProcesses(process.pid)).toContain(child.pid);
  const [grandchild] = childProcesses(child.pid);
  expect(grandchild).toBeGreaterThan(0);
  expect(processIds()).toContain(child.pid);
  process.kill(grandchild!, 'SIGKILL');
  await child.exited;
  expect(childProcesses(child.pid)).toEqual([]);
});

test('a process is told from a later one with its id by its start', async () => {
  // A name with spaces and brackets must not shift the fields.
  const child = Bun.spawn(['sh', '-c', 'exec -a "a) b (c" sleep 100 2>/dev/null || exec sleep 100']);
  const start = processStart(child.pid);
  expect(Number(start)).toBeGreaterThanOrEqual(Number(processStart(process.pid)));
  expect(processStart(child.pid)).toBe(start!);
  child.kill('SIGKILL');
  await child.exited;
  expect(processStart(child.pid)).toBeUndefined();
});

test('the limit of open files is a number', () => {
  expect(openFilesLimit()).toBeGreaterThan(10);
});

test('handlers of a process are seen', async () => {
  const child = Bun.spawn(['sh', '-c', 'trap : USR1; echo started; read -r _'], {
    stdin: 'pipe',
    stdout: 'pipe',
  });
  await child.stdout.getReader().read();
  expect([10, 12].map((signal) => catchesSignal(child.pid, signal))).toEqual([true, false]);
  child.kill('SIGKILL');
  await child.exited;
  expect(catchesSignal(child.pid, 10)).toBe(false);
});
