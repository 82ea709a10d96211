// The input that a file of COPY, ADD or a bind mount is: everything of it that a layer keeps, times left out, in one
// short text that can be taken apart again to say what changed.

import type { TreeEntry } from '../../oci/image/index.ts';
import type { NamedInput } from './named-input.ts';

/** What of a file enters a key. Owners are those that the copy will have. */
export type FileFacts = Pick<TreeEntry, 'type' | 'mode' | 'uid' | 'gid'> &
  Partial<Pick<TreeEntry, 'link' | 'major' | 'minor' | 'xattrs'>> & {
    /** Of the content; for files. */
    readonly digest?: string;
    /** The first of several names that one file has among those copied, for each of the others. */
    readonly sameAs?: string;
    /** Modification time, where it counts. */
    readonly time?: number;
  };

/** The input of one file. `path` is where the file is in its source, so that a message can name it. */
export function fileInput(path: string, facts: FileFacts): NamedInput {
  const { type, digest, sameAs, time, xattrs } = facts;
  const head = headOf(facts);
  // Nearly always: two texts that are there already, in place of a dozen made anew.
  if (type === 'file' && !xattrs && sameAs === undefined && time === undefined)
    return { kind: 'file', name: path, value: head + (digest ?? '') };
  const name = sameAs === undefined ? '' : ` = ${JSON.stringify(sameAs)}`;
  const at = time === undefined ? '' : ` @${time}`;
  return { kind: 'file', name: path, value: `${head}${contentOf(facts)}${xattrsOf(facts)}${name}${at}` };
}

let last = { type: '', mode: -1, uid: -1, gid: -1, head: '' };

/** The beginning of a value; files that come one after the other mostly have the same. */
function headOf({ type, mode, uid, gid }: FileFacts): string {
  const { head } = last;
  if (last.type === type && last.mode === mode && last.uid === uid && last.gid === gid) return head;
  last = { type, mode, uid, gid, head: `${type} ${mode.toString(8)} ${uid}:${gid} ` };
  return last.head;
}

function contentOf({ type, digest, link, major, minor }: FileFacts): string {
  if (type === 'file') return digest ?? '';
  if (type === 'symlink') return JSON.stringify(link ?? '');
  return type === 'char' || type === 'block' ? `${major ?? 0},${minor ?? 0}` : '';
}

function xattrsOf({ xattrs }: FileFacts): string {
  if (!xattrs) return '';
  const pairs = Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return pairs.length === 0 ? '' : ` ${JSON.stringify(pairs)}`;
}

/** The parts of a file input's value; undefined for other texts, such as a here-document. */
export function readFileInput(value: string): FileInputParts | undefined {
  const match = /^(file|dir|symlink|char|block|fifo) ([0-7]+) ([0-9]+:[0-9]+) (.*)$/s.exec(value);
  if (!match) return undefined;
  const [, type = '', mode = '', owner = '', all = ''] = match;
  const at = / ?@(-?[0-9]+)$/.exec(all);
  const rest = at ? all.slice(0, at.index) : all;
  const time = at ? { time: Number(at[1]) } : {};
  const name = type === 'file' ? / = ("(?:[^"\\]|\\.)*")$/s.exec(rest) : null;
  if (!name) return { type, mode, owner, content: rest, ...time };
  return {
    type,
    mode,
    owner,
    content: rest.slice(0, name.index),
    sameAs: JSON.parse(name[1]!) as string,
    ...time,
  };
}

interface FileInputParts {
  readonly type: string;
  readonly mode: string;
  readonly owner: string;
  /** Digest, target or numbers, and extended attributes. */
  readonly content: string;
  readonly sameAs?: string;
  readonly time?: number;
}
