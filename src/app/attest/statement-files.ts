// Attestations beside files: a statement each, about all regular files that are written, by their digests.

import { type MadeFile, mergedTree, type Snapshot } from '../../build/execute/index.ts';
import { MilleError } from '../../core/index.ts';
import { digestSet, type Subject, statementOf } from '../../insight/provenance/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { Attested } from './attested.ts';

/** How the files are called: between a prefix and what comes before the ending. */
export interface StatementNames {
  readonly prefix: string;
  readonly suffix: string;
  /** Seconds since the epoch; now, where there is none. */
  readonly time: number | undefined;
}

/**
 * Makes the files. What is only for an index is left out.
 * @throws MilleError `usage` where two would have one name
 */
export function statementFiles(
  store: Store,
  { snapshot, attested }: { readonly snapshot: Snapshot; readonly attested: readonly Attested[] },
  { prefix, suffix, time }: StatementNames,
): readonly MadeFile[] {
  const wanted = attested.filter(({ inlineOnly }) => !inlineOnly);
  if (wanted.length === 0) return [];
  const subjects = subjectsIn(store, snapshot);
  const layers = snapshot.layers.map(({ diffId }) => store.layer(diffId)!.descriptor);
  const mtime = time ?? Math.floor(Date.now() / 1000);
  const files = wanted.map(({ type, fileName, content }): MadeFile => {
    const dot = fileName.lastIndexOf('.');
    const [stem, ending] = dot < 0 ? [fileName, ''] : [fileName.slice(0, dot), fileName.slice(dot)];
    const statement = statementOf({ type, content: content(layers) }, subjects);
    const text = JSON.stringify(statement, undefined, 2);
    return { name: `${prefix}${stem}${suffix}${ending}`, content: Buffer.from(text), mtime };
  });
  if (new Set(files.map(({ name }) => name)).size === files.length) return files;
  throw new MilleError('usage', 'two attestations are to be one file', {
    hint: 'give them different names: filename=NAME',
  });
}

function subjectsIn(store: Store, snapshot: Snapshot): readonly Subject[] {
  const subjects: Subject[] = [];
  for (const { entry, content } of mergedTree(store, snapshot).walk()) {
    if (!content) continue;
    const digest = content.entry.digest ?? sha256(new Uint8Array());
    subjects.push({ name: entry.path, digest: digestSet(digest) });
  }
  return subjects;
}
