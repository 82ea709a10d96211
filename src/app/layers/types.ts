// What is inside an image, as the fronts see it: layers, sizes, waste, versions of files.

import type { Digest } from '../../core/index.ts';
import type { DiveFigures, LayerStack, PathVersion, SizeNode, Waste } from '../../insight/inspect/index.ts';
import type { ImageOrigin } from '../../oci/image/index.ts';

/** Which image, wherever it lies; see docs/layers.md. */
export interface LookOptions {
  readonly image: string;
  readonly platform?: string;
  /** CA bundle trusted beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
  /** The image that it stands on, where that is to be said; see docs/layers.md. */
  readonly base?: string;
}

/** What stands around it. */
export interface LookSurroundings {
  readonly signal: AbortSignal;
  /** Told bytes of layers as they are read or fetched, and of how many; never for an image of the store. */
  readonly progress?: (done: number, total: number) => void;
}

export interface LayersOptions extends LookOptions {
  /** dive's figures too, which need some memory of their own. */
  readonly dive?: boolean;
  /** Sizes as a tree: of what a container sees, or of one layer, from 0. */
  readonly tree?: 'image' | number;
}

/** The image that was looked at. */
export interface LookedAtImage {
  readonly title: string;
  readonly origin: ImageOrigin;
  readonly imageId: Digest;
  readonly manifestDigest?: Digest;
  /** `linux/amd64`. */
  readonly platform: string;
}

export interface LayersResult {
  readonly image: LookedAtImage;
  readonly stack: LayerStack;
  readonly waste: Waste;
  readonly dive?: DiveFigures;
  readonly tree?: SizeNode;
}

export interface FileOptions extends LookOptions {
  /** As written: of a path in the image, from its root. */
  readonly path: string;
}

/** The versions of a path. */
export interface FileResult {
  readonly image: LookedAtImage;
  readonly stack: LayerStack;
  /** Where the path really is, links followed; clean and without a slash before it. */
  readonly path: string;
  /** Bottom first; at least one. */
  readonly versions: readonly PathVersion[];
}

export interface ExtractOptions extends FileOptions {
  /** The layer of the version that is meant, from 0; the last one if not given. */
  readonly layer?: number;
  /** A path to write to, or '-' for standard output. */
  readonly output: string;
}

export interface CompareOptions extends FileOptions {
  /** Layers of the two versions, from 0. */
  readonly layers: readonly [number, number];
}

/** Two versions compared. */
export interface CompareResult {
  readonly path: string;
  /** Layers, from 0. */
  readonly layers: readonly [number, number];
  /** In unified form; or why there is no text. */
  readonly diff: { readonly lines: readonly string[] } | { readonly withheld: string };
}

/** The verbs that look into one image. All take images wherever they lie. */
export interface LayerVerbs {
  /** @throws MilleError as `openImage` does; `usage` for a layer that is not there, or a base that is none */
  layers(options: LayersOptions, around: LookSurroundings): Promise<LayersResult>;
  /** @throws MilleError `file-missing` */
  fileVersions(options: FileOptions, around: LookSurroundings): Promise<FileResult>;
  /** Writes one version of a file. @throws MilleError `file-missing`; `usage` for what is no file */
  extractFile(options: ExtractOptions, around: LookSurroundings): Promise<void>;
  /** Compares two versions of a file. @throws MilleError `file-missing`, `usage` */
  compareFile(options: CompareOptions, around: LookSurroundings): Promise<CompareResult>;
}
