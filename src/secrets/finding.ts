// What is found, as data. Nothing here holds a value: `shown` is what may be printed.

/** How much a finding matters: `info` is what third parties ship, mostly as examples and tests of their own. */
export type Severity = 'error' | 'warning' | 'info';

/** A secret in some text or file. */
export interface FoundSecret {
  /** A name of `SECRET_RULES`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Redacted: `ghp_…(40 characters)`, `***`. */
  readonly shown: string;
  /** The variable or key that it is the value of, where there is one. */
  readonly name?: string;
  /** Bytes from the start of the file (characters of a text); 0 where the file as a whole is meant. */
  readonly offset: number;
  /** Of the value, from there on; 0 where the file as a whole is meant. */
  readonly length: number;
  /** From 1, where it is known. */
  readonly line?: number;
}

/** What a detector says of a text: characters from `start` to `end` look like a secret of a kind. */
export interface RawMatch {
  /** `github`, `aws`: the kind, without the detector's own prefix. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Finds secrets by their form; what loads and runs it is the caller's business. */
export type Detector = (text: string, path: string) => Promise<readonly RawMatch[]>;
