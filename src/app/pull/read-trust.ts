// The authorities that a registry is trusted by, from `--ca`.

import { trustBundle } from '../../build/execute/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { makeScratch } from '../open-image/scratch.ts';

/** Certificates in PEM form. @throws MilleError `io`, `file-format` */
export function readTrust(store: Store, ca: string): string {
  const temporary = makeScratch(store);
  try {
    return trustBundle(ca, temporary.path).certificates;
  } finally {
    temporary.remove();
  }
}
