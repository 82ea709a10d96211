import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Digest, formatPlace, MilleError } from '../../core/index.ts';
import { parseGitAddress } from '../../lang/address/index.ts';
import {
  fileKey,
  gitKey,
  imageKey,
  type LockedCommit,
  type LockFile,
  readLock,
  writeLock,
} from './lock-file.ts';

const read = (text: string) => readLock({ name: 'mille.lock', text });
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const digests = hex(64).map((text) => `sha256:${text}` as Digest);
const words = fc.string({ unit: fc.constantFrom(...'abz09'), minLength: 1, maxLength: 6 });
const images = fc
  .tuple(fc.constantFrom('', 'localhost:5000/', 'ghcr.io/team/'), words, fc.option(words))
  .map(([host, name, tag]) => imageKey(`${host}${name}${tag === null ? '' : `:${tag}`}`)!);
const paths = fc.string({ unit: fc.constantFrom(...'aé %"\\.?=&'), maxLength: 8 });
const files = paths.map((path) => fileKey(`https://user:pw@host/${path}`));
const repositories = words.map((ref) => gitKey(parseGitAddress(`https://host/x.git#${ref}`)!)!);
const commits: fc.Arbitrary<LockedCommit> = fc
  .tuple(words, hex(40), fc.option(hex(40)))
  .map(([ref, commit, tag]) => ({ ref: `refs/heads/${ref}`, commit, ...(tag === null ? {} : { tag }) }));
const locks: fc.Arbitrary<LockFile> = fc
  .tuple(
    fc.array(fc.tuple(images, digests), { maxLength: 4 }),
    fc.array(fc.tuple(files, digests), { maxLength: 4 }),
    fc.array(fc.tuple(repositories, commits), { maxLength: 4 }),
  )
  .map(([a, b, c]) => ({ images: new Map(a), files: new Map(b), git: new Map(c) }));

describe('a lock file', () => {
  test('reads as what was written, and is the same bytes in whatever order that came', () => {
    const plain = ({ images: a, files: b, git: c }: LockFile) =>
      [a, b, c].map((map) => Object.fromEntries(map));
    fc.assert(
      fc.property(locks, (lock) => {
        const text = writeLock(lock);
        expect(plain(read(text))).toEqual(plain(lock));
        const turned = <T>(map: ReadonlyMap<string, T>) => new Map([...map].toReversed());
        expect(
          writeLock({ images: turned(lock.images), files: turned(lock.files), git: turned(lock.git) }),
        ).toBe(text);
      }),
    );
  });

  test('with a byte changed is another one or refused, never the same', () => {
    const text = writeLock({
      images: new Map([['docker.io/library/a:1', `sha256:${'0'.repeat(64)}` as Digest]]),
      files: new Map([['https://host/x', `sha256:${'1'.repeat(64)}` as Digest]]),
      git: new Map([['https://host/x.git#main', { ref: 'refs/heads/main', commit: '2'.repeat(40) }]]),
    });
    const position = fc.nat(text.length - 1);
    const characters = fc.constantFrom(...'{}[]":,a0 \n@\\');
    fc.assert(
      fc.property(position, characters, (at, char) => {
        const other = `${text.slice(0, at)}${char}${text.slice(at + 1)}`;
        if (other === text || /^\s$/.test(char) || /^\s$/.test(text[at]!)) return;
        let again: string;
        try {
          again = writeLock(read(other));
        } catch (error) {
          expect(error).toBeInstanceOf(MilleError);
          expect((error as MilleError).code).toBe('file-format');
          expect((error as MilleError).span).toBeDefined();
          return;
        }
        expect(again).not.toBe(text);
      }),
    );
  });

  const zeros = `sha256:${'0'.repeat(64)}`;
  const commit = '2'.repeat(40);
  test.each([
    ['{"images": {}}', '1:1', 'the lock file has no version'],
    ['{"version": 2}', '1:13', 'a lock file of version 2 is not known here'],
    ['{"version": 1, "image": {}}', '1:16', "a lock file has no 'image' there"],
    ['{"version": 1, "images": {"python": 1}}', '1:27', "'python' is no name of a lock file"],
    ['{"version": 1, "images": {"docker.io/library/a:1": "sha256:0"}}', '1:52', 'this is no digest'],
    [
      `{"version": 1, "images": {"docker.io/library/a:1": "${zeros}", "docker.io/library/a:1": "${zeros}"}}`,
      '1:127',
      "'docker.io/library/a:1' stands there twice",
    ],
    [
      '{"version": 1, "files": {"https://u:geheim@h/x": "a"}}',
      '1:26',
      "'https://***@h/x' is no name of a lock file",
    ],
    [
      `{"version": 1, "git": {"https://h/x.git": {"ref": "--upload-pack=x", "commit": "${commit}"}}}`,
      '1:51',
      'this is no full name of a branch or tag',
    ],
    [
      `{"version": 1, "git": {"https://h/x.git": {"ref": "refs/heads/m", "commit": "main"}}}`,
      '1:77',
      'this is no id of a commit',
    ],
    [`{"version": 1, "git": {"https://h/x.git": {"commit": "${commit}"}}}`, '1:43', 'the ref is missing'],
    ['{"version": 1,\n<<<<<<< HEAD\n"images"', '2:1', 'the lock file holds both sides of a merge'],
    ['{"version": 1', '1:14', 'malformed JSON: the text ends where a comma or } is expected'],
  ])('refuses %s', (text, place, message) => {
    try {
      read(text);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof MilleError) || !error.span) throw error;
      expect([error.code, formatPlace(error.span), error.message]).toEqual([
        'file-format',
        `mille.lock:${place}`,
        message,
      ]);
    }
  });
});

describe('names', () => {
  test('of one image are one key; what names a digest or an id has none', () => {
    expect(imageKey('python')).toBe('docker.io/library/python:latest');
    expect(imageKey('docker.io/library/python:latest')).toBe('docker.io/library/python:latest');
    expect(imageKey(`python:3@sha256:${'0'.repeat(64)}`)).toBeUndefined();
    expect(imageKey('0'.repeat(64))).toBeUndefined();
  });

  test('of repositories leave out the directory, and passwords', () => {
    const key = (text: string) => gitKey(parseGitAddress(text)!);
    expect(key('https://me:geheim@host/x.git#main:docs')).toBe('https://host/x.git#main');
    expect(key('https://host/x.git')).toBe('https://host/x.git');
    expect(key('git@host:team/x.git#v1')).toBe('git@host:team/x.git#v1');
    expect(key(`https://host/x.git#${'0'.repeat(40)}`)).toBeUndefined();
    expect(key(`https://host/x.git?ref=main&checksum=${'0'.repeat(40)}`)).toBeUndefined();
    expect(fileKey('https://me:geheim@host/x?token=abc')).toBe('https://***@host/x?token=***');
  });
});
