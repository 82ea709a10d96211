// Attestations of a build, as the fronts ask for them.

import type { ProvenanceOptions } from '../../insight/provenance/index.ts';

export type { ProvenanceOptions } from '../../insight/provenance/index.ts';

/** How an attestation goes with what is built. */
export interface AttestationForm {
  /** Only where it can stand beside an image: no file is written for it, and no archive becomes an index for its sake. */
  readonly inlineOnly?: boolean;
  /** Of the file beside files. */
  readonly fileName?: string;
}

/** What is attested of a build. */
export interface AttestationOptions {
  readonly provenance?: ProvenanceOptions & AttestationForm;
  /** What is installed in each image. */
  readonly sbom?: AttestationForm;
  /** Provenance says nothing of the work tree of git that the context lies in. */
  readonly ignoreCheckout?: boolean;
}
