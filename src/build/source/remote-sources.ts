// The remote sources of one build, behind one object: what is opened for it is let go of when it is closed.

import { LIMITS } from '../../core/index.ts';
import type { GitAddress } from '../../lang/address/index.ts';
import { makeDirectories, withHostAuthorities, writeFileAtomically } from '../../sys/index.ts';
import { type Checkout, checkOut, commitTime, type FoundGit } from './git/checkout.ts';
import { findCommit, type KnownRefs } from './git/find-commit.ts';
import { makeRoom } from './git/make-room.ts';
import { openRepository, type Repository } from './git/repository.ts';
import { type FetchedFile, type FileRequest, fetchFile } from './http-file.ts';
import type { Report, SourceOptions, SourceSession } from './session.ts';

/** Fetches for one build. */
export interface RemoteSources {
  /**
   * The commit of an address; within a build the same name is the same commit.
   * @throws MilleError `ref-missing`, `digest-mismatch`, `network`, `secret-missing`, `tool-missing`
   */
  findCommit(address: GitAddress, report?: Report): Promise<FoundGit>;
  /**
   * Its files in a directory. `keep` leaves them in the store, for the next build to find.
   * @throws MilleError `ref-missing` for a directory that is not in it, and those of `findCommit`
   */
  checkOut(
    found: FoundGit,
    options?: { readonly keep?: boolean; readonly report?: Report },
  ): Promise<Checkout>;
  /** When it was committed, seconds since the epoch; after `checkOut`. */
  commitTime(found: FoundGit): Promise<number>;
  /** A file by HTTP. @throws MilleError `network`, `digest-mismatch` */
  fetchFile(request: Omit<FileRequest, 'report'> & { readonly report?: Report }): Promise<FetchedFile>;
  readonly session: SourceSession;
  close(): void;
}

const SILENT: Report = () => {};

/** Opens the remote sources of a build; nothing is asked or made before it is needed. */
export function openSources(options: SourceOptions): RemoteSources {
  const known: KnownRefs = new Map();
  const repositories = new Map<string, Promise<Repository>>();
  let bundle: Promise<string> | undefined;
  let prepared = false;
  let grown = false;
  const session: SourceSession = {
    ...options,
    caFile: async () => {
      const { ca } = options;
      if (ca === undefined) return undefined;
      bundle ??= writeBundle(options, ca);
      return await bundle;
    },
    noteGrowth: () => {
      grown = true;
    },
  };
  const prepare = () => {
    if (!prepared) makeDirectories(options.store.paths.git, 0o700);
    prepared = true;
  };
  const repositoryOf = ({ address, object }: FoundGit): Promise<Repository> => {
    const key = `${object.length} ${address.remote}`;
    const opened = repositories.get(key) ?? openRepository(session, { address, trusted: true }, object);
    repositories.set(key, opened);
    return opened;
  };
  return {
    session,
    findCommit: (address, report = SILENT) => {
      prepare();
      return findCommit(session, address, { known, report });
    },
    checkOut: async (found, { keep = false, report = SILENT } = {}) => {
      prepare();
      return await checkOut(session, await repositoryOf(found), { found, keep, report });
    },
    commitTime: async (found) => await commitTime(session, await repositoryOf(found), found.object),
    fetchFile: (request) => fetchFile(session, { report: SILENT, ...request }),
    close: () => {
      for (const opened of repositories.values())
        opened.then(
          (repository) => repository.release(),
          () => {},
        );
      if (grown) makeRoom(session, LIMITS.gitCache);
    },
  };
}

/** One file holds all that git is to trust. */
async function writeBundle({ store }: SourceOptions, ca: string): Promise<string> {
  const path = `${store.makeTemporary('authorities').path}/ca.pem`;
  writeFileAtomically(path, (await withHostAuthorities(ca)).join('\n'));
  return path;
}
