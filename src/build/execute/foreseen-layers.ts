// Layers that steps would make, as far as that can be told without making them: a forecast looks at them as if they
// were there. They are in no store: only their tables of contents are, for as long as the forecast takes.

import type { Digest } from '../../core/index.ts';
import type { Entry, LayerInfo, TableOfContents } from '../../oci/image/index.ts';
import { foreseeLayer } from '../../oci/layer/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { isErrno, sha256 } from '../../sys/index.ts';
import type { AccountFiles } from './account.ts';
import type { ExecuteServices } from './services.ts';
import { accountFiles, diffIds, type Snapshot } from './snapshot.ts';

/** Services to forecast with. */
export interface ForecastServices extends ExecuteServices {
  /** Adds a layer; undefined where its content cannot be told. */
  readonly addForeseen: (entries: readonly Entry[]) => LayerInfo | undefined;
}

const foreseen = new WeakSet<LayerInfo>();

/** Whether a layer is one that is not there yet. */
export function isForeseen(layer: LayerInfo): boolean {
  return foreseen.has(layer);
}

/** The services of a build, with a store that shows foreseen layers beside its own. */
export function forecastServices(services: ExecuteServices): ForecastServices {
  const { store, clampTime } = services;
  const tables = new Map<Digest, TableOfContents>();
  return {
    ...services,
    store: { ...store, toc: (diffId) => tables.get(diffId) ?? store.toc(diffId) },
    addForeseen: (entries) => {
      // There the digest counts, which only writing tells.
      const made = clampTime === undefined ? foreseeLayer(entries) : undefined;
      if (!made) return undefined;
      const { contentId, toc } = made;
      const diffId = sha256(`foreseen ${tables.size} ${contentId}`);
      tables.set(diffId, toc);
      const layer = { diffId, contentId, size: 0, files: toc.entries.length };
      foreseen.add(layer);
      return layer;
    },
  };
}

/**
 * The account files of a snapshot, where they can be read without unpacking anything. Foreseen layers have no files to
 * be read: they are passed over unless they hold one of these.
 */
export async function accountsAtHand(store: Store, { layers }: Snapshot): Promise<AccountFiles | undefined> {
  const real = layers.filter((layer) => !foreseen.has(layer));
  const hidden = layers.filter((layer) => foreseen.has(layer));
  if (hidden.some(({ diffId }) => store.toc(diffId).entries.some(isAccountFile))) return undefined;
  const ids = diffIds({ layers: real });
  if (!ids.every((_, i) => store.unpacked(ids.slice(0, i + 1)))) return undefined;
  try {
    return await accountFiles(store, { layers: real });
  } catch (error) {
    // Without a namespace not all of an unpacked layer may be read.
    if (isErrno(error, 'EACCES')) return undefined;
    throw error;
  }
}

function isAccountFile({ path, type }: Entry): boolean {
  return /^etc\/(?:passwd|group)$/.test(path) || (path === 'etc' && type !== 'dir');
}
