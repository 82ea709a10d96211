import type { ByteSink, ScannedLayer } from './types.ts';
export interface ScanOptions {
  /** Told how many bytes of the tar were read so far. */
  readonly onProgress?: (bytes: number) => void;
}
/** Reads a layer's plain tar to its end. */
export async function scanLayer(
  _stream: AsyncIterable<Uint8Array>,
  _options: ScanOptions = {},
): Promise<ScannedLayer> {
  throw new Error('not written yet');
}
/** Like `scanLayer`, passing the tar on unchanged. */
export async function copyAndScan(
  _stream: AsyncIterable<Uint8Array>,
  _sink: ByteSink,
  _options: ScanOptions = {},
): Promise<ScannedLayer> {
  throw new Error('not written yet');
}
