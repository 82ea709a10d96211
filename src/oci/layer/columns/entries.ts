// Entries of tables of contents as numbers: all of an image's, without their paths, in some 50 bytes each.

import { ENTRY_TYPES, type Entry, type EntryType } from '../../image/index.ts';
import { Column } from './column.ts';
import { DigestTable } from './digests.ts';
import { NONE } from './names.ts';

/** What few entries have. */
type Rare = Pick<Entry, 'link' | 'major' | 'minor' | 'xattrs'>;

/** Entries that are numbered as they come, from 0. */
export class EntryTable {
  readonly digests = new DigestTable();
  #count = 0;
  readonly #type = Column.bytes();
  readonly #mode = Column.integers();
  readonly #uid = Column.numbers();
  readonly #gid = Column.numbers();
  readonly #mtime = Column.numbers();
  readonly #size = Column.numbers();
  /** One more than the digest's number; 0 for none. */
  readonly #digest = Column.integers();
  readonly #rare = new Map<number, Rare>();

  add(entry: Entry): number {
    const { type, mode, uid, gid, mtime, size, digest, link, major, minor, xattrs } = entry;
    const made = this.#count++;
    this.#type.set(made, ENTRY_TYPES.indexOf(type));
    this.#mode.set(made, mode);
    this.#uid.set(made, uid);
    this.#gid.set(made, gid);
    this.#mtime.set(made, mtime);
    this.#size.set(made, size);
    if (digest !== undefined) this.#digest.set(made, this.digests.number(digest) + 1);
    if (link !== undefined || major !== undefined || minor !== undefined || xattrs !== undefined) {
      this.#rare.set(made, {
        ...(link === undefined ? {} : { link }),
        ...(major === undefined ? {} : { major }),
        ...(minor === undefined ? {} : { minor }),
        ...(xattrs === undefined ? {} : { xattrs }),
      });
    }
    return made;
  }

  type(entry: number): EntryType {
    return ENTRY_TYPES[this.#type.at(entry)]!;
  }

  size(entry: number): number {
    return this.#size.at(entry);
  }

  /** The number of its digest in `digests`; NONE where there is none. */
  digest(entry: number): number {
    const digest = this.#digest.at(entry);
    return digest === 0 ? NONE : digest - 1;
  }

  link(entry: number): string {
    return this.#rare.get(entry)!.link!;
  }

  /** As it was, at the path where it is seen. */
  entry(entry: number, path: string): Entry {
    const digest = this.digest(entry);
    return {
      path,
      type: this.type(entry),
      mode: this.#mode.at(entry),
      uid: this.#uid.at(entry),
      gid: this.#gid.at(entry),
      size: this.#size.at(entry),
      mtime: this.#mtime.at(entry),
      ...this.#rare.get(entry),
      ...(digest === NONE ? {} : { digest: this.digests.text(digest) }),
    };
  }
}
