// What a build takes and gives, and what looking at its Dockerfile gives.

import type { Entitlement } from '../../build/execute/index.ts';
import type { BuildTarget, Outline, StepReads } from '../../build/graph/index.ts';
import type { Diagnostic, Digest, MilleError, SourceText } from '../../core/index.ts';
import type { LayerPacking } from '../../oci/store/index.ts';

import type { AttestationOptions } from '../attest/types.ts';
import type { CacheSourceSpec, CacheTargetSpec } from '../cache-travel/types.ts';
import type { BuildNetwork, ExtraHost, ProcessLimits, PullPolicy } from '../types.ts';

export type { MountReads, StepReads } from '../../build/graph/index.ts';

/** One `-o`: where a build's result goes. */
export type OutputSpec = DirectoryOutput | TarOutput | StoreOutput | RegistryOutput | ArchiveOutput;

/** How files are written. */
interface FilesSettings {
  /** Whether those of each platform get a directory of their own, as those of several do if nothing is said. */
  readonly platformSplit?: boolean;
  /** Before the names of files that attest something. */
  readonly attestationPrefix?: string;
}

/** Files, into a directory. */
export interface DirectoryOutput extends FilesSettings {
  readonly type: 'local';
  readonly dest: string;
}

/** Files, as a tar at a path or, for '-', on standard output. */
export interface TarOutput extends FilesSettings {
  readonly type: 'tar';
  readonly dest: string;
}

/** How an image is written. */
export interface ImageSettings {
  /** As written; only where the build gives no names. */
  readonly names?: readonly string[];
  /** Besides those of the build, which win. */
  readonly annotations?: readonly Annotation[];
  /** By default layers are written as they are. */
  readonly compression?: LayerPacking;
  /** Attestations are artifacts that name their subjects, as OCI 1.1 has them. */
  readonly artifact?: boolean;
  /** Whether the image gets an index for the sake of what is only attested where there is one; as for a store or a registry by default. */
  readonly attestInline?: boolean;
}

/** An image in the local store. */
export interface StoreOutput extends ImageSettings {
  readonly type: 'image';
}

/** The registries that the names say. Layers that are plain are compressed with gzip if nothing else is said. */
export interface RegistryOutput extends ImageSettings {
  readonly type: 'registry';
  /** Speaks without TLS. */
  readonly plain?: boolean;
  /** Gives no tag: the image is found by its digest alone. */
  readonly byDigest?: boolean;
}

/** An archive at a path, or on standard output for '-'. */
export interface ArchiveOutput extends ImageSettings {
  readonly type: 'oci' | 'docker';
  readonly dest: string;
  /** An OCI layout in a directory instead. */
  readonly directory?: boolean;
}

/** A `--secret`: read when the build starts. A variable that is not set gives no secret. */
export interface SecretOption {
  readonly id: string;
  readonly source:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'variable'; readonly name: string }
    /** For builds of our own: nobody can write it. */
    | { readonly kind: 'value'; readonly value: string };
}

/** A `--ssh`: the socket of an agent, or files of private keys. */
export interface SshOption {
  readonly id: string;
  /** One path, or several of keys. */
  readonly paths: readonly string[];
}

/** What a named context is taken from; paths are relative to the working directory. */
export type ContextPlace =
  /** A directory, or the address of a repository or a file. */
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'layout'; readonly path: string; readonly tag?: string; readonly digest?: string };

/** A `--build-context`. */
export interface ContextOption {
  /** As written. */
  readonly name: string;
  readonly place: ContextPlace;
}

/** An `--annotation`. */
export interface Annotation {
  /** What it stands in: the manifest, the index of several, or what points to one of them. */
  readonly on: 'manifest' | 'manifest-descriptor' | 'index' | 'index-descriptor';
  readonly key: string;
  readonly value: string;
  /** As written: only for the image of this platform. */
  readonly platform?: string;
}

