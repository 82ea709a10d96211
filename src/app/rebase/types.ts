// `mille rebase` as data.

import type { Digest, EventSink } from '../../core/index.ts';
import type { Concern } from '../../insight/rebase/index.ts';
import type { CheckVerdict } from '../../insight/verify/index.ts';

export type { Concern } from '../../insight/rebase/index.ts';

/** What is to stand on what. */
export interface RebaseOptions {
  /** The image; it is pulled where the store does not have it. */
  readonly image: string;
  /** Its new base, likewise. */
  readonly onto: string;
  /** The base that it stands on; by default what its annotations, the records of builds and the store say. */
  readonly from?: string;
  /** Names for the result; none is needed. */
  readonly tags: readonly string[];
  /** Only look. */
  readonly dryRun: boolean;
  /** Make it in spite of what breaks. */
  readonly force: boolean;
  /** Commands that must end well and say the same in containers of both images, or nothing is made. */
  readonly checks: readonly string[];
  /** They may reach the network. */
  readonly checkNetwork: boolean;
  readonly platform?: string;
  /** CA bundle trusted for registries beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
}

/** One of the images that a rebase is about. */
export interface RebaseImage {
  readonly title: string;
  readonly imageId: Digest;
  readonly layers: number;
  /** Of its layers as tars. */
  readonly bytes: number;
}

/** What was found, and what was made. */
export interface RebaseResult {
  readonly image: RebaseImage;
  readonly from: RebaseImage;
  readonly onto: RebaseImage;
  /** The image's own layers, bottom first. */
  readonly own: readonly { readonly instruction: string; readonly bytes: number }[];
  /** Names of parts of the config; see `ConfigMerge`. */
  readonly config: {
    readonly taken: readonly string[];
    readonly kept: readonly string[];
    readonly rewoven: readonly string[];
  };
  /** What breaks comes first. */
  readonly concerns: readonly Concern[];
  /** Nothing breaks, as far as can be seen. */
  readonly safe: boolean;
  /** What commands said of both images; absent where none was given, or nothing was made to be asked. */
  readonly checks?: readonly CheckVerdict[];
  /** All that was asked ended alike. */
  readonly alike?: boolean;
  /** Absent where nothing was made. */
  readonly made?: {
    readonly imageId: Digest;
    readonly manifest: Digest;
    /** Familiar. */
    readonly names: readonly string[];
  };
}

/** The verb. */
export interface RebaseVerbs {
  /**
   * Puts an image's own layers on another base, without building, where nothing speaks against it.
   * @throws MilleError `image-missing`, `reference-invalid`, `platform-unsupported`, `base-unknown`, and what a pull does
   */
  rebase(options: RebaseOptions, events: EventSink, signal: AbortSignal): Promise<RebaseResult>;
}
