// The tar of an earlier layer that held much of what a new one will hold, gone through beside it: the content of files
// that did not change is taken from there, in one sweep over one file instead of opening each of fifty thousand. Nothing
// in it is believed: what is taken has the digest that the new entry says, or it is not taken.

import { type Digest, decodePath, MilleError } from '../../core/index.ts';
import { hasDigest, readIntoAt, SystemError } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';
import { BLOCK, brokenTar, FIELD, padding, readNumber } from './tar/format.ts';
import { paxNumber, readPax } from './tar/pax.ts';

const WINDOW = 1 << 20;

/** An entry of the earlier tar: where its content is, and where the next entry begins. */
interface Found {
  readonly path: string;
  readonly isFile: boolean;
  readonly size: number;
  readonly content: number;
  readonly next: number;
}

/** Bytes from `start` to `end` of `bytes`. */
export interface Part {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Goes through a tar as this program writes them: sorted by path, with the headers that `encodeHeader` makes. */
export class EarlierTar {
  readonly #fd: number;
  readonly #window = new Uint8Array(WINDOW);
  /** The same bytes: comparing a part of them makes no view. */
  readonly #compared = Buffer.from(this.#window.buffer);
  /** What of the file is in the window. */
  #start = 0;
  #length = 0;
  /** Where the next entry begins; -1 once there is none, or none that can be read. */
  #next = 0;

  /** @param fd the plain tar, open for reading; whoever opened it closes it */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * Puts the content of a file behind its header, if this tar has it; to be asked for in the order of paths.
   * @param header as it stands in the new tar, with room for the content behind it
   * @returns whether it did: the content is then proved to have the digest of the entry
   */
  take(entry: Entry, header: Part): boolean {
    const { size, digest } = entry;
    if (digest === undefined || size === 0 || this.#next < 0) return false;
    try {
      const content = this.#find(entry, header);
      return content >= 0 && this.#copy({ content, size, digest }, header);
    } catch (error) {
      // It cannot be read, or is no such tar: the files themselves are there.
      if (!(error instanceof SystemError || error instanceof MilleError)) throw error;
      this.#next = -1;
      return false;
    }
  }

  /** Where the content of a file of this path and size is; -1 where it is not. */
  #find(entry: Entry, { bytes, start, end }: Part): number {
    for (;;) {
      const length = end - start;
      const at = this.#have(this.#next, length);
      // Nearly always it is the very same entry.
      if (at >= 0 && this.#compared.compare(bytes, start, end, at, at + length) === 0) {
        const content = this.#next + length;
        this.#next = content + entry.size + padding(entry.size);
        return content;
      }
      const found = this.#entryAt(this.#next);
      if (!found) {
        this.#next = -1;
        return -1;
      }
      if (found.path > entry.path) return -1;
      this.#next = found.next;
      if (found.path === entry.path) return found.isFile && found.size === entry.size ? found.content : -1;
    }
  }

  #copy(from: { content: number; size: number; digest: Digest }, { bytes, end }: Part): boolean {
    const { content, size, digest } = from;
    const at = this.#have(content, size);
    if (at < 0) return false;
    const piece = this.#window.subarray(at, at + size);
    if (!hasDigest(piece, digest)) return false;
    bytes.set(piece, end);
    return true;
  }

  /** The entry at an offset, with the extended header that belongs to it; undefined after the last. */
  #entryAt(offset: number): Found | undefined {
    let header = this.#blockAt(offset);
    if (!header || header.every((byte) => byte === 0)) return undefined;
    let at = offset;
    let path: string | undefined;
    let size: number | undefined;
    if (typeOf(header) === 'x') {
      const length = readNumber(header, FIELD.size, 'size');
      const records = this.#have(at + BLOCK, length);
      if (records < 0) throw brokenTar('an extended header is too long');
      readPax(this.#window.subarray(records, records + length), (key, value) => {
        if (key === 'path') path = decodePath(value);
        if (key === 'size') size = paxNumber(value, key);
      });
      at += BLOCK + length + padding(length);
      header = this.#blockAt(at);
      if (!header) throw brokenTar('it ends after an extended header');
    }
    const type = typeOf(header);
    // Whatever else this program never writes.
    if (!'0123456'.includes(type)) throw brokenTar('an entry of an unknown type');
    path ??= nameOf(header);
    size ??= readNumber(header, FIELD.size, 'size');
    const content = at + BLOCK;
    return { path: inOrder(path), isFile: type === '0', size, content, next: content + size + padding(size) };
  }

  #blockAt(offset: number): Uint8Array | undefined {
    const at = this.#have(offset, BLOCK);
    return at < 0 ? undefined : this.#window.subarray(at, at + BLOCK);
  }

  /** Sees to it that bytes of the file are in the window. @returns where in it they are; -1 where the file has less */
  #have(offset: number, length: number): number {
    if (length > WINDOW) return -1;
    if (offset < this.#start || offset + length > this.#start + this.#length) this.#load(offset);
    return offset + length <= this.#start + this.#length ? offset - this.#start : -1;
  }

  #load(offset: number): void {
    this.#start = offset;
    this.#length = 0;
    for (let count = -1; count !== 0 && this.#length < WINDOW; this.#length += count)
      count = readIntoAt(this.#fd, this.#window.subarray(this.#length), offset + this.#length);
  }
}

function typeOf(header: Uint8Array): string {
  return String.fromCharCode(header[FIELD.type[0]]!);
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header, FIELD.name);
  const prefix = textOf(header, FIELD.prefix);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function textOf(header: Uint8Array, [start, length]: readonly [number, number]): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return decodePath(end < 0 ? field : field.subarray(0, end));
}

/** The path by which an entry was sorted. Marks of deletions stand beside what they belong to: they come before all. */
function inOrder(name: string): string {
  const path = name === './' ? '' : name.endsWith('/') ? name.slice(0, -1) : name;
  return path.startsWith('.wh.', path.lastIndexOf('/') + 1) ? '' : path;
}