export interface BuildOptions {
  /**
   * A directory; the address of a git repository, or of an archive or Dockerfile by HTTP; or '-' for a tar archive (or
   * a lone Dockerfile) on standard input.
   */
  readonly context: string;
  /**
   * A path relative to the working directory (in an archive or a repository, to its top), a URL, or '-' for standard
   * input; by default `Dockerfile` in the context.
   */
  readonly dockerfile?: string;
  /** Named contexts; of two with the same name the later one. */
  readonly contexts?: readonly ContextOption[];
  /** Names as written, e.g. `app` or `host:5000/app:1`. */
  readonly tags: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly noCache: boolean;
  /** Names of stages whose steps are all executed. */
  readonly noCacheStages?: readonly string[];
  readonly network: BuildNetwork;
  readonly labels: Readonly<Record<string, string>>;
  /** Labels say of which commit the image is, where the context lies in a work tree of git. */
  readonly gitLabels?: boolean;
  readonly annotations?: readonly Annotation[];
  /** All layers that the build makes become one. */
  readonly squash?: boolean;
  /** As written: `linux/amd64`; each is built for. None means the host's. */
  readonly platforms: readonly string[];
  /** What is said of the image beside it. */
  readonly attestations?: AttestationOptions;
  /** The result is to say how it came about: all of it, or without steps and times. */
  readonly tellProvenance?: 'min' | 'max';
  /** What is made of the result, in this order; without any it is only in the cache. */
  readonly outputs: readonly OutputSpec[];
  /** Caches that are asked when the store's own knows nothing, in this order. */
  readonly cacheFrom?: readonly CacheSourceSpec[];
  /** Where the cache of this build is written. */
  readonly cacheTo?: readonly CacheTargetSpec[];
  /** For base images; `missing` if not given. */
  readonly pull?: PullPolicy;
  /**
   * What is done about a lock file: held to where there is one (if not given), `strict`: there must be one that names all
   * that is fetched, or it is not looked at.
   */
  readonly lock?: 'strict' | 'ignored';
  /** The path of the lock file; by default it is beside the Dockerfile. */
  readonly lockFile?: string;
  /** As written: `[REGISTRY=]ADDRESS`; asked for base images before those of the settings. */
  readonly registryMirrors?: readonly string[];
  /**
   * Layers of a base that no step needs are not fetched: an image in the store says where they are, unless the settings
   * want whole ones.
   */
  readonly lazy?: boolean;
  /** CA bundle that RUN trusts: 'host', or the path of a bundle. */
  readonly ca?: string;
  /** For RUN --mount=type=secret; a later one of the same id wins. */
  readonly secrets?: readonly SecretOption[];
  /** For RUN --mount=type=ssh. */
  readonly ssh?: readonly SshOption[];
  /** For every RUN. A limit that this machine cannot keep is an error. */
  readonly limits?: ProcessLimits;
  readonly extraHosts?: readonly ExtraHost[];
  readonly allow?: readonly Entitlement[];
  /** What a secret about to get into the image is: a warning if not given. */
  readonly leaks?: LeakOptions;
  /** Build a second time, without the cache, and compare before anything is made of the result. */
  readonly verify?: boolean;
  /** Steps are looked for only among those recorded with the same text: so that builds can be timed as if alone. */
  readonly cacheNamespace?: string;
  /** Clamp file times and give RUN `SOURCE_DATE_EPOCH`, so that the digest is the same anywhere. */
  readonly reproducible: boolean;
  /** Cache mounts are those of builds with the same word, and no others'. Whoever wants that removes them. */
  readonly mountSpace?: string;
  /**
   * The Dockerfile (an absolute path) in whose place this one is built, a draft that lies elsewhere: in the cache it is that
   * one, and the build is not remembered as one of somebody's.
   */
  readonly standsFor?: string;
  /**
   * Told what each RUN that is executed was seen to read. It makes them slower; nothing of it is in a cache key, and what
   * the cache has is not executed.
   */
  readonly watch?: WatchOption;
  /** Seconds since the epoch, or that of the context; by default, when `reproducible`, chosen by the builder. */
  readonly sourceDateEpoch?: number | 'context';
}

/** Who wants to know what commands read, and where copied files came from, by the ids of steps. */
export interface WatchOption {
  readonly reads: (stepId: string, reads: StepReads) => void;
  /** A step that was executed unseen, and why. */
  readonly unwatched: (stepId: string, why: string) => void;
  /** Of COPY and ADD: where in its source each path of the image came from. See `contextOrigins`. */
  readonly placed?: (stepId: string, origins: ReadonlyMap<string, string>) => void;
}

/** How to look for secrets in a build. */
export interface LeakOptions {
  readonly level: 'warn' | 'error' | 'off';
  /** Names, paths and rules that are let pass. */
  readonly allow: readonly string[];
}

/** An OCI descriptor of an image. */
export interface ImageDescriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly platform?: { readonly architecture: string; readonly os: string; readonly variant?: string };
}

export interface BuildResult {
  /** Digest of the config, as Docker shows it; of several platforms, or with attestations, that of the index. */
  readonly imageId: Digest;
  /** Where that is an index: the ids of its images, in the order in which they were asked for. */
  readonly imageIds?: readonly Digest[];
  /** The image as it was last written: into the store, or into an archive. */
  readonly descriptor: ImageDescriptor;
  /** Its canonical names, wherever it was written. */
  readonly names: readonly string[];
  /** Bytes of all layers, uncompressed. */
  readonly bytes: number;
  readonly seconds: number;
  readonly buildId: string;
  /** Path of the full log. */
  readonly log: string;
  /** Of each platform, SLSA provenance 0.2; where it was asked for. */
  readonly provenance?: readonly { readonly platform: string; readonly content: object }[];
}

/** What the checks of a Dockerfile came to. */
export interface CheckResult {
  readonly source: SourceText;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** What would make a build fail before its first step. */
  readonly error?: MilleError;
  /** Images that are not in the store: what depends on them was not looked at. */
  readonly missingImages: readonly string[];
}

/** What a target can be given. */
export interface OutlineResult {
  readonly source: SourceText;
  readonly outline: Outline;
}

/** The stages that can be built. */
export interface TargetsResult {
  readonly source: SourceText;
  readonly targets: readonly BuildTarget[];
}
