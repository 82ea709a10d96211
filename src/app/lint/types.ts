// What `mille lint` takes and gives.

import type { Diagnostic, Severity, SourceText } from '../../core/index.ts';
import type { AppliedFix, LabelKind, LintOptions, LintSettings } from '../../insight/lint/index.ts';

export type { AppliedFix, LabelKind, LintOptions, LintSettings };

/** What to look at, and how. */
export interface LintRequest {
  /** Paths of Dockerfiles, of directories in which they are looked for, and '-' for standard input. */
  readonly files: readonly string[];
  /** The directory whose ignore file counts; by default that of each file's last build, or what it copies tells. */
  readonly context?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Only what this stage needs; by default all of them. */
  readonly target?: string;
  readonly platform?: string;
  readonly settings: LintSettings;
  /** `cost`: findings about what cost most when it was last built come first. By default they are in the file's order. */
  readonly rank?: 'file' | 'cost';
}

/** What was found in one file. */
export interface LintedFile {
  /** As it was given, or as it was found below what was given; '-' for standard input. */
  readonly name: string;
  readonly source: SourceText;
  /** In the order of the file, or as they were to be ranked; errors of the Dockerfile among them. */
  readonly diagnostics: readonly Diagnostic[];
  /** References of base images that are not in the store: what depends on them was left out. */
  readonly missingImages: readonly string[];
}

/** How to fix. */
export interface LintFixRequest extends LintRequest {
  /** `safe`: only fixes after which the image does what it did. */
  readonly which: 'safe' | 'all';
  /** Asked before a file is written, with its text and the new one. */
  readonly confirm: (fixed: FixedFile) => boolean;
}

/** A file before and after its fixes. */
export interface FixedFile {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly applied: readonly AppliedFix[];
}

/** What fixing came to. */
export interface LintFixResult {
  /** What is left in each file: in the new text where it was written, in the old one otherwise. */
  readonly files: readonly LintedFile[];
  /** What has fixes, written or not. */
  readonly fixed: readonly (FixedFile & { readonly written: boolean })[];
}

/** A level from which on findings count: `none` counts nothing, but for hadolint, where it counts everything. */
export type LintThreshold = Severity | 'none' | 'ignore';

/** What a configuration file of hadolint's says, or its variables. */
export interface HadolintConfig {
  readonly noFail?: boolean;
  readonly noColor?: boolean;
  readonly formats?: readonly string[];
  readonly failureThreshold?: LintThreshold;
  readonly ignored?: readonly string[];
  readonly override?: Readonly<Partial<Record<Severity, readonly string[]>>>;
  readonly trustedRegistries?: readonly string[];
  readonly labelSchema?: Readonly<Record<string, LabelKind>>;
  readonly strictLabels?: boolean;
  readonly disableIgnorePragma?: boolean;
}

/** A configuration file that was read. */
export interface HadolintConfigFile {
  readonly path: string;
  readonly config: HadolintConfig;
  /** Keys that mean nothing. */
  readonly warnings: readonly string[];
}

/** The verbs of this directory. */
export interface LintVerbs {
  /** Looks at Dockerfiles. @throws MilleError `dockerfile-missing`, `usage`, `unknown-stage` for the target */
  lint(request: LintRequest): Promise<readonly LintedFile[]>;
  /** Makes fixes, writes the files that change, and looks at what is left. */
  fixLint(request: LintFixRequest): Promise<LintFixResult>;
  /**
   * The first of some configuration files that is there.
   * @param required whether it is an error that none is
   * @throws MilleError `file-format`, with the place
   */
  hadolintConfig(candidates: readonly string[], required: boolean): Promise<HadolintConfigFile | undefined>;
}
