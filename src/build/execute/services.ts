// What executing needs from outside, handed in: nothing here is a global, so a build can be tested with any of it.

import type { Digest, EventSink } from '../../core/index.ts';
import type { Descriptor, LayerInfo } from '../../oci/image/index.ts';
import type { DistantLayers, Store } from '../../oci/store/index.ts';
import type { Cache, CachedResult, Explanation, StepRecord } from '../cache/index.ts';
import type { BuildContext } from '../context/index.ts';
import type { AddStep, CopyStep, NamedInput, RunStep, Step, StepReads } from '../graph/index.ts';
import type { Runtime, Tracer } from '../sandbox/index.ts';
import type { RemoteSources, Report } from '../source/index.ts';
import type { LeakWatch } from './leaks.ts';
import type { BuildSecrets } from './redact.ts';
import type { RunSettings } from './run-settings.ts';
import type { Trust } from './trust.ts';

/** What the cache said of a step: what was found, or why nothing was. */
export type LookedUp =
  | { readonly key: Digest; readonly hit: StepRecord }
  | { readonly key: Digest; readonly explanation: Explanation };

/** A step that was found or executed. */
export interface FinishedStep {
  readonly step: Step;
  readonly key: Digest;
  readonly inputs: readonly NamedInput[];
  readonly result: CachedResult;
  /** What it took when it was executed. */
  readonly seconds: number;
  /** When that was, milliseconds since the epoch. */
  readonly made: number;
}

/** What a build with caches from elsewhere, or one that is to be written elsewhere, does beside. */
export interface Travel {
  /** Layers that are known and not in the store; `store` and `cache` know them too. */
  readonly distant: DistantLayers;
  /** Makes the layers of a base image known; false where they have to be brought. */
  takeBase(base: {
    readonly diffIds: readonly Digest[];
    readonly descriptors: readonly Descriptor[];
    readonly load: (progress: (bytes: number) => void) => Promise<unknown>;
  }): boolean;
  /** To be awaited before a miss is explained. */
  ready(): Promise<void>;
  /** Told of every step. */
  note(finished: FinishedStep): void;
}

/** Told what was seen of the steps that are executed. Nothing of it is in a key: what is cached is not seen. */
export interface ReadsWatch {
  /** @throws MilleError which says why nothing can be watched */
  tracer(): Promise<Tracer>;
  reads(step: RunStep, reads: StepReads): void;
  /** A step that was executed unseen, and why. */
  unwatched(step: RunStep, why: string): void;
  /** Where in its source each path came from that COPY or ADD placed; an archive's where it was unpacked. */
  placed(step: CopyStep | AddStep, origins: ReadonlyMap<string, string>): void;
  /** A step is not executed since the same one of another stage was: what was told of that is true of it. */
  same(step: Step, as: Step): void;
}

/** The services and settings of one build. */
export interface ExecuteServices {
  readonly store: Store;
  readonly cache: Cache;
  /** Opened when the first step reads it. */
  readonly context: () => BuildContext;
  /** A named context of files, opened, and fetched if need be, by the first step that reads it. */
  readonly namedContext: (name: string, report: Report) => Promise<BuildContext>;
  /** Where ADD fetches from. */
  readonly sources: RemoteSources;
  /** Probed when the first RUN has to run. */
  readonly runtime: () => Promise<Runtime>;
  /** Absent where no cache travels. */
  readonly travel?: Travel;
  readonly events: EventSink;
  /** Images, by their keys, whose layers stay where they are: no step looks into them, and no output needs them here. */
  readonly unread?: ReadonlySet<string>;
  /** Told of each look into the cache, for the build's record. */
  readonly lookedUp?: (step: Step, found: LookedUp) => void;
  /** Given what a step made, says what is to stand in its place; nothing of such a build is recorded. For --verify. */
  readonly instead?: (step: Step, layer: LayerInfo | undefined) => Promise<LayerInfo | undefined>;
  /** Commands are watched, which makes them slower, only where somebody wants to know. */
  readonly watch?: ReadsWatch;
  readonly signal: AbortSignal;
  /** Seconds since the epoch. */
  readonly now: () => number;
  /** The flag that wants every step executed, whatever the cache holds; absent where none does. */
  readonly noCache?: string;
  /** Names of stages that alone are treated so, in lower case. */
  readonly noCacheStages: ReadonlySet<string>;
  /** With it, steps are looked for only among those that were recorded with the same text. */
  readonly cacheNamespace?: string;
  /** What identifies this project among all that share the store: its context and Dockerfile. */
  readonly scope: string;
  readonly buildId: string;
  /** With --reproducible: later times become this one, seconds since the epoch. */
  readonly clampTime?: number;
  /** CA bundle for RUN, with no trace in the image. */
  readonly trust?: Trust;
  /** Looks for secrets in what is copied; absent where nobody wants to know. */
  readonly leaks?: LeakWatch;
  /** For RUN --mount=type=secret. */
  readonly secrets: BuildSecrets;
  /** Absolute paths of the sockets of SSH agents, by id, for RUN --mount=type=ssh. */
  readonly agents: ReadonlyMap<string, string>;
  /** Set before the ids of cache mounts, so that they are others than those of other builds. */
  readonly mountSpace?: string;
  readonly run: RunSettings;
  /** Proxy variables of the surroundings, for RUN alone. */
  readonly proxies: Readonly<Record<string, string>>;
}
