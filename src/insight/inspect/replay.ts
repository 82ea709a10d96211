// The layers of an image put on top of one another again, with an eye on what each of them does: which names it adds,
// changes and removes, and what becomes of the bytes that it brings. Everything else here is computed from this.

import type { Entry, TableOfContents } from '../../oci/image/index.ts';
import { type MergedTree, type MergeState, mergeTables } from '../../oci/layer/index.ts';
import { differingAspects } from './aspects.ts';

/** What a layer does to one name, against what is there below it. Paths are real ones, links followed. */
export interface PathChange {
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
  /** Absent where it was added; `beforeLayer` is the layer that gave it. */
  readonly before?: Entry;
  readonly beforeLayer?: number;
  /** Absent where it was removed. A hard link shows the attributes of its file. */
  readonly after?: Entry;
  /** Of what is no directory: the entry of a table that carries its content. */
  readonly content?: Entry;
  /** Of what was removed: the whiteout, the mark of an opaque directory, or what took the place of a directory. */
  readonly by?: Pick<Entry, 'path' | 'type'>;
}

/** The bytes of one file as one layer carries them: all of its hard links together, once. */
export interface StoredContent {
  readonly layer: number;
  /** The entry of the layer's table that carries them; never empty. */
  readonly entry: Entry;
  /** One of its names at the end; of what is hidden, the first that it had. */
  readonly path: string;
  /** What hid them; absent where they are visible at the end. */
  readonly hidden?: Hiding;
}

/** How bytes came to be invisible: what happened to their last name. */
export type Hiding = {
  readonly layer: number;
  /** The last name. */
  readonly path: string;
  /** What it meant then, with the attributes of that time. */
  readonly before: Entry;
} & (Overwriting | Deletion);

interface Overwriting {
  readonly how: 'overwritten';
  /** What took its place. */
  readonly by: Entry;
}

interface Deletion {
  readonly how: 'deleted';
  /** The deletion, or what took the place of a directory above. */
  readonly by: Pick<Entry, 'path' | 'type'>;
}

/** What all layers did. */
export interface Replay {
  readonly tables: readonly TableOfContents[];
  /** For each layer, bottom first, the names that it changes. */
  readonly changes: readonly (readonly PathChange[])[];
  /** All files with content of all layers, bottom first, in the order of their tars. */
  readonly contents: readonly StoredContent[];
  /** What a container sees. */
  readonly tree: MergedTree;
}

/**
 * Replays the layers of an image, bottom first.
 * @throws MilleError `archive-escape`, `archive-broken` for layers that nobody could unpack
 */
export function replayLayers(tables: readonly TableOfContents[]): Replay {
  const contents = new ContentLedger();
  const layers: LayerLedger[] = tables.map(() => new LayerLedger());
  const tree = mergeTables(tables, {
    observer: {
      placed(layer, path, now, before) {
        layers[layer]!.placed(layer, path, now, before);
        contents.gain(layer, path, now);
        if (before)
          contents.lose(before, { layer, how: 'overwritten', path, before: before.entry, by: now.entry });
      },
      removed(layer, path, before, by) {
        layers[layer]!.removed(layer, path, before, by);
        contents.lose(before, { layer, how: 'deleted', path, before: before.entry, by });
      },
    },
  });
  return { tables, changes: layers.map((one) => one.finish()), contents: contents.finish(tree), tree };
}

type Counted = Mutable<StoredContent> & { names: number };
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts the names of each content. */
class ContentLedger {
  readonly #all: Counted[] = [];
  /** Those that lost a name and have others: the first may be gone. */
  readonly #fewer = new Map<Entry, Counted>();
  readonly #known = new Map<Entry, Counted>();

  gain(layer: number, path: string, { content }: MergeState): void {
    if (content?.type !== 'file' || content.size === 0) return;
    const known = this.#known.get(content);
    if (known) {
      known.names++;
      // A link to what its own layer replaces.
      if (known.hidden) delete known.hidden;
      return;
    }
    const made = { layer, entry: content, path, names: 1 };
    this.#known.set(content, made);
    this.#all.push(made);
  }

  lose({ content }: MergeState, hiding: Hiding): void {
    const known = content && this.#known.get(content);
    if (!known) return;
    if (--known.names > 0) this.#fewer.set(content, known);
    else known.hidden = hiding;
  }

  finish(tree: MergedTree): readonly StoredContent[] {
    const unsettled = new Map([...this.#fewer].filter(([, { path }]) => !tree.get(path)));
    if (unsettled.size > 0) {
      for (const { entry, content } of tree.walk()) {
        const known = content && unsettled.get(content.entry);
        if (!known) continue;
        known.path = entry.path;
        unsettled.delete(content.entry);
      }
    }
    return this.#all;
  }
}

/** What one layer does; a tar may name a path more than once, of which the sum counts. */
class LayerLedger {
  #changes: (Mutable<PathChange> | undefined)[] = [];
  /** Places in the list by path; only made where something has to be looked up. */
  #places: Map<string, number> | undefined;

  placed(layer: number, path: string, now: MergeState, before: MergeState | undefined): void {
    const earlier = before?.layer === layer || this.#places ? this.#find(path) : undefined;
    const known = earlier === undefined ? undefined : this.#changes[earlier]!;
    const old = known ? known.before : before && entryAt(path, before.entry);
    const beforeLayer = known ? known.beforeLayer : before?.layer;
    const { content } = now;
    const after = entryAt(path, now.entry);
    const carried = content ? { content } : undefined;
    const change: PathChange =
      old && beforeLayer !== undefined
        ? { path, kind: 'changed', before: old, beforeLayer, after, ...carried }
        : { path, kind: 'added', after, ...carried };
    if (earlier === undefined) this.#add(change);
    else this.#changes[earlier] = change;
  }

  removed(
    layer: number,
    path: string,
    { entry, layer: beforeLayer }: MergeState,
    by: Pick<Entry, 'path' | 'type'>,
  ): void {
    // What is deleted before something new comes may come again.
    const isLast = by.type === 'whiteout' || by.type === 'opaque';
    const earlier = beforeLayer === layer || !isLast ? this.#find(path) : undefined;
    if (earlier === undefined) {
      this.#add({ path, kind: 'removed', before: entryAt(path, entry), beforeLayer, by });
      return;
    }
    const change = this.#changes[earlier]!;
    if (change.before && change.beforeLayer !== undefined) {
      const { before, beforeLayer: from } = change;
      this.#changes[earlier] = { path, kind: 'removed', before, beforeLayer: from, by };
    } else {
      this.#changes[earlier] = undefined;
      this.#places!.delete(path);
    }
  }

  finish(): PathChange[] {
    this.#places = undefined;
    return this.#changes.filter(
      (change): change is PathChange => change !== undefined && !isOnlyListed(change),
    );
  }

  #add(change: PathChange): void {
    this.#places?.set(change.path, this.#changes.length);
    this.#changes.push(change);
  }

  #find(path: string): number | undefined {
    this.#places ??= new Map(this.#changes.map((change, i) => [change!.path, i]));
    return this.#places.get(path);
  }
}

/** A tar may name a path by way of a link of the layers below. */
function entryAt(path: string, entry: Entry): Entry {
  return entry.path === path ? entry : { ...entry, path };
}

/** Tars list the directories above what they change, with nothing new but perhaps a time. */
function isOnlyListed({ before, after }: PathChange): boolean {
  if (before?.type !== 'dir' || after?.type !== 'dir') return false;
  return differingAspects(before, after).every((aspect) => aspect === 'time');
}
