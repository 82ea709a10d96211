import { expect, test } from 'bun:test';
import { MilleError } from '../../core/index.ts';
import { failureText } from './failure.ts';
import { valueHider } from './hidden-values.ts';
import { isNetworkFailure, onceMore } from './network-failure.ts';

const failed = (...output: string[]) => new MilleError('step-failed', 'the command ended with 1', { output });

test('what sounds as if the network had failed', () => {
  for (const line of [
    "Err:1 http://mirror.example bookworm InRelease  Temporary failure resolving 'mirror.example'",
    'curl: (6) Could not resolve host: example.com',
    'curl: (7) Failed to connect to example.com port 443: Connection refused',
    'npm error code ETIMEDOUT',
    'npm ERR! network request to https://registry.example/x failed, reason: read ECONNRESET',
    'pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.',
    'go: example.com/m@v1: Get "https://proxy.example/": dial tcp: i/o timeout',
    'ERROR: HTTP error 503 while getting https://index.example/simple/x/',
    'E: Failed to fetch … Hash Sum mismatch',
  ])
    expect([line, isNetworkFailure(failed(line))]).toEqual([line, true]);
  for (const line of [
    'cat: requirements.txt: No such file or directory',
    'error: 500 lines are too many',
    'ERROR: No matching distribution found for x',
    'SSL certificate problem: unable to get local issuer certificate',
  ])
    expect([line, isNetworkFailure(failed(line))]).toEqual([line, false]);
  expect(isNetworkFailure(new MilleError('network', 'x'))).toBe(true);
  expect(isNetworkFailure(new Error('ETIMEDOUT'))).toBe(false);
});

test('it is tried once more, and no more than once', async () => {
  const titles: string[] = [];
  const work = (failures: number, error: Error) => (title: string) => {
    titles.push(title);
    if (titles.length <= failures) return Promise.reject(error);
    return Promise.resolve('done');
  };
  const down = failed('ECONNRESET');
  expect(await onceMore(work(1, down), ['a', 'b'])).toBe('done');
  expect(titles.splice(0)).toEqual(['a', 'b']);
  expect(onceMore(work(2, down), ['a', 'b'])).rejects.toBe(down);
  titles.splice(0);
  const other = failed('no such file');
  expect(onceMore(work(1, other), ['a', 'b'])).rejects.toBe(other);
  expect(titles).toEqual(['a']);
});

test('a failure is told with its last lines, and without secrets', () => {
  process.env.MILLE_TEST_SECRET = 'correct horse\nbattery';
  const secrets = [{ id: 's', source: { kind: 'variable', name: 'MILLE_TEST_SECRET' } as const }];
  const text = failureText(
    failed('1', '2', '3', '4', 'it is correct horse', 'API_KEY=abc', '7', '8 staple', 'battery'),
    valueHider({ secrets, buildArgs: { DB_PASSWORD: 'staple' } }),
  );
  delete process.env.MILLE_TEST_SECRET;
  expect(text).toBe('the command ended with 1\n2\n3\n4\nit is ****\nAPI_KEY=****\n7\n8 ****\n****');
});
