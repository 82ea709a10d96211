// What of an image's bytes nobody needs: those that are not visible at the end, and those that are there twice. Each
// piece is blamed on the layer that wrote it and on the one that hid it.

import type { Aspect } from './aspects.ts';
import type { Contents } from './contents.ts';
import { type Place, placesOf } from './places.ts';

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
export function findWaste(contents: Contents, baseLayers: number): Waste {
  const pieces = [...hiddenPieces(contents, baseLayers), ...duplicatePieces(contents, baseLayers)];
  pieces.sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  let contentBytes = 0;
  for (let i = 0; i < contents.count; i++) contentBytes += contents.size(i);
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

function* hiddenPieces(contents: Contents, baseLayers: number): Generator<WastePiece> {
  const held = heldContents(contents);
  for (let i = 0; i < contents.count; i++) {
    const hidden = contents.hidden(i);
    if (!hidden) continue;
    const { layer: hider, path, how, aspects, deleted } = hidden;
    const writer = contents.layer(i);
    const scope = writer >= baseLayers ? 'own' : hider >= baseLayers ? 'mixed' : 'base';
    const piece = { scope, bytes: contents.size(i), path, writer, hider } as const;
    if (how === 'overwritten') {
      yield aspects ? { kind: 'rewritten', ...piece, aspects } : { kind: 'overwritten', ...piece };
      continue;
    }
    const digest = contents.digest(i);
    const twin = digest < 0 ? NOWHERE : held(hider)[digest]! - 1;
    if (twin !== NOWHERE && twin !== i)
      yield { kind: 'moved', ...piece, twin: { layer: hider, path: contents.path(twin) } };
    else yield { kind: 'deleted', ...piece, ...(deleted === undefined ? {} : { deleted }) };
  }
}

const NOWHERE = -1;

/**
 * Answers with one file of each content that a layer carries, by digest and one more than its number; made for layers
 * that deleted something only.
 */
function heldContents(contents: Contents): (layer: number) => Int32Array {
  const held = new Map<number, Int32Array>();
  return (layer) => {
    const known = held.get(layer);
    if (known) return known;
    const made = new Int32Array(contents.digests);
    for (let i = 0; i < contents.count; i++) {
      const digest = contents.digest(i);
      if (contents.layer(i) === layer && digest >= 0 && !contents.hidden(i)) made[digest] = i + 1;
    }
    held.set(layer, made);
    return made;
  };
}

/** Of each content that is visible the first copy counts as needed: the lowest, and the first in its tar. */
function* duplicatePieces(contents: Contents, baseLayers: number): Generator<WastePiece> {
  const first = new Int32Array(contents.digests);
  for (let i = 0; i < contents.count; i++) {
    const digest = contents.digest(i);
    if (digest < 0 || contents.hidden(i)) continue;
    const known = first[digest]! - 1;
    if (known === NOWHERE) {
      first[digest] = i + 1;
      continue;
    }
    const writer = contents.layer(i);
    const scope = writer >= baseLayers ? 'own' : 'base';
    const twin = { layer: contents.layer(known), path: contents.path(known) };
    yield { kind: 'duplicate', scope, bytes: contents.size(i), path: contents.path(i), writer, twin };
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
