// The text of changed files, before and after. No copy of anybody's files is kept for this: the layer that COPY made
// then and the one that it made now are in the store, and a file is found in them by the digest of its content.

import { type Digest, hideInLine, holdsKey, isSecretFile } from '../../core/index.ts';
import type { ContentReader, Entry, TableOfContents } from '../../oci/image/index.ts';
import { openTarArchive } from '../../oci/layer/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { diffTexts } from '../text-diff.ts';
import type { FileDiff } from './types.ts';

/** A changed file, and the beginnings of the digests (hexadecimal) of its content before and after. */
export interface ChangedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The layers that a step made: then, and now. */
export interface LayerPair {
  readonly before?: Digest | undefined;
  readonly after?: Digest | undefined;
}

/** Larger files are not compared, nor is more than this many of one step. */
const LARGEST = 128 * 1024;
const MOST_FILES = 200;

/** Compares the texts of files. @returns what is to be shown of each, by its path */
export async function diffFiles(
  store: Store,
  layers: LayerPair,
  files: readonly ChangedFile[],
): Promise<ReadonlyMap<string, FileDiff>> {
  const result = new Map<string, FileDiff>();
  const open = files.filter(({ path }) => !isSecretFile(path)).slice(0, MOST_FILES);
  const wanted = (which: 'before' | 'after') => new Set(open.map((file) => file[which]));
  const before = await readTexts(store, layers.before, wanted('before'));
  const after = await readTexts(store, layers.after, wanted('after'));
  for (const file of files) {
    if (isSecretFile(file.path))
      result.set(file.path, { withheld: 'not shown: its name sounds as if it kept a secret' });
    else if (!open.includes(file))
      result.set(file.path, { withheld: `not shown: the first ${MOST_FILES} files are` });
    else result.set(file.path, compare(before(file.before, 'earlier'), after(file.after, 'present')));
  }
  return result;
}

type Found = { readonly text: string } | { readonly withheld: string };

function compare(before: Found, after: Found): FileDiff {
  if ('withheld' in before) return before;
  if ('withheld' in after) return after;
  if (holdsKey(before.text) || holdsKey(after.text))
    return { withheld: 'not shown: there is a private key in it' };
  const diff = diffTexts(before.text, after.text);
  if (!diff) return { withheld: 'not shown: more than a thousand lines differ' };
  return { text: diff.lines.map(hideInLine).join('\n'), added: diff.added, removed: diff.removed };
}

/** Reads the files of a layer that have these contents. */
async function readTexts(
  store: Store,
  layer: Digest | undefined,
  wanted: ReadonlySet<string>,
): Promise<(digest: string, when: 'earlier' | 'present') => Found> {
  if (wanted.size === 0) return () => ({ withheld: '' });
  const none = (why: string) => () => ({ withheld: why });
  if (layer === undefined) return none('not shown: the step made no layer');
  const stored = store.peekLayer(layer);
  if (!stored) return (_, when) => ({ withheld: `not shown: the ${when} layer is not in the store` });
  const table = byDigest(store.toc(layer), wanted);
  const texts = await readEntries(store, stored.descriptor.digest, table);
  return (digest, when) => {
    const entry = table.get(digest);
    if (!entry) return { withheld: `not shown: the ${when} layer does not hold it as it is` };
    if (entry.size > LARGEST) return { withheld: `not shown: it is larger than ${LARGEST / 1024} KiB` };
    const text = texts.get(digest);
    return text === undefined ? { withheld: 'not shown: it is no text' } : { text };
  };
}

function byDigest({ entries }: TableOfContents, wanted: ReadonlySet<string>): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of entries) {
    const short = shortDigest(entry);
    if (short !== undefined && wanted.has(short)) found.set(short, entry);
  }
  return found;
}

/** As long as the digests are that are kept of files. */
const DIGITS = 16;

function shortDigest({ type, digest }: Entry): string | undefined {
  return type === 'file' ? digest?.slice('sha256:'.length, 'sha256:'.length + DIGITS) : undefined;
}

/** The texts of entries in a blob; what is no text is left out. */
async function readEntries(
  store: Store,
  blob: Digest,
  wanted: ReadonlyMap<string, Entry>,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const small = new Set([...wanted].filter(([, { size }]) => size <= LARGEST).map(([digest]) => digest));
  if (small.size === 0) return texts;
  const temporary = store.makeTemporary('why');
  try {
    const archive = await openTarArchive(store.blobPath(blob), temporary.path);
    try {
      for (const entry of archive.entries) {
        const digest = shortDigest(entry);
        if (digest === undefined || !small.delete(digest)) continue;
        const text = readText(archive.open(entry), entry.size);
        if (text !== undefined) texts.set(digest, text);
      }
    } finally {
      archive.close();
    }
  } finally {
    temporary.remove();
  }
  return texts;
}

function readText(reader: ContentReader, size: number): string | undefined {
  const bytes = new Uint8Array(size);
  let length = 0;
  try {
    while (length < size) {
      const count = reader.read(bytes.subarray(length));
      if (count === 0) break;
      length += count;
    }
  } finally {
    reader.close();
  }
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, length));
  } catch {
    return undefined;
  }
}
