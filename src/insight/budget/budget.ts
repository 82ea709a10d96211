// What a budget says: limits, each with its place in the file.

import type { Span } from '../../core/index.ts';

/** How layers are counted: as tars, or as a registry has them. */
export type SizeKind = 'uncompressed' | 'compressed';

/** A number that must not be exceeded. */
export interface Limit {
  readonly most: number;
  readonly span: Span;
}

/** A budget. What is absent has no limit. */
export interface Budget {
  /** The image that is meant where none is named otherwise. */
  readonly image?: string;
  /** The image that it stands on, where that is said. */
  readonly base?: string;
  readonly sizes: { readonly kind: SizeKind; readonly span?: Span };
  /** Bytes of all layers. */
  readonly total?: Limit;
  /** Bytes of the layers that are not the base image's. */
  readonly own?: Limit;
  /** Bytes of each of those. */
  readonly layer?: Limit;
  /** Number of layers. */
  readonly layers?: Limit;
  readonly waste?: {
    readonly bytes?: Limit;
    /** From 0 to 1, of the bytes of the files that are counted. */
    readonly share?: Limit;
    /** What is counted: what own layers wrote, or all. */
    readonly of: 'own' | 'all';
  };
  readonly growth?: {
    /** The image to compare with, where the file names one. */
    readonly against?: { readonly image: string; readonly span: Span };
    readonly bytes?: Limit;
    /** From 0: 0.05 is a twentieth more. */
    readonly share?: Limit;
    readonly span: Span;
  };
  /** Bytes of what is visible at paths: of a file, below a directory, of what a pattern matches. */
  readonly paths: readonly { readonly pattern: string; readonly limit: Limit }[];
  /** Bytes of the layers that a line of the Dockerfile made, or instructions that begin with a text. */
  readonly lines: readonly { readonly line: number | string; readonly limit: Limit }[];
}
