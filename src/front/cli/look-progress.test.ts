import { expect, test } from 'bun:test';
import { lookProgress } from './look-progress.ts';

function terminal(stderr: boolean) {
  const written: string[] = [];
  let now = 0;
  return {
    written,
    at: (time: number) => {
      now = time;
    },
    host: {
      terminal: { stdin: false, stdout: false, stderr },
      env: {},
      now: () => now,
      err: (text: string) => void written.push(text),
    },
  };
}

test('a line after a second, a few times a second, and gone at the end', () => {
  const { host, at, written } = terminal(true);
  const { progress } = lookProgress(host);
  for (const [time, done] of [
    [10, 1e6],
    [1100, 2e6],
    [1150, 3e6],
    [1400, 4e6],
    [1500, 5e6],
  ] as const) {
    at(time);
    progress(done, 5e6);
  }
  expect(written).toEqual([
    '\r\x1b[Kreading the image: 2MB of 5MB',
    '\r\x1b[Kreading the image: 4MB of 5MB',
    '\r\x1b[K',
  ]);
});

test('nothing where nobody watches, nor for what is quick', () => {
  const log = terminal(false);
  const { progress } = lookProgress(log.host);
  log.at(5000);
  progress(1, 2);
  const quick = terminal(true);
  {
    using looking = lookProgress(quick.host);
    looking.progress(1, 2);
  }
  expect([...log.written, ...quick.written]).toEqual([]);
});
