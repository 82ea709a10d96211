// A build context (or a named one) that is fetched: a git repository, an archive, or a single file. As with Docker no
// ignore file is applied to it.
//
//   const sources = openSources({ store, signal, secrets, agents, now });     // one a build; sources.close() at its end
//   const address = remoteAddress('https://host/x.git#main:sub');             // lang/address; undefined for a path
//   const context = await openRemoteContext(sources, address, { report });    // a BuildContext: tree, directory, close
//
// `context.tree` is a FileTree like that of a local directory; `context.keepsOwner` says whether COPY keeps the owners
// it shows (archives have owners, as with Docker); `context.identity` is what it is a state of: a commit or a digest.

import { displayPath, MilleError, redactUrls } from '../../core/index.ts';
import { describeGit, type GitAddress, type RemoteAddress } from '../../lang/address/index.ts';
import { isTarArchive, openTarTree } from '../../oci/layer/index.ts';
import { CWD, isErrno, readSmallFile, writeFileAtomically } from '../../sys/index.ts';
import {
  type BuildContext,
  type MemoryStorage,
  openDigestMemory,
  openDirectoryTree,
} from '../context/index.ts';
import { fileTree } from './file-tree.ts';
import type { FetchedFile } from './http-file.ts';
import type { RemoteSources } from './remote-sources.ts';
import type { Report } from './session.ts';

/** How to open a remote context. */
export interface RemoteContextOptions {
  readonly report?: Report;
  /** Keep the `.git` of a repository, whatever its address says: BUILDKIT_CONTEXT_KEEP_GIT_DIR. */
  readonly keepGitDir?: boolean;
  /** Files of a repository have the time of its commit, unless its address says otherwise. */
  readonly commitTimes?: boolean;
}

/** A context that was fetched. */
export interface RemoteContext extends BuildContext {
  /** `file`: the context is one file, named `context`, which docker takes for the Dockerfile. */
  readonly kind: 'git' | 'archive' | 'file';
  /** The address in words, without passwords. */
  readonly name: string;
  /** The commit, or the digest of the file. */
  readonly identity: string;
  /** The absolute path of the file, for `file`. */
  readonly file?: string;
  /** Whether an earlier build had left it, and nothing of it was fetched again. */
  readonly fromStore: boolean;
  /** When it was made: the commit's time, or Last-Modified; seconds since the epoch. */
  modified(): Promise<number | undefined>;
}

/** What the one file of a context is called, as with Docker. */
const CONTEXT_FILE = 'context';

/**
 * Fetches a context and opens it. It is valid until it or the sources are closed.
 * @throws MilleError those of `RemoteSources`, and `archive-broken` and the like for an archive that is none
 */
export async function openRemoteContext(
  sources: RemoteSources,
  address: RemoteAddress,
  options: RemoteContextOptions = {},
): Promise<RemoteContext> {
  if (address.kind === 'git') return await openGit(sources, withOptions(address, options), options);
  const { report } = options;
  const file = await sources.fetchFile({ url: address.url, ...(report ? { report } : {}) });
  const name = redactUrls(address.url);
  return (await isTarArchive(file.path)) ? await openArchive(sources, file, name) : openFile(file, name);
}

function withOptions(address: GitAddress, { keepGitDir, commitTimes }: RemoteContextOptions): GitAddress {
  return {
    ...address,
    ...(keepGitDir ? { keepGitDir: true } : {}),
    ...(commitTimes && address.mtime === undefined ? { mtime: 'commit' } : {}),
  };
}

async function openGit(
  sources: RemoteSources,
  address: GitAddress,
  { report }: RemoteContextOptions,
): Promise<RemoteContext> {
  const found = await sources.findCommit(address, report);
  const checkout = await sources.checkOut(found, { keep: true, ...(report ? { report } : {}) });
  const { directory } = checkout;
  // Nobody changes a checkout: its digests are sure however fresh it is.
  const memory = openDigestMemory(storageAt(checkout.memoryFile), directory, () => Number.MAX_SAFE_INTEGER);
  const tree = openDirectoryTree(directory, { memory });
  return {
    kind: 'git',
    name: describeGit(address),
    identity: found.object,
    fromStore: checkout.fromStore,
    tree,
    directory,
    explainMissing: () => undefined,
    modified: () => sources.commitTime(found),
    close: () => {
      tree.close();
      checkout.close();
    },
  };
}

function storageAt(path: string): MemoryStorage {
  return {
    load: () => {
      try {
        return readSmallFile(CWD, path, MOST_MEMORY);
      } catch (error) {
        if (isErrno(error, 'ENOENT', 'EFBIG')) return undefined;
        throw error;
      }
    },
    save: (_, bytes) => writeFileAtomically(path, bytes),
  };
}

const MOST_MEMORY = 256 * 1024 * 1024;

async function openArchive(sources: RemoteSources, file: FetchedFile, name: string): Promise<RemoteContext> {
  const temporary = sources.session.store.makeTemporary('context');
  try {
    const tree = await openTarTree(file.path, temporary.path, { followLinks: true });
    const close = () => {
      tree.close();
      temporary.remove();
    };
    return { kind: 'archive', ...described(file, name), tree, keepsOwner: true, explainMissing: none, close };
  } catch (error) {
    temporary.remove();
    if (!(error instanceof MilleError) || !error.code.startsWith('archive-')) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new MilleError(error.code, `${displayPath(name)}: ${error.message}`, { cause: error, ...hint });
  }
}

function openFile(file: FetchedFile, name: string): RemoteContext {
  const { tree } = fileTree(file, CONTEXT_FILE);
  return { kind: 'file', ...described(file, name), file: file.path, tree, explainMissing: none, close: none };
}

function described({ digest, modified, fromStore }: FetchedFile, name: string) {
  return { name, identity: digest, fromStore, modified: async () => modified };
}

const none = () => undefined;
