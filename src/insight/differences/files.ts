// The files of two images, as containers see them.

import type { Digest } from '../../core/index.ts';
import type { TableOfContents } from '../../oci/image/index.ts';
import { type MergedEntry, type MergedTree, mergeTables } from '../../oci/layer/index.ts';
import { differingAspects } from '../inspect/index.ts';
import { causeFinder, type Showing, sharedLayers } from './causes.ts';
import type { FileChange, FileDifferences, TreeTotals } from './types.ts';

/** The layers of an image. */
export interface Stack {
  readonly diffIds: readonly Digest[];
  readonly tables: readonly TableOfContents[];
}

/**
 * Compares two images' files.
 * @throws MilleError `archive-escape`, `archive-broken` for layers that nobody could unpack
 */
export function compareFiles(before: Stack, after: Stack): FileDifferences {
  const [old, now] = [seen(mergeTables(before.tables)), seen(mergeTables(after.tables))];
  const found = new Map<string, Pick<FileChange, 'kind' | 'aspects'>>();
  let timesOnly = 0;
  let same = 0;
  for (const [path, { shown }] of old.entries) {
    const other = now.entries.get(path);
    if (!other) {
      found.set(path, { kind: 'removed', aspects: [] });
      continue;
    }
    const aspects = differingAspects(shown.entry, other.shown.entry);
    const telling = aspects.filter((aspect) => aspect !== 'time');
    if (telling.length > 0) found.set(path, { kind: 'changed', aspects: telling });
    else if (aspects.length > 0) timesOnly++;
    else same++;
  }
  for (const path of now.entries.keys())
    if (!old.entries.has(path)) found.set(path, { kind: 'added', aspects: [] });
  const causeOf = causeFinder(before.tables, after.tables, {
    shared: sharedLayers(before.diffIds, after.diffIds),
    paths: new Set(found.keys()),
  });
  const changes = [...found].map(([path, what]): FileChange => {
    const [a, b] = [old.entries.get(path), now.entries.get(path)];
    return {
      ...{ path, ...what },
      ...(a ? { before: a.shown.entry } : {}),
      ...(b ? { after: b.shown.entry } : {}),
      ...{ beforeBytes: a?.bytes ?? 0, afterBytes: b?.bytes ?? 0 },
      ...(a?.shown.content ? { beforeContent: a.shown.content } : {}),
      ...(b?.shown.content ? { afterContent: b.shown.content } : {}),
      cause: causeOf({
        ...{ path, aspects: what.aspects },
        ...{ before: a && showing(a.shown), after: b && showing(b.shown) },
      }),
    };
  });
  changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { changes, timesOnly, same, before: old.totals, after: now.totals };
}

interface Seen {
  readonly entries: ReadonlyMap<string, { readonly shown: MergedEntry; readonly bytes: number }>;
  readonly totals: TreeTotals;
}

function seen(tree: MergedTree): Seen {
  const entries = new Map<string, { shown: MergedEntry; bytes: number }>();
  const inodes = new Set<string>();
  let [files, bytes] = [0, 0];
  for (const shown of tree.walk()) {
    const { entry, inode } = shown;
    // The root directory is there, whether a layer lists it or not.
    if (entry.path === '') continue;
    const known = inode !== undefined && inodes.has(inode);
    if (inode !== undefined) inodes.add(inode);
    const size = known ? 0 : entry.size;
    if (entry.type !== 'dir' && !known) files++;
    bytes += size;
    entries.set(entry.path, { shown, bytes: size });
  }
  return { entries, totals: { files, bytes } };
}

/** With the layer that made it what it is: that of its content where it is only linked to by a later one. */
function showing({ entry, layer, content }: MergedEntry): Showing {
  return { entry, layer: Math.max(layer, content?.layer ?? 0) };
}
