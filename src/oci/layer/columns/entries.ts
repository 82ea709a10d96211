// Entries of tables of contents as numbers: all of an image's, without their paths, in some 30 bytes each.

import type { Entry, EntryType } from '../../image/index.ts';
import { Integers, Numbers } from './column.ts';
import { DigestTable } from './digests.ts';
import { NONE } from './names.ts';

/** Entries that are numbered as they come, from 0: what layers are stacked of. */
export interface EntryNumbers {
  add(entry: Entry): number;
  type(entry: number): EntryType;
  /** Where a symbolic link leads. */
  link(entry: number): string;
}

/** What few entries have. */
type Rare = Pick<Entry, 'link' | 'major' | 'minor' | 'xattrs'>;

type Kind = Pick<Entry, 'type' | 'mode' | 'uid' | 'gid'>;

/** Entries of which no object is kept. */
export class EntryTable implements EntryNumbers {
  readonly digests = new DigestTable();
  #count = 0;
  /** What many entries have in common, and which of it each has. */
  readonly #kinds: Kind[] = [];
  readonly #kindNumbers = new Map<string, number>();
  readonly #kind = new Integers();
  /** Those that follow one another are mostly of one kind. */
  #last = 0;
  readonly #mtime = new Numbers();
  readonly #size = new Numbers();
  /** One more than the digest's number; 0 for none. */
  readonly #digest = new Integers();
  readonly #rare = new Map<number, Rare>();

  add(entry: Entry): number {
    const { type, mode, uid, gid, mtime, size, digest, link, major, minor, xattrs } = entry;
    const made = this.#count++;
    this.#kind.set(made, this.#kindOf({ type, mode, uid, gid }));
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
    return this.#kinds[this.#kind.at(entry)]!.type;
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
      ...this.#kinds[this.#kind.at(entry)]!,
      size: this.#size.at(entry),
      mtime: this.#mtime.at(entry),
      ...this.#rare.get(entry),
      ...(digest === NONE ? {} : { digest: this.digests.text(digest) }),
    };
  }

  #kindOf(kind: Kind): number {
    const { type, mode, uid, gid } = kind;
    const last = this.#kinds[this.#last];
    if (last && last.type === type && last.mode === mode && last.uid === uid && last.gid === gid)
      return this.#last;
    const key = `${type} ${mode} ${uid} ${gid}`;
    const known = this.#kindNumbers.get(key);
    this.#last = known ?? this.#kinds.push(kind) - 1;
    if (known === undefined) this.#kindNumbers.set(key, this.#last);
    return this.#last;
  }
}
