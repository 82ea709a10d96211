// RUN --mount=type=cache: directories that outlive builds. A container gets the whole of one, never a path inside that
// another container may be changing.

import { displayPath, MilleError } from '../../core/index.ts';
import {
  CWD,
  chmodAt,
  chownAt,
  closeFd,
  lockFd,
  mkdirAt,
  O,
  openAt,
  renameAt,
  sha256,
  sleep,
  statAt,
} from '../../sys/index.ts';
import { lockOf, markUsed, noteMountUse, type OpenMount, openMount } from '../cache-mounts/index.ts';
import { fileInput, type RunMount, type RunStep } from '../graph/index.ts';
import type { SandboxMount } from '../sandbox/index.ts';
import { located } from './located.ts';
import type { OpenedSource, OpenSource } from './open-source.ts';
import { type Selection, selectPath } from './select-sources.ts';
import type { ExecuteServices } from './services.ts';
import { snapshotContent } from './snapshot.ts';
import { writeTree } from './write-tree.ts';

type CacheMount = Extract<RunMount, { type: 'cache' }>;

/** The caches of a step, locked as they ask for. */
export interface OpenCaches {
  readonly mounts: ReadonlyMap<RunMount, SandboxMount>;
  close(): void;
}

/** A cache's place, and how a new one begins. */
interface Cache extends OpenMount {
  readonly mount: CacheMount;
  /** Makes the first content in an empty directory. @returns its absolute path */
  fill(directory: string): Promise<string>;
}

const POLL_MILLISECONDS = 50;

/**
 * Opens the caches of a step, making new ones. They are locked in one order by every step, so that no two can wait for
 * one another.
 * @throws MilleError `source-missing` for a first content that is not there, `interrupted`
 */
export async function openCaches(
  services: ExecuteServices,
  step: RunStep,
  openSource: OpenSource,
): Promise<OpenCaches> {
  const wanted: Cache[] = [];
  const held: number[] = [];
  const close = () => {
    for (const fd of held.splice(0)) closeFd(fd);
    for (const cache of wanted.splice(0)) cache.release();
  };
  const mounts = new Map<RunMount, SandboxMount>();
  const opened = new Map<string, string>();
  try {
    for (const mount of step.mounts)
      if (mount.type === 'cache') wanted.push(await findCache(services, step, { mount, openSource }));
    wanted.sort((a, b) => (a.directory < b.directory ? -1 : 1));
    for (const cache of wanted) {
      const { mount, directory } = cache;
      const known = opened.get(directory);
      const together = wanted.filter((other) => other.directory === directory);
      const source =
        known ?? (await openCache(services, step, { cache, sharing: strictest(together), held }));
      opened.set(directory, source);
      mounts.set(mount, { type: 'bind', source, target: mount.target, readonly: mount.readOnly });
    }
  } catch (error) {
    close();
    throw error;
  }
  return { mounts, close };
}

/** One cache mounted twice by one step is locked once. */
function strictest(caches: readonly Cache[]): CacheMount['sharing'] {
  const sharings = caches.map(({ mount }) => mount.sharing);
  return (['locked', 'private'] as const).find((sharing) => sharings.includes(sharing)) ?? 'shared';
}

async function findCache(
  services: ExecuteServices,
  step: RunStep,
  { mount, openSource }: { mount: CacheMount; openSource: OpenSource },
): Promise<Cache> {
  const { id, from, path, mode, uid, gid } = mount;
  // As in BuildKit: with a source the mode is the source's, without one an owner or a mode means a new directory.
  const empty = path === '' && (from.kind === 'scratch' || mode !== 0o755 || uid !== 0 || gid !== 0);
  const origin = empty ? '' : await contentOf(step, { mount, openSource });
  const { mountSpace } = services;
  const own = mountSpace === undefined ? id : `${mountSpace}:${id}`;
  const identity = { id: own, origin, ...(empty ? { mode, uid, gid } : { path }) };
  const fill = async (target: string): Promise<string> => {
    if (empty) {
      const made = `${target}/content`;
      mkdirAt(CWD, made);
      chownAt(CWD, made, { uid, gid });
      chmodAt(CWD, made, mode);
      return made;
    }
    const source = await openSource(from);
    try {
      const selection = selectFirst(step, source, path);
      if (selection.root.type !== 'dir') throw notDirectory(path);
      await source.ready();
      return await writeTree(services, selection, target);
    } finally {
      source.close();
    }
  };
  return { ...openMount(services.store, identity), mount, fill };
}

