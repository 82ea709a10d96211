// Room `secrets`: what a secret looks like. By its form (secretlint's rules, handed in, and a few more), by the name it
// is kept under, by the file it lies in; which files are a distribution's own; how it is spoken of without being told.
// Pure: bytes and texts in, findings out. A value never leaves this room but as `redact` shows it.

export { type Advice, adviceFor, type Origin, REVOKE } from './advice.ts';
export { type Allowable, type Allowed, allowList, parseAllowFile } from './allow.ts';
export { scanCommand } from './command.ts';
export { type FileKind, isThirdParty, kindOfFile, looksTextual, secretFileName } from './file-names.ts';
export { type Excerpt, FileScanner, textOf } from './file-scanner.ts';
export { findSecrets } from './find-secrets.ts';
export type { Detector, FoundSecret, RawMatch, Severity } from './finding.ts';
export { createKnownFiles, isAsPacked, type KnownFiles, type Sums } from './known-files.ts';
export { mayHoldToken } from './prefilter.ts';
export { redact } from './redact.ts';
export { ruleSummary } from './rules.ts';
export { isSpecialFile, scanSpecialFile } from './special-files.ts';
export { namesSecret, scanVariable } from './variable.ts';
