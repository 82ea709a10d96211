// What of an image's bytes nobody needs: those that are not visible at the end, and those that are there twice. Each
// piece is blamed on the layer that wrote it and on the one that hid it.

import type { Entry } from '../../oci/image/index.ts';
import { type Aspect, differingAspects } from './aspects.ts';
import { type Place, placesOf } from './places.ts';
import type { Replay, StoredContent } from './replay.ts';

/**
 * Why bytes are wasted. `rewritten`: the same content took its place, with another owner, mode or time. `moved`: it
 * was deleted by a layer that holds the same content at another path. `duplicate`: it is visible, and so is the same
 * content at another path.
 */
export type WasteKind = 'overwritten' | 'rewritten' | 'deleted' | 'moved' | 'duplicate';

/** Whose waste it is: `mixed` was written by the base and hidden by a layer on it. */
export type WasteScope = 'own' | 'mixed' | 'base';

/** One file's bytes that are wasted. */
export interface WastePiece {
  readonly kind: WasteKind;
  readonly scope: WasteScope;
  readonly bytes: number;
  /** The file's last name. */
  readonly path: string;
  /** The layer that wrote it. */
  readonly writer: number;
  /** The layer that hid it; absent for duplicates. */
  readonly hider?: number;
  /** Of `rewritten`: what the new copy has otherwise; nothing where it is the same. */
  readonly aspects?: readonly Aspect[];
  /** Of `deleted`, where a directory above it was deleted or replaced: that one. */
  readonly deleted?: string;
  /** Of `moved` and `duplicate`: where the same content is. */
  readonly twin?: { readonly layer: number; readonly path: string };
}

/** Pieces of one kind with the same layers to blame. */
export interface WasteGroup {
  readonly kind: WasteKind;
  readonly scope: WasteScope;
  readonly writer: number;
  readonly hider?: number;
  /** Of duplicates: the layer of the first copy. */
  readonly twinLayer?: number;
  readonly aspects?: readonly Aspect[];
  readonly bytes: number;
  readonly files: number;
  /** Where most of it is, the largest first. */
  readonly places: readonly Place[];
}

/** All waste of an image. Bytes are those of files' contents, uncompressed; hard links count once. */
export interface Waste {
  /** Of all layers. */
  readonly contentBytes: number;
  /** What could be saved: all pieces. */
  readonly bytes: number;
  /** Of that: not visible at the end. */
  readonly hiddenBytes: number;
  /** Of that: the same content at several paths. */
  readonly duplicateBytes: number;
  readonly byScope: Readonly<Record<WasteScope, number>>;
  /** What is not wasted, as a part of all: 1 for an image without waste. */
  readonly efficiency: number;
  /** The largest first. */
  readonly pieces: readonly WastePiece[];
  /** The largest first. */
  readonly groups: readonly WasteGroup[];
}

/** Finds the waste of an image. @param baseLayers how many of its layers are the base's */
export function findWaste(replay: Replay, baseLayers: number): Waste {
  const pieces = [...hiddenPieces(replay, baseLayers), ...duplicatePieces(replay, baseLayers)];
  pieces.sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  const contentBytes = replay.contents.reduce((sum, { entry }) => sum + entry.size, 0);
  const sumOf = (wanted: (piece: WastePiece) => boolean) =>
    pieces.reduce((sum, piece) => (wanted(piece) ? sum + piece.bytes : sum), 0);
  const bytes = sumOf(() => true);
  const duplicateBytes = sumOf(({ kind }) => kind === 'duplicate');
  return {
    ...{ contentBytes, bytes, duplicateBytes, hiddenBytes: bytes - duplicateBytes },
    byScope: {
      own: sumOf(({ scope }) => scope === 'own'),
      mixed: sumOf(({ scope }) => scope === 'mixed'),
      base: sumOf(({ scope }) => scope === 'base'),
    },
    efficiency: contentBytes === 0 ? 1 : (contentBytes - bytes) / contentBytes,
    pieces,
    groups: groupPieces(pieces),
  };
}

function* hiddenPieces(replay: Replay, baseLayers: number): Generator<WastePiece> {
  const held = heldContents(replay);
  for (const content of replay.contents) {
    const { hidden, entry, layer: writer } = content;
    if (!hidden) continue;
    const { layer: hider, path, by, before } = hidden;
    const scope = writer >= baseLayers ? 'own' : hider >= baseLayers ? 'mixed' : 'base';
    const piece = { scope, bytes: entry.size, path, writer, hider } as const;
    if (hidden.how === 'overwritten') {
      if (isSameContent(entry, by))
        yield { kind: 'rewritten', ...piece, aspects: differingAspects(before, by) };
      else yield { kind: 'overwritten', ...piece };
      continue;
    }
    const twin = entry.digest && held(hider).get(entry.digest);
    if (twin && twin !== content) {
      yield { kind: 'moved', ...piece, twin: { layer: hider, path: twin.path } };
      continue;
    }
    const isAbove = by.type === 'opaque' || by.path !== path;
    yield { kind: 'deleted', ...piece, ...(isAbove ? { deleted: by.path } : {}) };
  }
}

function isSameContent(entry: Entry, other: Entry): boolean {
  return other.type === 'file' && entry.digest !== undefined && entry.digest === other.digest;
}

/** Answers with one file of each content that a layer carries; made for layers that deleted something only. */
function heldContents({ contents }: Replay): (layer: number) => ReadonlyMap<string, StoredContent> {
  const held = new Map<number, Map<string, StoredContent>>();
  return (layer) => {
    const known = held.get(layer);
    if (known) return known;
    const made = new Map<string, StoredContent>();
    for (const content of contents)
      if (content.layer === layer && content.entry.digest && !content.hidden)
        made.set(content.entry.digest, content);
    held.set(layer, made);
    return made;
  };
}

/** Of each content that is visible the first copy counts as needed: the lowest, and the first in its tar. */
function* duplicatePieces({ contents }: Replay, baseLayers: number): Generator<WastePiece> {
  const first = new Map<string, StoredContent>();
  for (const content of contents) {
    const { hidden, entry, layer: writer, path } = content;
    if (hidden || entry.digest === undefined) continue;
    const known = first.get(entry.digest);
    if (!known) {
      first.set(entry.digest, content);
      continue;
    }
    const scope = writer >= baseLayers ? 'own' : 'base';
    const twin = { layer: known.layer, path: known.path };
    yield { kind: 'duplicate', scope, bytes: entry.size, path, writer, twin };
  }
}

function groupPieces(pieces: readonly WastePiece[]): WasteGroup[] {
  const groups = new Map<string, WastePiece[]>();
  for (const piece of pieces) {
    const { kind, writer, hider, aspects = [], twin } = piece;
    const key = [kind, writer, hider ?? twin?.layer, ...aspects].join(' ');
    const group = groups.get(key);
    if (group) group.push(piece);
    else groups.set(key, [piece]);
  }
  return [...groups.values()].map(groupOf).sort((a, b) => b.bytes - a.bytes);
}

function groupOf(pieces: readonly WastePiece[]): WasteGroup {
  const { kind, scope, writer, hider, aspects, twin } = pieces[0]!;
  return {
    ...{ kind, scope, writer },
    ...(hider === undefined ? {} : { hider }),
    ...(kind === 'duplicate' && twin ? { twinLayer: twin.layer } : {}),
    ...(aspects ? { aspects } : {}),
    bytes: pieces.reduce((sum, piece) => sum + piece.bytes, 0),
    files: pieces.length,
    places: placesOf(pieces.map(({ path, bytes }) => ({ path, bytes }))),
  };
}
