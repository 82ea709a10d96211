// What the verbs about vulnerabilities take and give.

import type { SystemName } from '../../insight/packages/index.ts';
import type {
  Finding,
  NotLookedUp,
  SeverityCount,
  VulnerabilityCounts,
  Waived,
  Waiver,
} from '../../insight/vulnerabilities/index.ts';
import type { LayerCause } from '../layer-causes.ts';
import type { InsideOptions, LookedAt } from '../packages/types.ts';
import type { HeldData } from './advisory-data.ts';

export type { Finding, HeldData, NotLookedUp, SeverityCount, VulnerabilityCounts, Waived, Waiver };

export interface VulnerabilityOptions extends InsideOptions {
  /** A directory, an archive or a database; the store's own data if none is named. */
  readonly data?: string;
  /** A file of what is to be passed over; `.millevulns` in the working directory if none is named and it is there. */
  readonly waivers?: string;
  /** Documents in OpenVEX. */
  readonly vex?: readonly string[];
  /** `2026-11-26`, for what is waived until a day. */
  readonly today: string;
}

/** The known vulnerabilities of an image. */
export interface VulnerabilitiesResult {
  readonly image: LookedAt;
  readonly system?: SystemName;
  /** From the lowest; packages speak of them by index. */
  readonly layers: readonly LayerCause[];
  /** From the worst. */
  readonly findings: readonly Finding[];
  /** Absent where nothing could be looked up: that is no zero. */
  readonly counts?: VulnerabilityCounts;
  /** Packages that were looked up. */
  readonly lookedUp: number;
  readonly notLookedUp: readonly NotLookedUp[];
  /** The data that was used. */
  readonly data: readonly HeldData[];
  readonly waived: readonly Waived[];
  readonly expired: readonly Waiver[];
  readonly unused: readonly Waiver[];
  /** What could not be read. */
  readonly notes: readonly string[];
}

export interface UpdateOptions {
  /** As the OSV schema names them, also with a release: `Debian:12`. */
  readonly ecosystems: readonly string[];
  /** An image whose packages tell which. */
  readonly image?: string;
  /** Base of the URLs instead of what is set, or a directory or archive of records. */
  readonly from?: string;
  readonly inside?: InsideOptions;
  /** RFC 3339. */
  readonly now: string;
}

/** A step of an update. */
export type UpdateEvent =
  | { readonly kind: 'fetching'; readonly ecosystem: string; readonly done: number; readonly total?: number }
  | { readonly kind: 'unchanged'; readonly ecosystem: string; readonly held: HeldData }
  | {
      readonly kind: 'updated';
      readonly ecosystem: string;
      readonly held: HeldData;
      readonly notes: readonly string[];
    };

/** A database that is held, with what it takes. */
export interface HeldDatabase extends HeldData {
  readonly bytes: number;
  readonly from: string;
}

/** The verbs about vulnerabilities. */
export interface VulnerabilityVerbs {
  /**
   * Looks for known vulnerabilities of the packages of an image, wherever it lies.
   * @throws as `packages` does; MilleError `io`, `file-format` for what the options name
   */
  vulnerabilities(
    image: string,
    options: VulnerabilityOptions,
    signal?: AbortSignal,
  ): Promise<VulnerabilitiesResult>;
  /**
   * Fetches data, each ecosystem whole or not at all.
   * @throws MilleError `usage` for what is no ecosystem; `network`, `archive-broken`, `interrupted`
   */
  updateVulnerabilityData(
    options: UpdateOptions,
    events: (event: UpdateEvent) => void,
    signal?: AbortSignal,
  ): Promise<readonly HeldData[]>;
  /** What is held. */
  vulnerabilityData(): Promise<readonly HeldDatabase[]>;
}
