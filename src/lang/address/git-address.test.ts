import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { MilleError } from '../../core/index.ts';
import { describeGit, type GitAddress, isCommitId, parseGitAddress, plainRemote } from './git-address.ts';
import { resolveRemote } from './relative-remote.ts';
import { remoteAddress } from './remote-address.ts';

/** The parts of an address that are not what they are by default. */
function partsOf(address: GitAddress | undefined): Partial<GitAddress> | undefined {
  if (!address) return undefined;
  const { kind: _, subdir, ...rest } = address;
  return subdir === '' ? rest : { ...rest, subdir };
}

const HOST = { scheme: 'https', remote: 'https://host/x.git', host: 'host' } as const;
const SSH = { scheme: 'ssh', remote: 'git@host:x/y.git', host: 'host' } as const;
const SHA = '0123456789abcdef0123456789abcdef01234567';

describe('what is a repository', () => {
  test.each([
    ['https://host/x.git', HOST],
    ['https://host/x.git#main', { ...HOST, ref: 'main' }],
    ['https://host/x.git#feature/a.b', { ...HOST, ref: 'feature/a.b' }],
    ['https://host/x.git#main:sub/dir', { ...HOST, ref: 'main', subdir: 'sub/dir' }],
    ['https://host/x.git#:sub', { ...HOST, subdir: 'sub' }],
    ['https://host/x.git#:/a/../../b/./c/', { ...HOST, subdir: 'b/c' }],
    ['https://host/x.git#refs%2Fpull/1/head', { ...HOST, ref: 'refs/pull/1/head' }],
    [`https://host/x.git#${SHA}`, { ...HOST, ref: SHA }],
    ['https://host/x.git?ref=main&subdir=/sub', { ...HOST, ref: 'main', subdir: 'sub' }],
    ['https://host/x.git?tag=v1', { ...HOST, ref: 'refs/tags/v1' }],
    ['https://host/x.git?tag=refs/tags/v1#refs/tags/v1', { ...HOST, ref: 'refs/tags/v1' }],
    ['https://host/x.git?branch=b', { ...HOST, ref: 'refs/heads/b' }],
    [`https://host/x.git?checksum=ABC`, { ...HOST, checksum: 'abc' }],
    [`https://host/x.git?commit=${SHA}&fetch-by-commit`, { ...HOST, checksum: SHA, fetchByCommit: true }],
    ['https://host/x.git?keep-git-dir=1&submodules=false', { ...HOST, keepGitDir: true, submodules: false }],
    ['https://host/x.git?submodules&mtime=commit', { ...HOST, submodules: true, mtime: 'commit' }],
    ['https://host/a%2egit', { ...HOST, remote: 'https://host/a%2egit' }],
    ['HTTPS://host/x.git', HOST],
    [
      'https://me:p%40ss@host:8443/x.git',
      {
        ...{ scheme: 'https', remote: 'https://host:8443/x.git', host: 'host:8443' },
        credentials: { user: 'me', password: 'p@ss' },
      },
    ],
    ['https://token@host/x.git', { ...HOST, credentials: { user: 'token', password: '' } }],
    ['http://host/x.git', { ...HOST, scheme: 'http', remote: 'http://host/x.git' }],
    ['git://host/x', { scheme: 'git', remote: 'git://host/x', host: 'host' }],
    ['ssh://git@host:22/x', { scheme: 'ssh', remote: 'ssh://git@host:22/x', host: 'host:22' }],
    ['ssh://git:secret@host/x', { scheme: 'ssh', remote: 'ssh://git@host/x', host: 'host' }],
    ['git@host:x/y.git', SSH],
    ['git@host:x/y.git#v1:sub', { ...SSH, ref: 'v1', subdir: 'sub' }],
    ['git@host:x/y.git?ref=v1#v1', { ...SSH, ref: 'v1' }],
  ] as const)('%s', (text, parts) => {
    expect(partsOf(parseGitAddress(text))).toEqual(parts as Partial<GitAddress>);
  });

  test.each([
    'x.git',
    './git@host:x',
    'https://host/x',
    'https://host/x.git/y',
    'https://host/archive.tar?x.git',
    'ftp://host/x.git',
    'file:///x.git',
    'git+ssh://host/x.git',
    'ext::sh -c touch% x',
    'github.com/x/y',
    'bad:user@host:x',
    'C:\\x',
    '',
  ])('not %j', (text) => {
    expect(parseGitAddress(text)).toBeUndefined();
  });
});

