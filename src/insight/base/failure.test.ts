import { expect, test } from 'bun:test';
import { explainFailure } from './failure.ts';
import { createProgressReader } from './progress.ts';

const ASKED = { distribution: 'debian', suite: 'bokworm' } as const;
const END = ['E: apt-get update --error-on=any failed', 'E: mmdebstrap failed to run'];

test.each([
  [
    "E: The repository 'http://m.example/debian bokworm Release' does not have a Release file.",
    "the mirror has no suite 'bokworm' of debian",
  ],
  [
    "E: Failed to fetch http://m.example/debian/dists/x/InRelease  Could not resolve 'm.example'",
    'the mirror m.example cannot be found',
  ],
  [
    'E: Failed to fetch http://127.0.0.1:9/d  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)',
    'the mirror 127.0.0.1:9 cannot be reached',
  ],
  ['E: Unable to locate package no-such', "debian:bokworm has no package 'no-such'"],
  ["E: Package 'gone' has no installation candidate", "debian:bokworm has no package 'gone'"],
  [
    "W: GPG error: http://m.example/debian x InRelease: The following signatures couldn't be verified: NO_PUBKEY 1",
    'the signature of debian:bokworm cannot be checked with the keys here',
  ],
  ['E: unable to pick chroot mode automatically', 'mmdebstrap may not make namespaces or mounts here'],
])('%s', (line, message) => {
  const error = explainFailure(['I: running apt-get update...', line, ...END], ASKED, {
    program: 'mmdebstrap',
    how: 'exit status 25',
  });
  expect(error.message).toBe(message);
  expect(error.code).toBe('tool-failed');
  expect(error.hint).toBeTruthy();
  expect(error.output).toContain(line);
});

test('a full disk has its own code', () => {
  const error = explainFailure(['tar: ./usr/x: Cannot write: No space left on device', ...END], ASKED, {
    program: 'mmdebstrap',
    how: 'x',
  });
  expect(error.code).toBe('disk-full');
});

test('anything else keeps the last lines', () => {
  const error = explainFailure(['something odd', 'and its end'], ASKED, {
    program: 'mmdebstrap',
    how: 'killed by SIGKILL',
  });
  expect(error.message).toBe('mmdebstrap failed (killed by SIGKILL)');
  expect(error.output).toEqual(['something odd', 'and its end']);
});

test('progress is read from the lines of apt and dpkg', () => {
  const read = createProgressReader();
  const lines = [
    'I: running apt-get update...',
    '0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.',
    'Need to get 22.3 MB of archives.',
    'Get:1 http://m.example/debian bookworm/main amd64 libc6 amd64 2.36-9 [2759 kB]',
    'Selecting previously unselected package libc6.',
    'Setting up libc6:amd64 (2.36-9) ...',
  ];
  expect(lines.map(read).filter((progress) => progress !== undefined)).toEqual([
    { phase: 'reading package lists' },
    { phase: 'downloading essential packages', detail: '22.3 MB' },
    { phase: 'downloading', detail: 'libc6 2.36-9', done: 1, total: 2 },
    { phase: 'setting up', detail: 'libc6 2.36-9', done: 2, total: 2 },
  ]);
});
