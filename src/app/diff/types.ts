// What `diff` takes and gives.

import type {
  ChangeGroup,
  ConfigChange,
  FileChange,
  PackageChange,
  TreeTotals,
} from '../../insight/differences/index.ts';
import type { InsideOptions, LayerCause, LookedAt } from '../packages/types.ts';

export type { ChangeGroup, ConfigChange, FileChange, PackageChange };

export interface DiffOptions extends InsideOptions {
  /** Compares the text of one file, and nothing else. */
  readonly file?: string;
}

/** One of two images. */
export interface DiffSide {
  readonly image: LookedAt;
  readonly layers: readonly LayerCause[];
  /** Bytes of all layers, as tars and as stored or sent. */
  readonly bytes: number;
  readonly sent: number;
  readonly tree: TreeTotals;
}

/** The text of one file in both. */
export interface TextComparison {
  /** A clean path. */
  readonly path: string;
  readonly equal: boolean;
  /** Lines of a unified diff, without its head; absent where they are equal or `withheld` says why. */
  readonly lines?: readonly string[];
  readonly added: number;
  readonly removed: number;
  /** Why nothing is shown. */
  readonly withheld?: string;
  readonly inBefore: boolean;
  readonly inAfter: boolean;
}

/** Two images compared. */
export interface DiffResult {
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** How many of the lowest layers are the same. */
  readonly sharedLayers: number;
  /** Nothing differs but times, if that. */
  readonly equal: boolean;
  readonly config: readonly ConfigChange[];
  readonly packages: readonly PackageChange[];
  readonly groups: readonly ChangeGroup[];
  /** By path. */
  readonly files: readonly FileChange[];
  readonly sameFiles: number;
  /** Paths that differ in nothing but their times. */
  readonly timesOnly: number;
  /** Compiled modules of Python that differ in nothing but the time of their source. */
  readonly bytecodeOnly: number;
  /** Databases of packages and the like that could not be read. */
  readonly notes: readonly string[];
  readonly text?: TextComparison;
}

/** The verb. */
export interface DiffVerbs {
  /**
   * Compares two images, or the images of two builds by their ids, wherever they lie. Without the first one it is the
   * image of the build before, from the same Dockerfile and target.
   * @throws MilleError `image-missing` and others of opening an image; `source-missing` for a file that neither has;
   *   `build-missing` where there is no build before
   */
  diff(
    before: string | undefined,
    after: string,
    options?: DiffOptions,
    signal?: AbortSignal,
  ): Promise<DiffResult>;
}
