// What was observed of a project: how its steps behaved when they were built, what lies in its context, how often commits
// touch that. Plain data: somebody else builds, watches and asks git. What was not observed is absent, and then less is
// proposed.

import type { Digest } from '../../core/index.ts';
import type { ProgramFacts } from '../../lang/executable/index.ts';
import type { ImageConfig, TableOfContents } from '../../oci/image/index.ts';
import type { DebianDatabase } from '../packages/index.ts';
import type { NodeProject } from './node/project.ts';

/** What was seen of the original. */
export interface Evidence {
  /** The steps of the original, in the order of the build. */
  readonly steps: readonly StepEvidence[];
  /** The image that the original makes. */
  readonly image: ObservedImage;
  /** Paths of the image at which the original built twice came to two things. */
  readonly noise: ReadonlySet<string>;
  /** What a build sees of the context: what the ignore file leaves out is not in it. */
  readonly context: readonly ContextFile[];
  /** Absent where the context is in no git work tree, or has no commits. */
  readonly history?: HistoryEvidence;
  /** Why no RUN was watched, where none was. */
  readonly unwatched?: string;
  /** Nothing was built: of a step that never ran its words are all there is. */
  readonly unbuilt?: true;
  /** What of the image is a distribution's; absent where it has none, or nobody looked. */
  readonly distribution?: DistributionEvidence;
  /**
   * The image that somebody would rather have as the base, by the name that FROM is to have. `own`: nobody named it; it is
   * the distribution below a compiler.
   */
  readonly slimmer?: { readonly name: string; readonly image: ObservedImage; readonly own?: true };
  /** What programs that the original's steps made or brought name, by their paths; absent where nobody has looked. */
  readonly programs?: ReadonlyMap<string, ProgramFacts>;
  /** Projects of which npm installed the packages in the original's steps. */
  readonly nodeProjects?: readonly NodeProject[];
}

/** Packages of the image, and what is needed of them. */
export interface DistributionEvidence {
  readonly database: DebianDatabase;
  /** Of programs, by path: the files without which they do not start, as far as that can be read. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** How behaviour can be asked: with commands that were given, by the image's own, or not at all. */
  readonly asked?: 'checks' | 'own-command';
}

/** A file of the context. */
export interface ContextFile {
  /** Clean, relative to the context. */
  readonly path: string;
  readonly bytes: number;
  /** Whether git knows it; absent where nobody asked. */
  readonly tracked?: boolean;
}

/** The commits of some time, the newest first: the paths of the context that each touches. */
export interface HistoryEvidence {
  readonly commits: readonly (readonly string[])[];
  /** How many days they are of. */
  readonly days: number;
}

/** An image that was built. */
export interface ObservedImage {
  readonly imageId: Digest;
  readonly config: ImageConfig;
  /** From the base upwards. */
  readonly diffIds: readonly Digest[];
  readonly tables: readonly TableOfContents[];
  /** Bytes of all layers, uncompressed, and as they are sent to a registry. */
  readonly bytes: number;
  readonly sent: number;
}

/** What one step of the original did. */
export interface StepEvidence {
  /** `stage.position`, as the build calls it. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'run' | 'copy' | 'add' | 'workdir';
  /** Where its instruction begins in the original text. Absent for what a base brings (ONBUILD). */
  readonly start?: number;
  /** What it took when it ran, from nothing: the lesser of two runs. */
  readonly seconds: number;
  /** Of its layer's tar, and how many entries that has; absent where it makes none. */
  readonly bytes?: number;
  readonly layer?: Digest;
  readonly table?: TableOfContents;
  /** Of RUN, where it was watched: what it looked at. */
  readonly reads?: StepReadsOfContext;
  /** Why it was not. */
  readonly unwatched?: string;
  /** Of COPY and ADD from the context: the files of the context that it takes. */
  readonly copies?: readonly string[];
}

/** What a RUN was seen to look at, paths of the image without a leading slash, and which of it came from the context. */
export interface StepReadsOfContext {
  /** Files whose content was read. */
  readonly files: ReadonlySet<string>;
  /** What was only looked at by name. */
  readonly looked: ReadonlySet<string>;
  /** Directories whose names were listed. */
  readonly listed: ReadonlySet<string>;
  /** Looked for, and not there. */
  readonly missing: ReadonlySet<string>;
  /** There was more than what is told here. */
  readonly cut: boolean;
  /** Of `files` and `looked`: where in the context they came from, by their paths in the image. */
  readonly fromContext: ReadonlyMap<string, string>;
}
