// What a source of ADD is: a git repository, a URL, or a path in the build context.

import { MilleError, type Span } from '../../core/index.ts';
import {
  type GitAddress,
  isCommitChecksum,
  isCommitId,
  isUrl,
  parseGitAddress,
} from '../../lang/address/index.ts';
import type { AddSource } from './step.ts';

/** What the flags of an ADD say of its sources, expanded. */
export interface SourceFlags {
  /** '' where none is given. */
  readonly checksum: string;
  readonly keepGitDir?: boolean | undefined;
  /** The source's place, for errors. */
  readonly span?: Span;
}

/**
 * Classifies an expanded source.
 * @throws MilleError `address-invalid` for a repository whose address is malformed, `dockerfile-syntax` where flag and
 * address contradict one another
 */
export function addSource(text: string, flags: SourceFlags = { checksum: '' }): AddSource {
  const address = gitAddress(text, flags.span);
  if (address) return { kind: 'git', address: withFlags(address, flags) };
  if (isUrl(text)) return { kind: 'url', url: text, fileName: fileNameOf(text) };
  return { kind: 'local', path: text };
}

function gitAddress(text: string, span: Span | undefined): GitAddress | undefined {
  try {
    return parseGitAddress(text);
  } catch (error) {
    throw error instanceof MilleError ? error.at(span) : error;
  }
}

/** The address and the flags together: they must agree. */
function withFlags(address: GitAddress, flags: SourceFlags): GitAddress {
  const { span } = flags;
  const fail = (message: string, hint: string) =>
    new MilleError('dockerfile-syntax', message, { hint, ...(span ? { span } : {}) });
  const flag = flags.checksum.toLowerCase();
  if (flag !== '' && !isCommitChecksum(flag)) {
    throw fail(
      `--checksum=${flags.checksum} is no commit of a git repository`,
      'write the id of the commit, or its first digits',
    );
  }
  if (flag !== '' && address.checksum !== undefined && address.checksum !== flag) {
    throw fail(
      `--checksum and the address name two commits, ${flag} and ${address.checksum}`,
      'write one of them',
    );
  }
  const { keepGitDir = flags.keepGitDir, checksum = flag } = address;
  if (flags.keepGitDir !== undefined && flags.keepGitDir !== keepGitDir) {
    throw fail(
      '--keep-git-dir and the keep-git-dir of the address say different things',
      'write one of them',
    );
  }
  if (address.fetchByCommit && !isCommitId(address.ref ?? '') && !isCommitId(checksum)) {
    throw fail(
      'fetch-by-commit needs the id of the commit',
      'write all of its digits: checksum=COMMIT in the address, or --checksum=COMMIT',
    );
  }
  return {
    ...address,
    ...(checksum === '' ? {} : { checksum }),
    ...(keepGitDir === undefined ? {} : { keepGitDir }),
  };
}

/** The last part of a URL's path, decoded; `__unnamed__` where there is none, as BuildKit calls such a file. */
function fileNameOf(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?#]*/, '').replace(/[?#].*$/, '');
  const last = decode(path).split('/').filter(Boolean).at(-1);
  return last === undefined || last === '.' || last === '..' ? '__unnamed__' : last;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
