// Waste, found by `insight/inspect`, at its places in the history.

import type { WastePiece } from '../inspect/index.ts';
import { type FileHistory, findNode } from './history.ts';

/** A version of a file whose bytes nobody needs. */
export interface WastedVersion {
  readonly node: number;
  /** The one that carries the bytes. */
  readonly version: number;
  readonly piece: WastePiece;
}

/** The places of pieces of waste, in their order. */
export function wastedVersions(history: FileHistory, pieces: readonly WastePiece[]): WastedVersion[] {
  return pieces.flatMap((piece) => {
    const node = findNode(history, piece.path);
    const version = node === undefined ? undefined : carrierAt(history, node, piece.writer);
    return node === undefined || version === undefined ? [] : [{ node, version, piece }];
  });
}

/** The version that carries the bytes which a layer wrote and which a name had. */
function carrierAt(history: FileHistory, node: number, writer: number): number | undefined {
  const { latest, versionPrevious, versionContents, versionLayers, contents } = history;
  for (let at = latest[node]!; at >= 0; at = versionPrevious[at]!) {
    const carrier = versionContents[at]!;
    if (versionLayers[carrier] === writer && contents[carrier]) return carrier;
  }
  return undefined;
}

/** Bytes of each version that are wasted, for `viewFiles`. */
export function wasteByVersion(history: FileHistory, wasted: readonly WastedVersion[]): Float64Array {
  const bytes = new Float64Array(history.versionNodes.length);
  for (const { version, piece } of wasted) bytes[version] = piece.bytes;
  return bytes;
}
