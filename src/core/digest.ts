// A content digest as the OCI image spec writes it: `sha256:` and 64 hexadecimal digits. The type is branded,
// so a digest can only come from `parseDigest` or from a hash, and is safe to use in a path.

import { MilleError } from './error.ts';

declare const brand: unique symbol;

/** A validated `sha256:<64 hex>` digest (OCI image spec, descriptor, "Digests"). */
export type Digest = string & { readonly [brand]: 'Digest' };

const PATTERN = /^sha256:[0-9a-f]{64}$/;

/** Whether a text is a well-formed SHA-256 digest. */
export function isDigest(text: string): text is Digest {
  return PATTERN.test(text);
}

/**
 * Validates a digest that came from outside.
 * @throws MilleError `digest-invalid` for anything but lower-case `sha256:<64 hex>`.
 */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new MilleError('digest-invalid', `not a sha256 digest: ${JSON.stringify(text.slice(0, 100))}`);
}

/** Makes a digest of 64 hexadecimal digits that a hash function returned. */
export function digestOfHex(hex: string): Digest {
  return parseDigest(`sha256:${hex}`);
}

/** The 64 hexadecimal digits, as used for file names. */
export function digestHex(digest: Digest): string {
  return digest.slice(7);
}

/** The first 12 hexadecimal digits, as Docker shows ids to people. */
export function shortDigest(digest: Digest): string {
  return digest.slice(7, 19);
}
