// What the use cases take and give, as plain data: the contract between `app` and the fronts. Everything that
// depends on the caller's surroundings (values taken from the environment, files of variables, the short forms
// of flags) is resolved by the front before it comes here.

import type { Entitlement } from '../build/execute/index.ts';
import type { SandboxLimits } from '../build/sandbox/index.ts';
import type { Digest, EventSink } from '../core/index.ts';
import type { JsonInstruction } from '../lang/dockerfile/index.ts';
import type { LayerPacking } from '../oci/store/index.ts';
import type { CompareBaseVerbs } from './base/compare/types.ts';
import type { SetBaseVerbs } from './base/set/types.ts';
import type { BaseVerbs } from './base/types.ts';
import type { BootstrapVerbs } from './bootstrap/types.ts';
import type { BudgetVerbs } from './budget/types.ts';
import type { BuildOptions, BuildResult, CheckResult, OutlineResult, TargetsResult } from './build/types.ts';
import type { CacheMountVerbs } from './cache-mounts/types.ts';
import type { CacheTravelVerbs } from './cache-travel/types.ts';
import type { CopyVerbs } from './copy/types.ts';
import type { CostVerbs } from './cost/types.ts';
import type { DiffVerbs } from './diff/types.ts';
import type { DiskVerbs } from './disk/types.ts';
import type { EditorVerbs } from './editor/types.ts';
import type { ExplainVerbs } from './explain/types.ts';
import type { ExploreVerbs } from './explore/types.ts';
import type { InspectRemoteVerbs } from './inspect-remote/types.ts';
import type { LayerVerbs } from './layers/types.ts';
import type { LifeCycleVerbs } from './life-cycles/types.ts';
import type { LintVerbs } from './lint/types.ts';
import type { LockVerbs } from './lock/types.ts';
import type { LoginVerbs } from './login/types.ts';
import type { OptimizeVerbs } from './optimize/types.ts';
import type { PackageVerbs } from './packages/types.ts';
import type { PushVerbs } from './push/types.ts';
import type { RebaseVerbs } from './rebase/types.ts';
import type { SearchVerbs } from './search/types.ts';
import type { SecretVerbs } from './secrets/types.ts';
import type { TagVerbs } from './tags/types.ts';
import type { VulnerabilityVerbs } from './vulnerabilities/types.ts';
import type { WhyVerbs } from './why/types.ts';

export type { JsonClause, JsonHeredoc, JsonInstruction } from '../lang/dockerfile/index.ts';
export type * from './attest/types.ts';
export type * from './base/compare/types.ts';
export type * from './base/set/types.ts';
export type * from './base/types.ts';
export type * from './bootstrap/types.ts';
export type * from './budget/types.ts';
export type * from './build/types.ts';
export type * from './cache-mounts/types.ts';
export type * from './cache-travel/types.ts';
export type * from './copy/types.ts';
export type * from './cost/types.ts';
export type * from './diff/types.ts';
export type * from './disk/types.ts';
export type * from './editor/types.ts';
export type * from './explain/types.ts';
export type * from './explore/types.ts';
export type * from './inspect-remote/types.ts';
export type * from './layers/types.ts';
export type * from './life-cycles/types.ts';
export type * from './lint/types.ts';
export type * from './lock/types.ts';
export type * from './login/types.ts';
export type * from './optimize/types.ts';
export type * from './packages/types.ts';
export type * from './push/types.ts';
export type * from './rebase/types.ts';
export type * from './search/types.ts';
export type * from './secrets/types.ts';
export type * from './tags/types.ts';
export type * from './vulnerabilities/types.ts';
export type * from './why/types.ts';

export type { Entitlement, LayerPacking };

/** What a container may use: numbers checked, in bytes and microseconds. */
export type ProcessLimits = SandboxLimits;

/** A name for /etc/hosts of containers. */
export interface ExtraHost {
  readonly name: string;
  /** An address of IP, or `host-gateway` for this machine. */
  readonly address: string;
}

/** How RUN, or the container of `run`, reaches the network. */
export type BuildNetwork = 'default' | 'host' | 'none';

