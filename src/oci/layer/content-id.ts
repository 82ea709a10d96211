// The identity of what a layer holds, for early cutoff (design, idea 5): two runs of a command that leave the
// same files have the same content id, whatever the order of their tars and the times of their files.

import type { Digest } from '../../core/index.ts';
import { createHasher } from '../../sys/index.ts';
import type { Entry, TableOfContents } from '../image/index.ts';

/** The digest of what a layer holds, independent of order, of times, and of which name of a file is the link. */
export function contentId(toc: TableOfContents): Digest {
  return isPlain(toc.entries) ? digestOf(toc.entries, NONE, NO_NAMES) : ofAny(toc.entries);
}

function ofAny(entries: readonly Entry[]): Digest {
  const kept = finalEntries(entries);
  const inOrder = [...kept.keys()].sort().map((key) => kept.get(key)!);
  return digestOf(inOrder, kept, linkedNames(kept));
}

const NONE: ReadonlyMap<string, Entry> = new Map();
const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** Whether each entry stands for itself, and they are in their order already: so in most of what is copied. */
function isPlain(entries: readonly Entry[]): boolean {
  return entries.every(
    ({ path, type }, i) =>
      type !== 'whiteout' &&
      type !== 'opaque' &&
      type !== 'hardlink' &&
      (i === 0 || entries[i - 1]!.path < path),
  );
}

function digestOf(
  entries: readonly Entry[],
  kept: ReadonlyMap<string, Entry>,
  names: ReadonlyMap<string, string>,
): Digest {
  const hasher = createHasher();
  hasher.update('mille content 1\n');
  let lines = '';
  for (const entry of entries) {
    lines += line(entry, kept, names);
    if (lines.length < 1 << 16) continue;
    hasher.update(lines);
    lines = '';
  }
  hasher.update(lines);
  return hasher.digest();
}

/** The last entry of each path; deletions are kept apart from what may replace the deleted. */
function finalEntries(entries: readonly Entry[]): Map<string, Entry> {
  const kept = new Map<string, Entry>();
  for (const entry of entries) {
    const kind = entry.type === 'whiteout' ? '\0w' : entry.type === 'opaque' ? '\0o' : '';
    kept.set(entry.path + kind, entry);
  }
  return kept;
}

/** For each name of a file with several: the first one, in the order of names. */
function linkedNames(kept: ReadonlyMap<string, Entry>): Map<string, string> {
  const groups = new Map<string, string[]>();
  for (const entry of kept.values()) {
    if (entry.type !== 'hardlink') continue;
    const file = fileOf(entry, kept);
    const group = groups.get(file);
    if (group) group.push(entry.path);
    else groups.set(file, kept.has(file) ? [file, entry.path] : [entry.path]);
  }
  const first = new Map<string, string>();
  for (const [file, names] of groups) {
    // A file that only the layers below have is no name of this layer.
    const leader = kept.has(file) ? names.sort()[0]! : file;
    for (const name of names) first.set(name, leader);
  }
  return first;
}

/** The end of a chain of hard links. */
function fileOf(entry: Entry, kept: ReadonlyMap<string, Entry>): string {
  let current = entry;
  for (let step = 0; step < 64; step++) {
    const target = current.link!;
    const next = kept.get(target);
    if (next?.type !== 'hardlink') return target;
    current = next;
  }
  return current.path;
}

/** Texts that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** As JSON, which costs more than looking whether that is needed. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function line(entry: Entry, kept: ReadonlyMap<string, Entry>, names: ReadonlyMap<string, string>): string {
  const path = quoted(entry.path);
  const leader = names.get(entry.path);
  if (leader !== undefined && leader !== entry.path) return `${path} hardlink ${JSON.stringify(leader)}\n`;
  const shown = leader === undefined || entry.type !== 'hardlink' ? entry : kept.get(fileOf(entry, kept))!;
  const { type, mode, uid, gid, size, link, major, minor, xattrs, digest } = shown;
  const head = `${path} ${type} ${mode} ${uid} ${gid} ${size}`;
  if (type === 'file' && !xattrs) return `${head} ${digest ?? ''}\n`;
  const attributes = xattrs && Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${head} ${JSON.stringify([link, major, minor, attributes, digest])}\n`;
}
