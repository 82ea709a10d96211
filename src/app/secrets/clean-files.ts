// Files that were looked at and hold nothing, by their digests: a build that copies fifty thousand files because one of
// them changed looks at that one.

import type { Digest } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import type { FileKind } from '../../secrets/index.ts';

/** Remembers clean files. */
export interface CleanFiles {
  has(digest: Digest, kind: FileKind): boolean;
  add(digest: Digest, kind: FileKind): void;
  /** Keeps what is new. */
  save(): void;
}

/** To be raised when more is found than before. */
const VERSION = 2;
/** Eight bytes each; a build asks for its own files only. */
const MOST = 500_000;
const KINDS: readonly FileKind[] = ['other', 'code', 'settings', 'dotenv'];

/** The memory of one project. */
export function openCleanFiles(store: Store, scope: string): CleanFiles {
  const key = `secrets-${VERSION}:${scope}`;
  let known: Set<number> | undefined;
  let news = 0;
  const load = () => {
    const bytes = store.getBytes(key);
    return new Set(bytes ? new Float64Array(bytes.slice().buffer) : []);
  };
  return {
    has(digest, kind) {
      known ??= load();
      return known.has(numberOf(digest, kind));
    },
    add(digest, kind) {
      known ??= load();
      known.add(numberOf(digest, kind));
      news++;
    },
    save() {
      if (news === 0 || !known) return;
      news = 0;
      const all = [...known];
      const kept = Float64Array.from(all.slice(Math.max(0, all.length - MOST)));
      store.setBytes(key, new Uint8Array(kept.buffer));
    },
  };
}

/** Fifty bits: of the digest, and of how it was looked at. A number is exact up to fifty-three. */
function numberOf(digest: Digest, kind: FileKind): number {
  let number = 0;
  for (let i = FIRST_DIGIT; i < FIRST_DIGIT + 12; i++) {
    const code = digest.charCodeAt(i);
    number = number * 16 + (code < 58 ? code - 48 : code - 87);
  }
  return number * 4 + KINDS.indexOf(kind);
}

/** Behind `sha256:`. */
const FIRST_DIGIT = 7;
