// What is placed in a layer in the making, and where its content is. There is one for every file: it is made small, and
// holds no functions of its own.

import type { ContentReader, Entry, TreeEntry } from '../../oci/image/index.ts';
import type { LayerSourceEntry } from '../../oci/layer/index.ts';

/** What the content of files is read from: a tree, or what can do as much. */
export interface Content {
  open(path: string): ContentReader;
  watched?(path: string): boolean;
}

/** An entry of the layer to be written. */
export interface PlacedEntry extends LayerSourceEntry {
  /** See `Source`. */
  readonly origin?: string | undefined;
}

/** A file: what it is read from, and its path there. */
export class PlacedFile implements PlacedEntry {
  readonly #content: Content;
  readonly #path: string;
  readonly origin: string | undefined;

  constructor(
    readonly entry: Entry,
    from: {
      readonly entry: Pick<TreeEntry, 'path'>;
      readonly content: Content;
      readonly origin?: string | undefined;
    },
  ) {
    this.#content = from.content;
    this.#path = from.entry.path;
    this.origin = from.origin;
  }

  open(): ContentReader {
    return this.#content.open(this.#path);
  }

  watched(): boolean {
    return this.#content.watched?.(this.#path) ?? false;
  }

  /** The same content under another entry. */
  as(entry: Entry): PlacedFile {
    const from = { entry: { path: this.#path }, content: this.#content, origin: this.origin };
    return new PlacedFile(entry, from);
  }
}

/** The same content under another entry. */
export function withEntry(placed: PlacedEntry, entry: Entry): PlacedEntry {
  return placed instanceof PlacedFile ? placed.as(entry) : { entry, origin: placed.origin };
}
