// `mille cache ls|inspect|clear|export|import`.

import { openCache } from '../../build/cache/index.ts';
import { clearMounts, exportMounts, importMounts, mountInUse } from '../../build/cache-mounts/index.ts';
import { displayPath, MilleError } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, readChunks, statAt, workingDirectory } from '../../sys/index.ts';
import { intoFile } from '../into-file.ts';
import { type Need, withServices } from '../services.ts';
import { chooseMounts, type FoundMount, findMounts } from './mounts.ts';
import type { CacheMount, CacheMountVerbs } from './types.ts';

/** See `CacheMountVerbs.cacheMounts`. */
export function cacheMounts(): Promise<readonly CacheMount[]> {
  return withMounts('files', async ({ all }) => all.map(({ mount }) => mount));
}

/** See `CacheMountVerbs.inspectCacheMounts`. */
export function inspectCacheMounts(names: readonly string[]): Promise<readonly CacheMount[]> {
  return withMounts('files', async ({ all }) => chooseMounts(all, names).map(({ mount }) => mount));
}

/** See `CacheMountVerbs.clearCacheMounts`. */
export const clearCacheMounts: CacheMountVerbs['clearCacheMounts'] = (names) =>
  withMounts('container', async ({ store, all }) => {
    const chosen = names === 'all' ? all : chooseMounts(all, names);
    const gone = new Set(
      clearMounts(
        store,
        chosen.map(({ info }) => info.hash),
      ),
    );
    const mounts = chosen.map(({ mount }) => mount);
    return {
      cleared: mounts.filter(({ id }) => gone.has(id)),
      inUse: mounts.filter(({ id }) => !gone.has(id)),
    };
  });

/** See `CacheMountVerbs.exportCacheMounts`. */
export const exportCacheMounts: CacheMountVerbs['exportCacheMounts'] = (names, output, signal) =>
  withMounts('container', async ({ store, all }) => {
    const chosen = names === 'all' ? all : chooseMounts(all, names);
    if (chosen.length === 0) {
      throw new MilleError('cache-missing', 'there are no cache mounts to be written', {
        hint: 'RUN --mount=type=cache makes them',
      });
    }
    const busy = chosen.find(({ info }) => info.inUse);
    if (busy) throw mountInUse(busy.info, 'written out');
    const infos = chosen.map(({ info }) => info);
    await intoFile(output, async (sink) => void (await exportMounts(store, infos, sink)), signal);
    return chosen.map(({ mount }) => mount);
  });

const STANDARD_INPUT = 0;

/** See `CacheMountVerbs.importCacheMounts`. */
export const importCacheMounts: CacheMountVerbs['importCacheMounts'] = (input, signal) =>
  withServices('container', async (services) => {
    const source = input === '-' ? STANDARD_INPUT : absolute(input);
    const store = await services.store();
    const stop = () => {
      if (signal?.aborted) throw new MilleError('interrupted', 'interrupted');
    };
    const { mounts, skipped } = await importMounts(store, readChunks(source), { onBytes: stop }).catch(
      (error: unknown) => {
        throw named(error, input);
      },
    );
    const imported = mounts.map(({ hash, identity, files, bytes, replaced }) => {
      return { id: hash, name: identity.id, files, bytes, replaced };
    });
    return { mounts: imported, skipped };
  });

/** Says which file it was. */
function named(error: unknown, input: string): unknown {
  if (!(error instanceof MilleError) || !/^archive-|^digest-mismatch$/.test(error.code)) return error;
  const name = input === '-' ? 'standard input' : displayPath(input);
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return new MilleError(error.code, `${name}: ${error.message}`, { cause: error, ...hint });
}

function absolute(path: string): string {
  const whole = path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
  const type = statAt(CWD, `${whole}`)?.type;
  if (type !== undefined && type !== 'dir') return whole;
  const what =
    type === 'dir' ? `'${displayPath(path)}' is a directory` : `no such file: ${displayPath(path)}`;
  throw new MilleError('io', what, { hint: 'give the path of an archive, or - for standard input' });
}

function withMounts<T>(
  needs: Need,
  work: (found: { readonly store: Store; readonly all: readonly FoundMount[] }) => Promise<T>,
): Promise<T> {
  return withServices(needs, async (services) => {
    const store = await services.store();
    const builds = openCache(store.db, { hasLayer: () => false }).builds();
    return work({ store, all: findMounts(store, builds) });
  });
}
