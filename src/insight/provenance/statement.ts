// Statements of in-toto: what is said (a predicate, of a type), and of what (subjects, by their digests).

import type { DigestSet } from './types.ts';

/** What is said of something. */
export interface Predicate {
  /** `https://slsa.dev/provenance/v0.2`. */
  readonly type: string;
  readonly content: object;
}

/** What something is said of. */
export interface Subject {
  readonly name: string;
  readonly digest: DigestSet;
}

/** The types of the predicates that are made here. */
export const PREDICATES = {
  'v0.2': 'https://slsa.dev/provenance/v0.2',
  v1: 'https://slsa.dev/provenance/v1',
  sbom: 'https://spdx.dev/Document',
} as const;

/** A statement, with its fields in BuildKit's order. */
export function statementOf({ type, content }: Predicate, subjects: readonly Subject[]) {
  return {
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: type,
    subject: subjects,
    predicate: content,
  };
}

/** `sha256:ab…` as in-toto writes it. */
export function digestSet(digest: string): DigestSet {
  const [algorithm = '', value = ''] = digest.split(':');
  return { [algorithm]: value };
}
