// The submodules of a commit: read from its own objects, each with the address that its URL comes to. A URL leads to a
// server or nowhere: no path of this machine is read and no command run because a repository names it.

import { MilleError, redactUrls } from '../../../core/index.ts';
import { describeGit, type GitAddress, plainRemote, resolveRemote } from '../../../lang/address/index.ts';
import type { SourceSession } from '../session.ts';
import { sameServer } from './credentials.ts';
import type { RemoteAccess } from './remote-access.ts';
import { mustRunGit, type Repository } from './repository.ts';

/** A submodule of a commit. */
export interface Submodule {
  readonly name: string;
  /** Clean and relative to the top of the repository. */
  readonly path: string;
  readonly commit: string;
  readonly access: RemoteAccess;
}

/** Paths of submodules that are looked up at once. */
const BATCH = 200;

/**
 * The submodules of a commit that `.gitmodules` describes; those that say `update = none` are left out, as git does.
 * @throws MilleError `address-invalid` for a URL that is none of a network
 */
export async function submodulesOf(
  session: SourceSession,
  repository: Repository,
  commit: string,
): Promise<Submodule[]> {
  const { gitDir } = repository;
  const [file] = await listTree(session, repository, { commit, paths: ['.gitmodules'] });
  if (file?.type !== 'blob' || file.mode === '120000') return [];
  const args = ['config', '-z', '--list', '--blob', file.object];
  const described = readModules(await mustRunGit(session, { args, gitDir }));
  const found: Submodule[] = [];
  for (let i = 0; i < described.length; i += BATCH) {
    const part = described.slice(i, i + BATCH);
    const entries = await listTree(session, repository, { commit, paths: part.map(({ path }) => path) });
    for (const { name, path, url } of part) {
      const entry = entries.find((candidate) => candidate.path === path);
      if (entry?.type !== 'commit') continue;
      found.push({ name, path, commit: entry.object, access: accessTo(repository.access, { path, url }) });
    }
  }
  return found;
}

interface Module {
  readonly name: string;
  readonly path: string;
  readonly url: string;
}

/** Reads `git config -z --list`: key, newline, value, zero. Of a key that is repeated the last one counts. */
export function readModules(output: string): Module[] {
  const modules = new Map<string, { path?: string; url?: string; update?: string }>();
  for (const item of output.split('\0')) {
    const newline = item.indexOf('\n');
    const match = /^submodule\.(.+)\.(path|url|update)$/s.exec(newline < 0 ? item : item.slice(0, newline));
    if (!match || newline < 0) continue;
    const [, name = '', key = ''] = match;
    modules.set(name, { ...modules.get(name), [key]: item.slice(newline + 1) });
  }
  return [...modules].flatMap(([name, { path = '', url = '', update }]) =>
    update === 'none' || !isCleanPath(path) || !isCleanPath(name) || url === '' ? [] : [{ name, path, url }],
  );
}

/** Git refuses such names and paths as well: a name becomes a directory below `.git/modules`. */
function isCleanPath(path: string): boolean {
  return path !== '' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function accessTo(parent: RemoteAccess, { path, url }: Pick<Module, 'path' | 'url'>): RemoteAccess {
  const address = plainRemote(resolveRemote(parent.address.remote, url));
  if (!address) {
    const of = describeGit({ ...parent.address, ref: '', subdir: '' });
    throw new MilleError('address-invalid', `the submodule ${path} of ${of} is at ${redactUrls(url)}`, {
      hint: 'submodules are fetched by https, http, ssh or git only; leave them out with ?submodules=false',
    });
  }
  return {
    address: withLogin(parent.address, address),
    trusted: parent.trusted && sameServer(parent.address, address),
  };
}

/** What was written into the URL of a repository goes for what is beside it. */
function withLogin(parent: GitAddress, address: GitAddress): GitAddress {
  const { credentials } = parent;
  return credentials && !address.credentials && sameServer(parent, address)
    ? { ...address, credentials }
    : address;
}

interface TreeLine {
  readonly mode: string;
  readonly type: string;
  readonly object: string;
  readonly path: string;
}

/** The entries of a commit's tree at some paths. */
async function listTree(
  session: SourceSession,
  { gitDir }: Repository,
  { commit, paths }: { readonly commit: string; readonly paths: readonly string[] },
): Promise<TreeLine[]> {
  const output = await mustRunGit(session, { args: ['ls-tree', '-z', commit, '--', ...paths], gitDir });
  return output.split('\0').flatMap((line) => {
    const match = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line);
    if (!match) return [];
    const [, mode = '', type = '', object = '', path = ''] = match;
    return [{ mode, type, object, path }];
  });
}
