// Every version that a path had, layer by layer.

import type { Entry } from '../../oci/image/index.ts';
import { type Aspect, differingAspects } from './aspects.ts';
import type { Replay } from './replay.ts';

/** What one layer makes of a path. */
export interface PathVersion {
  readonly layer: number;
  readonly kind: 'added' | 'changed' | 'removed';
  /** Absent where it was removed. */
  readonly entry?: Entry;
  /** What is not as it was before; absent unless it was changed. */
  readonly aspects?: readonly Aspect[];
  /** Of a file: the layer whose tar carries its content, and the entry there. */
  readonly content?: { readonly layer: number; readonly entry: Entry };
  /** Of what was removed with a directory above it: that one. */
  readonly deleted?: string;
}

/**
 * The versions of a clean path, bottom first; none for what no layer has. What is a link is not followed.
 */
export function pathVersions({ changes, contents, tables }: Replay, path: string): PathVersion[] {
  const versions: PathVersion[] = [];
  for (const [layer, list] of changes.entries()) {
    const change = list.find((one) => one.path === path);
    if (!change) continue;
    const { kind, before, after, content, by } = change;
    const carrier =
      content?.type === 'file'
        ? (contents.find(({ entry }) => entry === content)?.layer ?? carrierOf(tables, content))
        : undefined;
    versions.push({
      ...{ layer, kind },
      ...(after ? { entry: after } : {}),
      ...(kind === 'changed' && before && after ? { aspects: differingAspects(before, after) } : {}),
      ...(content && carrier !== undefined ? { content: { layer: carrier, entry: content } } : {}),
      ...(kind === 'removed' && by && (by.type === 'opaque' || by.path !== path) ? { deleted: by.path } : {}),
    });
  }
  return versions;
}

/** Of an empty file, which is none of the contents. */
function carrierOf(tables: Replay['tables'], content: Entry): number | undefined {
  const layer = tables.findIndex(({ entries }) => entries.includes(content));
  return layer < 0 ? undefined : layer;
}
