// The steps of a build as data: everything that executing needs, words expanded, paths resolved. What an executor
// adds is only what it finds in the file system.

import type { Span } from '../../core/index.ts';
import type { GitAddress } from '../../lang/address/index.ts';
import type { CachePolicy } from '../../lang/dockerfile/index.ts';
import type { ContainerConfig, HistoryEntry, Platform } from '../../oci/image/index.ts';
import type { ContextHolds } from './context-name.ts';
import type { Variable } from './environment.ts';

/** Where files come from: another stage of the plan, an image, a named context, or nothing. */
export type Source =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'stage'; readonly stage: number }
  | { readonly kind: 'image'; readonly reference: string; readonly platform: Platform }
  | ContextSource;

/** A named context in the place of a stage or an image. */
export interface ContextSource {
  readonly kind: 'context';
  /** In the one spelling of `contextName`. */
  readonly name: string;
  readonly holds: ContextHolds;
  /** Of the image, where it holds one. */
  readonly platform: Platform;
  readonly replaces: 'stage' | 'image';
}

/** Where COPY, ADD and bind mounts read from: the context sent to the build, or a `Source`. */
export type FileSource = { readonly kind: 'build-context' } | Source;

interface StepBase {
  /** Unique in the build: `stage.position`, for instance `1.4`. */
  readonly id: string;
  readonly stage: number;
  /** Index among the instructions of the stage, ONBUILD triggers of its base counted first. */
  readonly position: number;
  /** Absent for a trigger that came from an image's config. */
  readonly span?: Span;
  /** The instruction as written, on one line. */
  readonly instruction: string;
  /** As BuildKit counts: FROM, RUN, COPY, ADD and WORKDIR of a stage, from 1. 0 for `WORKDIR /`, which does nothing. */
  readonly number: number;
  readonly total: number;
  /** `[stage-1 2/5] RUN …`, as Docker's users know it. */
  readonly title: string;
  readonly platform: Platform;
  /** See `madeFor`: no part of its key. */
  readonly madeFor: string;
  readonly configAfter: ContainerConfig;
  /** What the image's history says of it; `empty_layer` is for the executor to add where no layer was made. */
  readonly history: HistoryEntry;
  /** What the comments above the instruction, or above its FROM, say of its cache: no part of its key. */
  readonly cachePolicy?: CachePolicy;
}

/** A mount of RUN. Targets are absolute, paths inside sources clean and relative. */
export type RunMount =
  | {
      readonly type: 'bind';
      readonly target: string;
      readonly from: FileSource;
      readonly path: string;
      readonly readOnly: boolean;
    }
  | {
      readonly type: 'cache';
      readonly target: string;
      readonly id: string;
      readonly sharing: 'shared' | 'private' | 'locked';
      /** What the cache starts with; scratch by default. */
      readonly from: FileSource;
      readonly path: string;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      readonly readOnly: boolean;
    }
  | {
      readonly type: 'tmpfs';
      readonly target: string;
      /** Bytes; 0 means no limit. */
      readonly size: number;
      readonly readOnly: boolean;
    }
  | {
      readonly type: 'secret';
      readonly id: string;
      /** The file it is put into; absent when it is only a variable. */
      readonly target?: string;
      readonly variable?: string;
      readonly required: boolean;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  | {
      readonly type: 'ssh';
      readonly id: string;
      readonly target: string;
      readonly required: boolean;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    };

export interface RunStep extends StepBase {
  readonly kind: 'run';
  readonly form: 'shell' | 'exec';
  /** The process, SHELL in front where the form asks for it. */
  readonly argv: readonly string[];
  /** The command as the user wrote it, for messages. */
  readonly commandText: string;
  /** A here-document with `#!`: to be mounted read-only, mode 0755, at `/dev/pipes/NAME`. */
  readonly script?: { readonly name: string; readonly content: string };
  /** ENV and declared ARG in the order in which they were last set. */
  readonly environment: readonly Variable[];
  /** Predefined proxy arguments: for the process, after `environment`; in neither key nor history. */
  readonly proxy: Readonly<Record<string, string>>;
  readonly workdir: string;
  /** As USER says; '' is root. */
  readonly user: string;
  readonly network: 'default' | 'host' | 'none';
  readonly security: 'sandbox' | 'insecure';
  readonly devices: readonly string[];
  readonly mounts: readonly RunMount[];
  readonly hostname?: string;
}

/** A file that a here-document makes; its mode is 0644. */
export interface InlineContent {
  readonly name: string;
  readonly content: string;
}

interface TransferStep extends StepBase {
  readonly inlineFiles: readonly InlineContent[];
  /** Absolute, resolved against WORKDIR, a trailing slash kept. */
  readonly destination: string;
  /** As written, expanded: `user[:group]`. */
  readonly chown?: string;
  /** Octal digits or a symbolic mode. */
  readonly chmod?: string;
  readonly link: boolean;
  readonly exclude: readonly string[];
}

export interface CopyStep extends TransferStep {
  readonly kind: 'copy';
  readonly from: FileSource;
  /** Patterns as written, expanded. */
  readonly sources: readonly string[];
  readonly parents: boolean;
}

/** A source of ADD. `local` is a pattern in the build context. */
export type AddSource =
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string; readonly fileName: string }
  | { readonly kind: 'git'; readonly address: GitAddress };

export interface AddStep extends TransferStep {
  readonly kind: 'add';
  readonly sources: readonly AddSource[];
  /** Of a file behind a URL; what pins a repository is in its address. */
  readonly checksum?: string;
  /** Absent: archives of the context are unpacked, downloaded ones are not. */
  readonly unpack?: boolean;
}

export interface WorkdirStep extends StepBase {
  readonly kind: 'workdir';
  /** Absolute; clean it before use. `/` needs no work. */
  readonly path: string;
  readonly user: string;
}

export type Step = RunStep | CopyStep | AddStep | WorkdirStep;
