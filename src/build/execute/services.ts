// What executing needs from outside, handed in: nothing here is a global, so a build can be tested with any of it.

import type { Digest, EventSink } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import type { Cache, Explanation, StepRecord } from '../cache/index.ts';
import type { BuildContext } from '../context/index.ts';
import type { Step } from '../graph/index.ts';
import type { Runtime } from '../sandbox/index.ts';
import type { RemoteSources, Report } from '../source/index.ts';
import type { BuildSecrets } from './redact.ts';
import type { RunSettings } from './run-settings.ts';
import type { Trust } from './trust.ts';

/** What the cache said of a step: what was found, or why nothing was. */
export type LookedUp =
  | { readonly key: Digest; readonly hit: StepRecord }
  | { readonly key: Digest; readonly explanation: Explanation };

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
  readonly events: EventSink;
  /** Told of each look into the cache, for the build's record. */
  readonly lookedUp?: (step: Step, found: LookedUp) => void;
  readonly signal: AbortSignal;
  /** Seconds since the epoch. */
  readonly now: () => number;
  /** The flag that wants every step executed, whatever the cache holds; absent where none does. */
  readonly noCache?: string;
  /** Names of stages that alone are treated so, in lower case. */
  readonly noCacheStages: ReadonlySet<string>;
  /** What identifies this project among all that share the store: its context and Dockerfile. */
  readonly scope: string;
  readonly buildId: string;
  /** With --reproducible: later times become this one, seconds since the epoch. */
  readonly clampTime?: number;
  /** CA bundle for RUN, with no trace in the image. */
  readonly trust?: Trust;
  /** For RUN --mount=type=secret. */
  readonly secrets: BuildSecrets;
  /** Absolute paths of the sockets of SSH agents, by id, for RUN --mount=type=ssh. */
  readonly agents: ReadonlyMap<string, string>;
  readonly run: RunSettings;
  /** Proxy variables of the surroundings, for RUN alone. */
  readonly proxies: Readonly<Record<string, string>>;
}
