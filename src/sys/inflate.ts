// Small things that are compressed inside of other things (members of zip archives, objects of git): in one call, bounded.

/** How bytes are compressed: `raw` as in zip, `zlib` as in git, `gzip` as in files. */
export type Deflated = 'raw' | 'zlib' | 'gzip';

/** What was inflated, and how many bytes of the input that took. */
export interface Inflated {
  readonly bytes: Uint8Array;
  readonly consumed: number;
}

/** Inflates what stands at the start of some bytes; undefined for damaged data and for more than `most` bytes. */
export async function inflateAtMost(
  bytes: Uint8Array,
  format: Deflated,
  most: number,
): Promise<Inflated | undefined> {
  // Loaded when needed: see compress.ts.
  const { gunzipSync, inflateRawSync, inflateSync } = await import('node:zlib');
  const inflate = format === 'raw' ? inflateRawSync : format === 'zlib' ? inflateSync : gunzipSync;
  try {
    const options = { maxOutputLength: Math.max(1, most), info: true };
    const result = inflate(bytes, options) as unknown as {
      readonly buffer: Uint8Array;
      readonly engine: { readonly bytesWritten: number };
    };
    return { bytes: result.buffer, consumed: result.engine.bytesWritten };
  } catch {
    return undefined;
  }
}
