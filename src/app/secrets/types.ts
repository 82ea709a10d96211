// What `mille secrets` takes and gives. No value of a secret is in it.

import type { Digest } from '../../core/index.ts';
import type { Advice, Severity } from '../../secrets/index.ts';

export type { Advice, Severity } from '../../secrets/index.ts';

export interface SecretsOptions {
  /** An image as written, or a directory; by default the working directory. */
  readonly subject?: string;
  /** Says that the subject is a directory. */
  readonly kind?: 'directory';
  readonly platform?: string;
  /** Certificate authorities trusted for registries: 'host', or the path of a bundle. */
  readonly ca?: string;
  /** Of a directory: the Dockerfile, beside which an ignore file may lie. */
  readonly dockerfile?: string;
  /** Names, paths, rules and fingerprints that are let pass. */
  readonly allow: readonly string[];
  /** Paths of files of such; `.millesecrets` of a directory is read without being named. */
  readonly allowFiles: readonly string[];
}

/** An instruction that is blamed. */
export interface SecretInstruction {
  /** Without any secret. */
  readonly text: string;
  /** `Dockerfile`, and the line, where the build's record or the file itself tells. */
  readonly dockerfile?: string;
  readonly line?: number;
  readonly fromBase: boolean;
}

/** A secret that was found. */
export interface SecretFinding {
  readonly rule: string;
  /** What the rule finds, in words. */
  readonly summary: string;
  readonly severity: Severity;
  /** Redacted. */
  readonly shown: string;
  /** The variable or key, where there is one. */
  readonly name?: string;
  /** The same for the same rule at the same place, whatever the value is. */
  readonly fingerprint: string;
  /**
   * `stage`: in a layer of a stage that is not in the image, which a cache with mode=max sends. `cache`: in a layer of
   * the cache that was looked at. `attestation`: in what
   * was attached to the image. `annotation`: of its manifest or index.
   */
  readonly where:
    | 'layer'
    | 'stage'
    | 'cache'
    | 'history'
    | 'config'
    | 'attestation'
    | 'annotation'
    | 'context'
    | 'dockerfile';
  /**
   * A file's path from the root of the image or context, `app.jar!/a.properties` in an archive; a part of the config, an
   * attestation (`provenance build-arg:TOKEN`) or an annotation (`manifest NAME`).
   */
  readonly path: string;
  /** The extended attribute of the file that it is in, where it is not in its content. */
  readonly attribute?: string;
  /** Bytes from the start of the file or attribute. */
  readonly offset: number;
  readonly line?: number;
  /** From 0, the base's first; those of other stages come after the image's own. */
  readonly layer?: { readonly index: number; readonly diffId: Digest };
  /** Which instruction brought it in. */
  readonly instruction?: SecretInstruction;
  /** Whether a container sees it. What is hidden can still be read from its layer. */
  readonly visible: boolean;
  /** By which instruction it was hidden. */
  readonly hidden?: {
    readonly how: 'deleted' | 'overwritten';
    readonly layer: number;
    readonly instruction: SecretInstruction;
  };
  readonly advice: Advice;
}

export interface SecretsResult {
  readonly subject:
    | { readonly kind: 'image'; readonly name: string; readonly imageId: Digest }
    | { readonly kind: 'context'; readonly directory: string };
  /** The worst first. */
  readonly findings: readonly SecretFinding[];
  /** How many were let pass. */
  readonly allowed: number;
  /** How many are in files that are as a package brought them. */
  readonly packaged: number;
  readonly scanned: { readonly files: number; readonly bytes: number; readonly seconds: number };
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  readonly warnings: readonly string[];
}

/** The verbs about secrets. */
export interface SecretVerbs {
  /** Looks for secrets in an image, all its layers, history and config; or in what a directory would send as a context. */
  secrets(options: SecretsOptions, signal: AbortSignal): Promise<SecretsResult>;
  /** The names among `NAME=value` whose name or value looks like a secret. */
  secretVariables(pairs: readonly string[]): Promise<readonly string[]>;
}
