// Caches that travel, as the fronts see them.

import type { EventSink } from '../../core/index.ts';
import type { LayerPacking } from '../../oci/store/index.ts';

/** One `--cache-from`. Paths are relative to the working directory. */
export type CacheSourceSpec =
  | { readonly type: 'local'; readonly src: string; readonly tag?: string; readonly digest?: string }
  | { readonly type: 'registry'; readonly ref: string; readonly plain?: boolean };

/** What every `--cache-to` but that into the image itself says. */
interface CacheTargetSettings {
  /** `min`: only the steps that the image stands on; `max`: all steps of all stages. */
  readonly mode: 'min' | 'max';
  /** Of layers that are in no compression yet; gzip by default. */
  readonly compression: LayerPacking;
  /** Whether the build succeeds where the cache cannot be written. */
  readonly ignoreError: boolean;
}

/** One `--cache-to`. */
export type CacheTargetSpec =
  | ({ readonly type: 'local'; readonly dest: string; readonly tag?: string } & CacheTargetSettings)
  | ({ readonly type: 'registry'; readonly ref: string; readonly plain?: boolean } & CacheTargetSettings)
  /** In the config of the image. */
  | { readonly type: 'inline' };

/** What `mille cache export` wrote. */
export interface ExportedCache {
  readonly records: number;
  readonly layers: number;
  /** Bytes of all blobs, and of those that were not there. */
  readonly size: number;
  readonly sent: number;
}

/** What `mille cache import` brought. */
export interface ImportedCache {
  /** Records that were not known. */
  readonly records: number;
  /** Layers that were not in the store. */
  readonly layers: number;
  readonly bytes: number;
}

/** The use cases of the cache of steps that travels. Progress comes as a build's of one step. */
export interface CacheTravelVerbs {
  /** Writes all records of the store, and the layers that they lead to, into a directory. */
  exportCache(directory: string, events: EventSink, signal: AbortSignal): Promise<ExportedCache>;
  /** Takes over what a directory holds. */
  importCache(directory: string, events: EventSink, signal: AbortSignal): Promise<ImportedCache>;
}
