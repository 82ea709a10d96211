// What a page is: a text in each language, and what the text claims, as data that tests compare with what building comes to.

import type { ContainerConfig } from '../../oci/image/index.ts';

/** The languages that pages are written in. */
export type Language = 'en' | 'fr';

/** A page for learners: about an instruction, a part of one, a file, or a question. */
export interface Page {
  /** How it is asked for, and shown in lists: `CMD`, `run-mount`. */
  readonly name: string;
  readonly kind: 'instruction' | 'part' | 'topic';
  /** Other words that find it. */
  readonly aliases?: readonly string[];
  /** Markdown: a title, a paragraph that says what it is, sections. `{NAME}` stands for a rule, where there is such a one. */
  readonly texts: Readonly<Record<Language, string>>;
  /** Of an instruction. */
  readonly facts?: InstructionFacts;
  /** Names of pages that go on from here. */
  readonly see: readonly string[];
}

/** What holds of an instruction. Its page says it in words; a test asks the planning of builds. */
export interface InstructionFacts {
  /** Whether it makes a layer. `new-directory`: where it makes its directory; `base`: it brings those of an image. */
  readonly layer: 'always' | 'new-directory' | 'never' | 'base';
  /** What the last stage of the page's example comes to. */
  readonly gives: {
    /** Layers beside those of the base, if every directory is new. */
    readonly layers: number;
    /** What it sets in the image's configuration. */
    readonly config: ContainerConfig;
  };
  /** What runs again when it changes. */
  readonly reruns: readonly CacheClaim[];
}

/** Two Dockerfiles, and which instructions of the second have other inputs of their own than in the first. */
export interface CacheClaim {
  readonly before: string;
  readonly after: string;
  /** Keywords in the order of the file. */
  readonly reruns: readonly string[];
}
