// What belongs to an image and is in none of its layers: found by its manifest and the indexes that led to it, wherever
// those came from.

import type { Digest } from '../../core/index.ts';
import { attestationsOf, statementsIn } from './attestations.ts';
import type { Descriptor, Index, Manifest } from './documents.ts';
import type { Annotated, ImageSurroundings, OpenedStatement } from './opened.ts';

/** How an image was found, and how to get at what lies beside it. */
export interface ImageWay {
  readonly manifestDigest: Digest;
  readonly manifest: Manifest;
  /** The indexes on the way to it, the outermost first. */
  readonly indexes: readonly Index[];
  /** Reads another manifest of an index; undefined where it is not there. */
  readManifest(descriptor: Descriptor): Promise<Manifest | undefined>;
  /** A blob's bytes, unchecked; undefined where it is not there. */
  openBlob(blob: Descriptor): (() => AsyncIterable<Uint8Array>) | undefined;
}

/** More than anybody attaches. */
const MOST = 100;

/** Gathers it. @throws what reading throws */
export async function surroundingsOf(way: ImageWay): Promise<ImageSurroundings> {
  const { manifestDigest, manifest, indexes } = way;
  const annotated: Annotated[] = [];
  const add = (of: Annotated['of'], annotations: Annotated['annotations'] | undefined) => {
    if (annotations && Object.keys(annotations).length > 0) annotated.push({ of, annotations });
  };
  add('manifest', manifest.annotations);
  const beside = new Map<Digest, Descriptor>();
  for (const index of indexes) {
    add('index', index.annotations);
    for (const entry of index.manifests) if (entry.digest === manifestDigest) add('entry', entry.annotations);
    for (const entry of attestationsOf(index, manifestDigest)) beside.set(entry.digest, entry);
  }
  const statements: OpenedStatement[] = [];
  for (const entry of [...beside.values()].slice(0, MOST)) {
    const found = await way.readManifest(entry);
    // Of one that is not here it is not known what it states.
    const all = found ? statementsIn(found) : [{ blob: entry, predicateType: '' }];
    for (const statement of all.slice(0, MOST)) {
      const open = found && way.openBlob(statement.blob);
      statements.push({ ...statement, ...(open ? { open } : {}) });
    }
  }
  return { annotated, statements };
}