test.each([
  ['https://host/x.git#--upload-pack=touch', "'--upload-pack=touch' cannot be the name"],
  ['https://host/x.git?ref=-x', "'-x' cannot be the name"],
  ['https://host/x.git#a b', 'cannot be the name'],
  ['https://host/x.git#a..b', 'cannot be the name'],
  ['https://host/x.git#*', 'cannot be the name'],
  ['https://host/x.git#a%0ab', 'cannot be the name'],
  ['https://host/a b.git', 'a space'],
  ['https://host/\x01.git', 'a control character'],
  ['ssh://-oProxyCommand=x/y', "the host begins with '-'"],
  ['ssh://-oProxyCommand=x@host/y', "the user begins with '-'"],
  ['git@-host:x', "the host begins with '-'"],
  ['git@host:-x', "the path begins with '-'"],
  ['-l@host:x', "the user begins with '-'"],
  ['https:///x.git', 'no host'],
  ['https://host/x.git?foo=1', "it has no option 'foo'"],
  ['https://host/x.git?ref', 'ref has no value'],
  ['https://host/x.git?ref=a&ref=a', 'ref is given twice'],
  ['https://host/x.git?ref=a#b', 'two refs, b and a'],
  ['https://host/x.git?tag=a&branch=a', 'two refs'],
  ['https://host/x.git?subdir=a#:b', 'two directories, b and a'],
  ['https://host/x.git?checksum=xyz', "'xyz' is no commit id"],
  ['https://host/x.git?checksum=ab&commit=cd', 'two commits'],
  ['https://host/x.git?mtime=now', 'mtime is checkout or commit'],
  ['https://host/x.git?submodules=maybe', 'submodules is true or false'],
  ['https://me:hunter2@host/x.git?foo=1', 'https://***@host/x.git'],
])('refused: %s', (text, why) => {
  expect(() => parseGitAddress(text)).toThrow(
    expect.objectContaining({ code: 'address-invalid', message: expect.stringContaining(why) }),
  );
});

test('any text is a repository, is none, or is refused with a code; what is given to git has no leading dash', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('https://', 'git@', 'ssh://', '.git', '#', ':', '?', '-', '@', '/', '..', 'ref=', '&'),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      try {
        const address = parseGitAddress(parts.join(''));
        if (!address) return;
        for (const text of [address.remote, address.host, address.ref ?? ''])
          expect(text.startsWith('-')).toBe(false);
        expect(address.subdir).not.toMatch(/(^|\/)\.\.?(\/|$)|^\/|\/$/);
      } catch (error) {
        expect(error).toBeInstanceOf(MilleError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('an address in words has no password', () => {
  const address = parseGitAddress('https://me:hunter2@host/x.git#main:sub')!;
  expect(describeGit(address)).toBe('https://host/x.git#main:sub');
  expect(describeGit(parseGitAddress('git@host:x')!)).toBe('git@host:x');
});

test('as a build context there is a short form, and files', () => {
  const short = remoteAddress('github.com/moby/buildkit#v1:docs');
  const github = { scheme: 'https', remote: 'https://github.com/moby/buildkit', host: 'github.com' };
  expect(short).toMatchObject({ ...github, ref: 'v1', subdir: 'docs' });
  expect(remoteAddress('https://host/x.tar.gz')).toEqual({ kind: 'url', url: 'https://host/x.tar.gz' });
  for (const path of ['.', 'dir', '/abs', './github.com/x/y', '../git@host:x', 'ftp://host/x'])
    expect(remoteAddress(path)).toBeUndefined();
});

test.each([
  ['https://host/a/app.git', '../lib.git', 'https://host/a/lib.git'],
  ['https://host/a/app.git/', '../../b/lib.git', 'https://host/b/lib.git'],
  ['https://host/app.git', '../../../lib.git', 'https://host/lib.git'],
  ['https://host/app.git', './lib', 'https://host/app.git/lib'],
  ['git@host:a/app.git', '../lib.git', 'git@host:a/lib.git'],
  ['git@host:app.git', '../lib.git', 'git@host:lib.git'],
  ['ssh://git@host:22/app.git', '../lib/', 'ssh://git@host:22/lib'],
  ['https://host/app.git', 'https://other/lib.git', 'https://other/lib.git'],
])('submodule of %s at %s', (remote, url, expected) => {
  expect(resolveRemote(remote, url)).toBe(expected);
});

test.each([
  ['https://host/x', 'https://host/x'],
  ['https://me:pw@host/x?a=b#c', 'https://host/x?a=b#c'],
  ['git@host:x', 'git@host:x'],
  ['host:x/y', 'host:x/y'],
  ['ssh://git@host/x', 'ssh://git@host/x'],
  ['file:///x', undefined],
  ['/x', undefined],
  ['./x', undefined],
  ['ext::sh -c touch% x', undefined],
  ['host::x', undefined],
  ['fd::3', undefined],
])('the remote of a submodule: %s', (text, remote) => {
  expect(plainRemote(text)?.remote).toBe(remote as string);
});

test('the remote of a submodule that git or ssh could take for an option is refused', () => {
  for (const text of ['-u@host:x', '-host:x', 'host:-x', 'ssh://-host/x'])
    expect(() => plainRemote(text)).toThrow(expect.objectContaining({ code: 'address-invalid' }));
});

test('whole commit ids', () => {
  expect([SHA, `${SHA}${SHA.slice(0, 24)}`].every(isCommitId)).toBe(true);
  expect([SHA.slice(1), SHA.toUpperCase(), 'main'].some(isCommitId)).toBe(false);
});