export interface RunOptions {
  readonly image: string;
  /** Replace the image's Cmd, if any. */
  readonly args: readonly string[];
  /**
   * `K=V`, in order; a later one wins. `K` alone removes the image's variable, as in Docker. Files of variables and
   * names taken from the environment are resolved already.
   */
  readonly env: readonly string[];
  /** `-v` as written: `host:container[:options]`, or `container` alone. */
  readonly volumes: readonly string[];
  /** `--mount`, beside `volumes` and `tmpfs`. */
  readonly mounts?: readonly RunMount[];
  readonly workdir?: string;
  readonly user?: string;
  /** One executable; '' clears the image's entry point. Either way the image's Cmd is not used. */
  readonly entrypoint?: string;
  readonly name?: string;
  readonly hostname?: string;
  /** Standard input is passed on. */
  readonly interactive: boolean;
  /** A terminal is made for the command. */
  readonly tty: boolean;
  readonly network: 'host' | 'none';
  readonly readOnly: boolean;
  /** Remove the container's writable layer at the end. */
  readonly rm: boolean;
  readonly platform?: string;
  readonly ca?: string;
  /** A limit that this machine cannot keep is an error. */
  readonly limits?: ProcessLimits;
  readonly extraHosts?: readonly ExtraHost[];
  /** As written: `NET_ADMIN`, `CAP_NET_ADMIN`, `ALL`. */
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  /** `--tmpfs` as written: `/path[:options]`. */
  readonly tmpfs?: readonly string[];
  /** `--group-add`: groups of the process beside its user's, by number or by a name that the image knows. */
  readonly groups?: readonly string[];
}

/** Something that is mounted in the container of `run`, by `--mount`. */
export type RunMount =
  | {
      readonly type: 'bind';
      /** Of the host, where it has to be; counts from the working directory where it begins with a dot. */
      readonly source: string;
      readonly target: string;
      readonly readonly: boolean;
    }
  /** A directory of the container's own, with what the image has there. */
  | { readonly type: 'volume'; readonly target: string; readonly readonly: boolean }
  | {
      readonly type: 'tmpfs';
      readonly target: string;
      readonly readonly: boolean;
      /** Bytes. */
      readonly size?: number;
      readonly mode?: number;
    };

export interface ImageFilter {
  /** `REPOSITORY[:TAG]`, where `*` matches within a part. */
  readonly reference?: string;
  /** True: only images without a name; false: only those with one. */
  readonly dangling?: boolean;
}

/** One name of one image; an image without a name has one row without `repository` and `tag`. */
export interface ImageRow {
  /** In its familiar form: `app`, `host:5000/team/app`. */
  readonly repository?: string;
  readonly tag?: string;
  readonly imageId: Digest;
  readonly manifest: Digest;
  /** Of the index that the name points to, as at its registry; where there is none it is the manifest. */
  readonly digest?: Digest;
  /** RFC 3339, as in the config. */
  readonly created?: string;
  /** Bytes of all layers, uncompressed. */
  readonly bytes: number;
  readonly layers: number;
  /** `linux/amd64`. */
  readonly platform: string;
  /** What is wrong with an image that cannot be read, of which nothing else is known. */
  readonly damage?: string;
  /** Layers that are not here yet, as they are sent. */
  readonly distant?: { readonly layers: number; readonly bytes: number };
}

/** One history entry. `history` gives the newest first, as Docker does. */
export interface HistoryRow {
  /** The image's id on the newest row only. */
  readonly imageId?: Digest;
  /** RFC 3339. */
  readonly created?: string;
  readonly createdBy: string;
  readonly comment: string;
  /** Bytes of the layer, uncompressed; as it is sent where it is not here; 0 where the instruction made none. */
  readonly bytes: number;
  /** The layer is not here yet. */
  readonly distant?: true;
  readonly emptyLayer: boolean;
  /** Absent where the instruction made no layer. */
  readonly diffId?: Digest;
}

/** One image in the field names of `docker image inspect`. */
export type ImageDocument = Readonly<Record<string, unknown>>;

/** Which image of several platforms is meant, as written; by default the one for this machine, or else the first. */
export interface PlatformChoice {
  readonly platform?: string;
}

