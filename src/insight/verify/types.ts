// What a comparison of the original's image and a rewrite's comes to.

import type { ConfigChange, FileChange } from '../differences/index.ts';
import type { Allowance } from '../optimize/index.ts';

/** What was found. */
export interface Verdict {
  /** Nothing differs that may not. */
  readonly same: boolean;
  /** What differs and may not, by path; '' is the root directory. */
  readonly files: readonly FileChange[];
  readonly config: readonly ConfigChange[];
  /** What differs as it was said it would, by what allows it. */
  readonly allowed: readonly AllowedChange[];
  /** Paths that differ, and differ between builds of the original as well: kind, mode and owner were compared. */
  readonly noise: readonly string[];
  /** Paths that differ in nothing that means anything: times within files, the order of lists. */
  readonly normalised: readonly NormalisedPath[];
  /** Where packages are gone: what stays, and does not find any more what it needs. */
  readonly missed?: readonly Missed[];
}

/** Something that is missing for what stays. */
export type Missed =
  /** A program, and a library or interpreter that it cannot start without. */
  | { readonly what: 'file'; readonly path: string; readonly needed: string }
  /** A package, and one that it depends on. */
  | { readonly what: 'package'; readonly name: string; readonly needed: string };

/** What one allowance covers. */
export interface AllowedChange {
  readonly allowance: Allowance;
  readonly paths: number;
  /** Bytes that the image lost by it; negative for what it got. */
  readonly bytes: number;
}

/** A file that is the same but for what its format is known to say differently each time. */
export interface NormalisedPath {
  readonly path: string;
  /** What was left out, in a few words: `times and references in compiled Python`. */
  readonly leftOut: string;
}

/** How a command ended in a container of one of the images. */
export interface CheckRun {
  /** Its exit status; 128 + n after signal n. */
  readonly status: number;
  readonly seconds: number;
  /** It was ended, for it took too long; of an image's own command: it ran on, as it should. */
  readonly late?: true;
  /** Its last lines, of both streams; what looks secret is hidden. */
  readonly output: readonly string[];
}

/** What a command said of two images. */
export interface CheckVerdict {
  /** As given, or the image's HEALTHCHECK, or what its containers start. */
  readonly command: string;
  readonly from: 'user' | 'healthcheck' | 'own-command';
  /**
   * `alike`: both ended well and alike. `different`: the original's did, and the other's not so. `silent`: it tells nothing,
   * for it does not end well with the original, or not twice in the same way.
   */
  readonly outcome: 'alike' | 'different' | 'silent';
  /** Why it tells nothing, or what differs: `exit status 0 → 1`. */
  readonly why?: string;
  readonly before: CheckRun;
  /** Absent where it was not asked, because the original's says nothing. */
  readonly after?: CheckRun;
}
