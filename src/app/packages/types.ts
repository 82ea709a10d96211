// What `packages` and `sbom` take and give.

import type { GonePackage, InstalledPackage, SystemName } from '../../insight/packages/index.ts';
import type { ImageOrigin } from '../../oci/image/index.ts';
import type { LayerCause } from '../layer-causes.ts';
import type { PlatformChoice } from '../types.ts';

export type { InstalledPackage, LayerCause, SystemName };

/** How to get at an image. */
export interface InsideOptions extends PlatformChoice {
  /** CA bundle trusted for registries beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
}

export interface PackagesOptions extends InsideOptions {
  /** Kinds of packages, as written; all of them if not given. */
  readonly types?: readonly string[];
}

/** Which image was looked at. */
export interface LookedAt {
  readonly title: string;
  readonly origin: ImageOrigin;
  readonly imageId: string;
  readonly manifestDigest?: string;
  /** `linux/amd64`. */
  readonly platform: string;
  /** RFC 3339. */
  readonly created?: string;
}

/** The packages of an image. */
export interface PackagesResult {
  readonly image: LookedAt;
  readonly system?: SystemName;
  /** From the lowest; packages speak of them by index. */
  readonly layers: readonly LayerCause[];
  readonly packages: readonly InstalledPackage[];
  /** Packages of lower layers that a layer removed; their bytes are still sent. */
  readonly gone: readonly GonePackage[];
  /** What could not be read. */
  readonly notes: readonly string[];
}

/** The forms of an inventory for other programs. */
export type SbomFormat = 'cyclonedx-json' | 'spdx-json';

export interface SbomOptions extends InsideOptions {
  readonly format: SbomFormat;
}

/** An inventory as a document. */
export interface SbomResult {
  readonly text: string;
  readonly packages: number;
  readonly notes: readonly string[];
}

/** The verbs about what an image holds. */
export interface PackageVerbs {
  /**
   * Lists the packages of an image, wherever it lies, each with the layer that brought it.
   * @throws MilleError `usage` for a kind of packages that there is none of
   * @throws MilleError `image-missing`, `reference-invalid`, `platform-unsupported`; `archive-broken` and the like for
   *   a damaged layer, not for a damaged database in it
   */
  packages(image: string, options?: PackagesOptions, signal?: AbortSignal): Promise<PackagesResult>;
  /** The same as a document: the same image gives the same bytes. */
  sbom(image: string, options: SbomOptions, signal?: AbortSignal): Promise<SbomResult>;
}