function selectFirst(step: RunStep, source: OpenedSource, path: string): Selection {
  const { tree, origin, keepsOwner, explainMissing } = source;
  return located(step.span, () =>
    selectPath({ tree, path, origin, keepsOwner, ...(explainMissing ? { explainMissing } : {}) }),
  );
}

/** What a cache begins with: another content is another cache. */
async function contentOf(
  step: RunStep,
  { mount, openSource }: { mount: CacheMount; openSource: OpenSource },
): Promise<string> {
  const source = await openSource(mount.from);
  try {
    if (source.snapshot) return snapshotContent(source.snapshot, {});
    const { root, below, tree } = selectFirst(step, source, mount.path);
    const inputs = [{ relative: '', entry: root }, ...below].map(({ relative, entry }) =>
      fileInput(relative, {
        ...{ ...entry, uid: 0, gid: 0 },
        ...(entry.type === 'file' ? { digest: tree.digest(entry.path) } : {}),
      }),
    );
    return sha256(JSON.stringify(inputs));
  } finally {
    source.close();
  }
}

function notDirectory(path: string): MilleError {
  return new MilleError(
    'source-missing',
    `'${displayPath(path)}' is not a directory: a cache cannot begin with it`,
    {
      hint: 'source= of a cache mount names a directory of from=',
    },
  );
}

/** @returns the directory to be mounted; its lock is added to `held` */
async function openCache(
  services: ExecuteServices,
  step: RunStep,
  { cache, sharing, held }: { cache: Cache; sharing: CacheMount['sharing']; held: number[] },
): Promise<string> {
  for (let copy = 0; ; copy++) {
    const data = `${cache.directory}/data${copy === 0 ? '' : `-${copy}`}`;
    const fd = openAt(CWD, lockOf(data), { flags: O.RDWR | O.CREAT, mode: 0o600 });
    held.push(fd);
    const exclusive = sharing !== 'shared';
    if (!lockFd(fd, { exclusive, wait: false })) {
      // Whoever wants one for itself takes the next that is free, or a new one.
      if (sharing === 'private') continue;
      await waitForLock(services, step, { fd, exclusive, id: cache.mount.id });
    }
    markUsed(data);
    noteUse(services, step, cache);
    if (statAt(CWD, data)?.type !== 'dir') await makeData(services, step, { cache, data });
    return data;
  }
}

function noteUse({ store, scope, buildId }: ExecuteServices, step: RunStep, { hash }: Cache): void {
  const stage = String(step.stage);
  noteMountUse(store.db, hash, { scope, stage, step: step.title, build: buildId, used: Date.now() });
}

async function waitForLock(
  services: ExecuteServices,
  step: RunStep,
  { fd, exclusive, id }: { fd: number; exclusive: boolean; id: string },
): Promise<void> {
  if (lockFd(fd, { exclusive, wait: false })) return;
  services.events({ type: 'step-progress', step: step.id, doing: `waiting for the cache ${id}` });
  // Not a waiting flock: it would stop this whole process, and the holder may be another step of it.
  while (!lockFd(fd, { exclusive, wait: false })) {
    if (services.signal.aborted) throw new MilleError('interrupted', 'the build was interrupted');
    await sleep(POLL_MILLISECONDS);
  }
}

/** Makes the directory of a cache, elsewhere and renamed into place, unless another build just did. */
async function makeData(
  services: ExecuteServices,
  step: RunStep,
  { cache, data }: { cache: Cache; data: string },
): Promise<void> {
  const fd = openAt(CWD, `${cache.directory}/make.lock`, { flags: O.RDWR | O.CREAT, mode: 0o600 });
  const temporary = services.store.makeTemporary('cache');
  try {
    await waitForLock(services, step, { fd, exclusive: true, id: cache.mount.id });
    if (statAt(CWD, data)) return;
    const made = await cache.fill(temporary.path);
    renameAt({ dirFd: CWD, name: made }, { dirFd: CWD, name: data });
  } finally {
    temporary.remove();
    closeFd(fd);
  }
}