/** How to save. Of an image of several platforms all are saved unless one is chosen. */
export interface SaveOptions extends PlatformChoice {
  /** Told bytes of layers that have to be fetched first. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** How to remove: with a platform, only the image for that one. */
export interface RmiOptions extends PlatformChoice {
  readonly force: boolean;
}

/** What `rmi` did, in order. */
export type RmiEvent =
  | { readonly type: 'untagged'; readonly name: string }
  | { readonly type: 'deleted'; readonly imageId: Digest };

export interface LoadedImage {
  readonly imageId: Digest;
  /** Familiar names, e.g. `app:latest`; none for an image without a name. */
  readonly names: readonly string[];
}

/**
 * When a registry is asked: each time, or only for an image that is not there, or never. `newer`: each time, but where
 * it cannot be asked the image that is there will do.
 */
export type PullPolicy = 'always' | 'missing' | 'never' | 'newer';

export interface PullOptions {
  /** As written: `python:3.12`, `host:5000/app@sha256:…`. */
  readonly image: string;
  readonly platform?: string;
  /** CA bundle trusted beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
  /** As written: `[REGISTRY=]ADDRESS`; asked before those of the settings. */
  readonly registryMirrors?: readonly string[];
  /** Unpacks its layers too, so that what runs on it first need not. */
  readonly unpack?: boolean;
}

export interface PullResult {
  /** What the reference means at the registry: the digest of an index, or of the manifest. */
  readonly digest: Digest;
  readonly imageId: Digest;
  /** Familiar, with tag or digest: `python:3.12`. */
  readonly name: string;
  /** With registry and all: `docker.io/library/python:3.12`. */
  readonly whole: string;
  /** Whether the image was not in the store before. */
  readonly fresh: boolean;
}

/** The tags of a repository that were pulled. */
export interface PullAllResult {
  /** Familiar, without a tag; and with its registry. */
  readonly name: string;
  readonly repository: string;
  readonly pulled: readonly PullResult[];
  /** Tags that are no image, or none for the platform: each was a warning. */
  readonly left: number;
}

export interface ProvideOptions extends PullOptions {
  readonly pull: PullPolicy;
}

/** A word as it was given, and what it expands to: a text, words where they were asked for, or null and why not. */
export interface ExpandedWord {
  readonly word: string;
  readonly result: string | readonly string[] | null;
  readonly error?: string;
}

/** The use cases: what `app/index.ts` exports. All of them throw MilleError for what a user can meet. */
export interface App
  extends BaseVerbs,
    RebaseVerbs,
    CompareBaseVerbs,
    SetBaseVerbs,
    BootstrapVerbs,
    BudgetVerbs,
    CacheMountVerbs,
    CacheTravelVerbs,
    CopyVerbs,
    CostVerbs,
    DiffVerbs,
    DiskVerbs,
    EditorVerbs,
    ExplainVerbs,
    InspectRemoteVerbs,
    LayerVerbs,
    PackageVerbs,
    PushVerbs,
    SearchVerbs,
    SecretVerbs,
    TagVerbs,
    ExploreVerbs,
    LifeCycleVerbs,
    LintVerbs,
    LockVerbs,
    LoginVerbs,
    OptimizeVerbs,
    VulnerabilityVerbs,
    WhyVerbs {
  /**
   * Builds an image. Aborting ends every process at once, cleans up and rejects with `interrupted`. A failing RUN
   * rejects with `step-failed`, with the place and the last lines of output.
   */
  build(options: BuildOptions, events: EventSink, signal: AbortSignal): Promise<BuildResult>;
  /** Checks the Dockerfile of a build: all of its stages, or those that the target needs. Builds nothing. */
  check(options: BuildOptions): Promise<CheckResult>;
  /** What the target of a build can be given: arguments, secrets, agents. */
  outline(options: BuildOptions): Promise<OutlineResult>;
  /** The stages of a Dockerfile that can be built. */
  targets(options: BuildOptions): Promise<TargetsResult>;
  /**
   * Runs a container on this process's standard streams, passes signals on, and resolves to its exit status
   * (128 + n after signal n). Rejects with `run-failed`, `command-not-executable` or `command-missing` where it
   * never ran.
   */
  run(options: RunOptions): Promise<number>;
  /** The images of the store, newest first. */
  images(filter?: ImageFilter): Promise<readonly ImageRow[]>;
  history(name: string, options?: PlatformChoice): Promise<readonly HistoryRow[]>;
  /** One document a name, in the order given. */
  inspect(names: readonly string[], options?: PlatformChoice): Promise<readonly ImageDocument[]>;
  tag(source: string, target: string): Promise<void>;
  rmi(names: readonly string[], options: RmiOptions): Promise<readonly RmiEvent[]>;
  /**
   * Writes one archive, at once a Docker archive and an OCI layout, to a path, or '-' for standard output. Aborting
   * removes what was written and rejects with `interrupted`.
   */
  save(names: readonly string[], output: string, options?: SaveOptions): Promise<void>;
  /** Reads an archive of either kind from a path, or '-' for standard input. */
  load(input: string, options?: PlatformChoice): Promise<readonly LoadedImage[]>;
  /** Fetches an image from its registry. Progress comes as a build's of one step. */
  pull(options: PullOptions, events: EventSink, signal: AbortSignal): Promise<PullResult>;
  /** Fetches all tags of a repository that are images for the platform. Progress comes as a build's of one step for each. */
  pullAll(options: PullOptions, events: EventSink, signal: AbortSignal): Promise<PullAllResult>;
  /** Makes sure that an image can be run, by pulling it where the policy says so. Silent where there is nothing to do. */
  provide(options: ProvideOptions, events: EventSink, signal: AbortSignal): Promise<void>;
  /** The instructions of a Dockerfile at a path, or '-' for standard input: its syntax alone, what they mean is not checked. */
  parse(file: string): Promise<readonly JsonInstruction[]>;
  /** Expands the words that a JSON file at a path, or '-' for standard input, lists with their variables. */
  expand(file: string): Promise<readonly ExpandedWord[]>;
}
