// What a rewrite is: one object in one file, which holds everything there is about it. It looks at a Dockerfile with what
// was observed of it and proposes changes; each says what it may change in the image, and nothing else may: that is what
// the proof holds it to.

import type { AddedLines, Span, TextEdit } from '../../core/index.ts';
import type { ProgramFacts } from '../../lang/executable/index.ts';
import type { Entry } from '../../oci/image/index.ts';
import type { StepEvidence } from './evidence.ts';
import type { NodeProject } from './node/project.ts';
import type { Subject } from './subject.ts';

/** What it is good for. */
export type Goal = 'size' | 'rebuild' | 'both';

/** A rewrite. */
export interface Rewrite {
  /** By which it is chosen or left out: `dependencies-first`. */
  readonly name: string;
  /** One sentence, as an order: install dependencies before the sources are copied. */
  readonly summary: string;
  readonly goal: Goal;
  /** What it looks at besides, which takes time to read: `Evidence.distribution`. */
  readonly looksAt?: 'distribution';
  /** Why, by which evidence, what it may change, what could go wrong: paragraphs in Markdown. */
  readonly page: string;
  /** Shown in the documentation, and tested. */
  readonly examples: readonly RewriteExample[];
  /**
   * Proposes changes of the text as it is now. It is asked again after each of them, until it has no more: so what it
   * proposes it must not find again afterwards.
   */
  readonly propose: (subject: Subject) => readonly Proposal[];
  /** What it finds in the text as it is at the end, and leaves to people. What is observed then is of that. */
  readonly remarks?: (subject: Subject) => readonly Remark[];
}

/** Something that could be better, and for which no edit is known to be safe. */
export interface Remark {
  /** What there is, with its measure: `12MB of /app are in the image twice`. */
  readonly what: string;
  /** Why it is not rewritten, and what somebody could do. */
  readonly why: string;
  /** The place in the text that it is about. */
  readonly span: Span;
  readonly bytes?: number;
}

/** A Dockerfile before and after; what is observed of it is `evidenceFor`'s in the tests, from these few facts. */
export interface RewriteExample {
  readonly before: string;
  readonly after: string;
  /** Files of the context and their sizes. */
  readonly context?: Readonly<Record<string, number>>;
  /** By the line of the instruction: seconds, bytes, paths of the context that a RUN reads, and what it writes. */
  readonly steps?: Readonly<
    Record<
      number,
      {
        readonly seconds?: number;
        readonly bytes?: number;
        readonly reads?: readonly string[];
        /** Files of its layer, by their paths in the image: bytes, or more than that. */
        readonly layer?: Readonly<Record<string, number | Partial<Entry>>>;
      }
    >
  >;
  /** What programs of the image name. */
  readonly programs?: Readonly<Record<string, ProgramFacts>>;
  /** Paths that commits touch, the newest first. */
  readonly commits?: readonly (readonly string[])[];
  /** Packages of Debian that are in the image, by their names. */
  readonly packages?: Readonly<Record<string, ExamplePackage>>;
  /** Projects that npm installed packages for. */
  readonly nodeProjects?: readonly NodeProject[];
  readonly ignoreFile?: string;
  readonly ignoreFileAfter?: string;
}

/** A package of an example. */
export interface ExamplePackage {
  /** The line of the RUN that installs it; absent for one of the base. */
  readonly line?: number;
  /** Nobody named it. */
  readonly automatic?: true;
  /** Fields of its control file: `Recommends: libc6-dev`. */
  readonly control?: string;
  /** Its files with their bytes. */
  readonly files?: Readonly<Record<string, number>>;
}

/** One change, and what it stands for. */
export interface Proposal {
  /** What it does, as an order: `copy requirements.txt alone before pip install`. */
  readonly title: string;
  /** The evidence, in words and numbers. */
  readonly reason: string;
  /** The place in the text that it is about. */
  readonly span: Span;
  readonly edits: readonly TextEdit[];
  /** Lines for the ignore file; their path is that of `Subject.ignoreFile`. */
  readonly ignoreLines?: AddedLines['lines'];
  readonly claim: Claim;
  /** Of instructions that it writes, where more than what they were made of is to be known of them. */
  readonly expects?: readonly Expected[];
  /** What may differ in the image. Nothing, in most cases. */
  readonly allows: readonly Allowance[];
  /** What the proof cannot see, if anything: shown beside the proposal. */
  readonly risk?: string;
  /** It stays only where behaviour could be asked: a check, or a command of the image's own, that ends alike. */
  readonly mustAsk?: true;
  /** How the build is to be called from now on, where that is another way than before: an order. */
  readonly afterwards?: string;
  /** What its build gets as secrets in the place of build arguments. */
  readonly secrets?: readonly SecretInstead[];
}

/** A secret that was a build argument, or stood in the text. */
export interface SecretInstead {
  /** Of the secret, and of the argument. */
  readonly id: string;
  /** What it came to so far; absent where it had none. It is handed to the build, and shown nowhere. */
  readonly value?: string;
}

/** What is expected of an instruction that nobody has seen running yet. */
export interface Expected {
  /** Its words, as `Instruction.text` has them, or as they are written on several lines. */
  readonly text: string;
  readonly step: StepEvidence;
}

/** What is gained, as far as the evidence says; the proof measures it. Negative: it costs that. */
export interface Claim {
  /** Bytes that the image gets smaller by. */
  readonly bytes?: number;
  /** Seconds that a typical commit's rebuild gets shorter by. */
  readonly secondsPerCommit?: number;
  /** Bytes of layers that a typical commit's rebuild writes, and a push of it sends, less; uncompressed. */
  readonly layerBytesPerCommit?: number;
  /** Seconds of a build from nothing. */
  readonly secondsCold?: number;
}

/** Something in the image that a proposal may change. */
export type Allowance =
  | {
      readonly what: 'files';
      /** `removed`: what the original has may be missing. */
      readonly change: 'removed' | 'added' | 'changed';
      /** This path of the image and all below it; without a leading slash. A `*` stands for anything within one name. */
      readonly below: string;
      /** Of what changed: only these. All, where they are absent. */
      readonly aspects?: readonly ('content' | 'link' | 'mode' | 'owner' | 'attributes')[];
      /** It comes along with the change, which is not made for it: its bytes are those of another change that allows the same. */
      readonly incidental?: true;
    }
  | {
      /** Exactly these paths of the image, where no directory holds them and nothing else. */
      readonly what: 'paths';
      readonly change: 'removed' | 'added' | 'changed';
      /** What they are, for people: `what apt-get installed to build`. */
      readonly of: string;
      readonly paths: readonly string[];
      /** Of directories: only where all that lay in them may be missing, by other allowances. */
      readonly emptied?: true;
    }
  | {
      readonly what: 'packages';
      /**
       * Packages of the distribution, by their ids in its database: they may be missing, with all that is theirs alone. What
       * stays must be as it was, and find all that it needs.
       */
      readonly removed: readonly string[];
    }
  | {
      readonly what: 'config';
      /** As `ConfigChange.what` has it: `Cmd`, `Env PATH`, `Label maintainer`. */
      readonly key: string;
      /** How it comes to be another, in words: `as debian:bookworm has it`. */
      readonly how?: string;
    };
