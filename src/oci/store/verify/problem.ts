// What can be wrong with a store, as plain data: found by the checks beside this file, put right by `repair.ts`.

import type { Blobs } from '../blobs.ts';
import type { Images } from '../images.ts';
import type { Indexes } from '../indexes.ts';
import type { Layers } from '../layers.ts';

/**
 * What a problem is about. `index`: index.json; `image-index`: an image of several platforms; `leftover`: what killed processes left, which harms nobody; `stranger`: a file that no
 * store makes.
 */
export type ProblemKind =
  | 'database'
  | 'layout'
  | 'index'
  | 'blob'
  | 'layer'
  | 'image'
  | 'image-index'
  | 'name'
  | 'unpacked'
  | 'link'
  | 'record'
  | 'mount'
  | 'stranger'
  | 'leftover';

/** Something that is wrong. */
export interface StoreProblem {
  readonly kind: ProblemKind;
  /** A digest, a name, or a path from the store's directory: what a repair is told. */
  readonly subject: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Whether a repair can forget it. */
  readonly repairable: boolean;
  /** Nothing relies on it, and it goes by itself or with `mille prune`. */
  readonly harmless?: boolean;
}

/** How much to look at. */
export interface VerifyOptions {
  /** Reads every byte: digests, what layers hold, files of unpacked layers. Without it, sizes alone. */
  readonly deep: boolean;
}

/** The parts of a store that are asked. */
export interface VerifyParts {
  readonly blobs: Blobs;
  readonly layers: Layers;
  readonly images: Images;
  readonly indexes: Indexes;
}
