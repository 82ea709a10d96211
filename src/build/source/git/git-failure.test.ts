import { expect, test } from 'bun:test';
import { parseGitAddress } from '../../../lang/address/index.ts';
import { gitError } from './git-failure.ts';

const address = parseGitAddress('https://me:hunter2@host:8443/x.git#main')!;

test.each([
  [
    "fatal: could not read Username for 'https://host': terminal prompts disabled",
    'the server asks for a login',
  ],
  ["fatal: Authentication failed for 'https://host/x.git/'", 'the server asks for a login'],
  ["fatal: repository 'https://host/x.git/' not found", 'there is no such repository'],
  ['git@host: Permission denied (publickey).', 'no key of the SSH agent is accepted'],
  ['Host key verification failed.', 'the host is not the one it was: its key has changed'],
  [
    'fatal: unable to access: server certificate verification failed. CAfile: none',
    'the connection cannot be made secure',
  ],
  ['fatal: unable to access: Could not resolve host: host', 'no such host is known'],
  ['ssh: connect to host host port 22: Connection refused', 'the connection was refused'],
  ['fatal: unable to access: Operation too slow. Less than 1 bytes/sec', 'the server did not answer in time'],
  ["fatal: transport 'ext' not allowed", 'the protocol ext is not used'],
])('%s', (stderr, why) => {
  const error = gitError({ address, stderr, authorized: false });
  expect([error.code, error.message]).toEqual(['network', `cannot fetch https://host:8443/x.git: ${why}`]);
  expect(error.hint).not.toBeUndefined();
});

test('a full disk is no failure of the network', () => {
  const stderr = 'fatal: write error: No space left on device\nfatal: index-pack failed';
  expect(gitError({ address, stderr, authorized: false }).code).toBe('disk-full');
});

test('other words of git are repeated, without progress and passwords', () => {
  const stderr = 'Receiving objects:  10% (1/10)\nfatal: odd thing at https://me:hunter2@host/x\n\n';
  const { message } = gitError({ address, stderr, authorized: false });
  expect(message).toBe(
    'cannot fetch https://host:8443/x.git: git failed\nfatal: odd thing at https://***@host/x',
  );
});

test('what to do about a login depends on whether there was one', () => {
  const stderr = 'fatal: Authentication failed';
  expect(gitError({ address, stderr, authorized: false }).hint).toContain('GIT_AUTH_TOKEN.host:8443');
  expect(gitError({ address, stderr, authorized: true }).hint).toContain('is not accepted');
});
