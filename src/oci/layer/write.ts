import type { ByteSink, LayerSourceEntry, ScannedLayer } from './types.ts';
export interface WriteOptions {
  /** Seconds since the epoch; later times become this one. */
  readonly clampTime?: number;
  /** Take the digests of entries as true and do not hash their content again. */
  readonly trustDigests?: boolean;
  /** Told the bytes written so far. */
  readonly onProgress?: (bytes: number) => void;
}
/**
 * Writes a layer's tar in the order given, and hashes it and the content of its files on the way.
 * @throws MilleError `io` naming a file whose size changed while it was read
 */
export async function writeLayer(
  _entries: Iterable<LayerSourceEntry> | AsyncIterable<LayerSourceEntry>,
  _sink: ByteSink,
  _options: WriteOptions = {},
): Promise<ScannedLayer> {
  throw new Error('not written yet');
}
