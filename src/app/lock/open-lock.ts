// The lock file of a build, found and read. One on this machine is known before the context is; one that comes with
// the context, beside the Dockerfile in a repository or an archive, pins all but that context.

import type { BuildContext } from '../../build/context/index.ts';
import { baseName, MilleError, parentPath } from '../../core/index.ts';
import type { FileTree } from '../../oci/image/index.ts';
import type { BuildInput } from '../build/build-input.ts';
import type { BuildOptions } from '../types.ts';
import { forceLock, type LockInForce, notLocked } from './in-force.ts';
import { readLock } from './lock-file.ts';
import type { RemoteNeed } from './needs.ts';
import { lockName, lockPlace, readLockAt } from './place.ts';

/** The lock file on this machine; undefined where there is none, or it is not to count. @throws MilleError `file-format` */
export function openLock(options: BuildOptions): LockInForce | undefined {
  if (options.lock === 'ignored') return undefined;
  const place = lockPlace(options);
  const file = place && readLockAt(place);
  if (file) return forceLock(file, { shown: place.shown, strict: options.lock === 'strict' });
  if (options.lockFile === undefined) return undefined;
  throw new MilleError('not-locked', `there is no ${options.lockFile}`, { hint: MAKE });
}

/** The one beside a Dockerfile that came with its context. @throws MilleError `file-format`, `not-locked` */
export function openLockWithin(options: BuildOptions, { dockerfile }: BuildInput): LockInForce | undefined {
  if (options.lock === 'ignored') return undefined;
  const strict = options.lock === 'strict';
  const { inTree } = dockerfile;
  const name = lockName(inTree?.path ?? 'Dockerfile');
  const source = inTree?.beside(name);
  if (source) return forceLock(readLock(source), { shown: source.name, strict, inTree: source.name });
  if (!strict) return undefined;
  throw new MilleError('not-locked', `--locked, and there is no ${name} beside the Dockerfile`, {
    hint: MAKE,
  });
}

const MAKE = 'make one with `mille lock`, and the flags of the build';

/** What a lock file does not name, as warnings. @throws MilleError `not-locked` where it has to name all */
export function checkNeeds(lock: LockInForce, needs: readonly RemoteNeed[]): string[] {
  const missing = needs.filter(({ address }) =>
    address.kind === 'git' ? !lock.commit(address) : lock.file(address.url) === undefined,
  );
  // What the lock file itself came with cannot be in it.
  const own = missing.find(({ given }) => given && lock.inTree !== undefined);
  const [first] = missing;
  if (lock.strict && own) {
    throw new MilleError('not-locked', `${own.what} may be another one tomorrow`, {
      hint: 'name a commit, or lock it in a file of this machine: --lock-file PATH',
    });
  }
  if (lock.strict && first) throw notLocked(first.what, lock.shown, first.span);
  const others = [...lock.others.values()].map(({ reference }) => reference);
  const named = [...others, ...missing.filter((one) => one !== own).map(({ what }) => what)];
  return named.map((what) => `${what} is not in ${lock.shown}: \`mille lock\` adds it`);
}

/** The context of a build; a lock file that came with it is not a part of it. */
export function contextWithoutLock(input: BuildInput, lock: LockInForce | undefined): BuildContext {
  const context = input.context();
  return lock?.inTree === undefined ? context : { ...context, tree: withoutFile(context.tree, lock.inTree) };
}

/** A tree without one of its files. */
function withoutFile(tree: FileTree, path: string): FileTree {
  const directory = parentPath(path);
  const entries = tree.entries?.bind(tree);
  const hide = <T>(within: string, all: readonly T[], nameOf: (one: T) => string): readonly T[] =>
    within === directory ? all.filter((one) => nameOf(one) !== baseName(path)) : all;
  return {
    ...tree,
    get: (wanted) => (wanted === path ? undefined : tree.get(wanted)),
    children: (within) => hide(within, tree.children(within), (name) => name),
    ...(entries
      ? { entries: (within: string) => hide(within, entries(within), (entry) => baseName(entry.path)) }
      : {}),
  };
}
