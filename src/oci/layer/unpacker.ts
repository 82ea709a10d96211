// Puts the entries of one layer into a directory. What needs to know all of the layer waits for its end: hard
// links whose file comes later or is below, deletions, and the times of directories.

import { displayPath, joinRelative, MilleError } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  copyContent,
  type FilePlace,
  isErrno,
  linkAt,
  mkdirAt,
  mknodAt,
  O,
  openAt,
  openDirectory,
  openForReading,
  removeTree,
  setTimesAt,
  statAt,
  symlinkAt,
} from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';
import { setAttributes } from './attributes.ts';
import { orderDeletions, placeDeletion } from './deletions.ts';
import { Directories } from './directories.ts';
import { FileWriter } from './file-writer.ts';
import { checkLink, inPlaceOfItself } from './parents.ts';
import { brokenTar } from './tar/format.ts';
import type { UnpackOptions } from './unpack.ts';

/** Unpacks one layer: `begin`, content and `end` for each entry, then `finish`; `close` in any case. */
export class Unpacker {
  readonly #options: UnpackOptions;
  readonly #directories: Directories;
  readonly #skipped: string[] = [];
  readonly #lateLinks: Entry[] = [];
  readonly #deletions: Entry[] = [];
  /** Times of directories by real path, in the order in which they were made. */
  readonly #times = new Map<string, { readonly seconds: number; readonly nanoseconds: number }>();
  /** Files copied from below, by their path there: the name they were copied to. */
  readonly #copied = new Map<string, string>();
  #file: FileWriter | undefined;
  #place: FilePlace | undefined;
  /** Of the time of the entry in hand. */
  #nanoseconds = 0;

  constructor(target: string, options: UnpackOptions) {
    this.#options = options;
    this.#directories = new Directories(target, {
      lower: options.lower,
      make: (place, entry) => {
        if (options.alone) throw leansOnOthers(entry);
        this.#makeDirectory(place, entry);
      },
    });
    setAttributes({ dirFd: this.#directories.root, name: '.' }, ROOT);
  }

  begin(entry: Entry, nanoseconds = 0): void {
    this.#nanoseconds = nanoseconds;
    if (entry.type === 'whiteout' || entry.type === 'opaque') {
      if (this.#options.alone) throw leansOnOthers(entry);
      this.#deletions.push(entry);
      return;
    }
    if (entry.type === 'hardlink') {
      checkLink(entry);
      if (!this.#link(entry)) this.#lateLinks.push(entry);
      return;
    }
    if (entry.path === '') {
      this.#attributes({ dirFd: this.#directories.root, name: '.' }, entry);
      this.#setTime('', entry);
      return;
    }
    const { real } = this.#directories.parentOf(entry.path);
    const path = joinRelative(real, baseOf(entry.path));
    this.#make(path === entry.path ? entry : { ...entry, path });
  }

  write(bytes: Uint8Array): void {
    this.#file!.write(bytes);
  }

  skip(length: number): void {
    this.#file!.skip(length);
  }

  end(entry: Entry): void {
    const file = this.#file!;
    this.#file = undefined;
    file.close();
    this.#attributes(this.#place!, entry);
  }

  /** Does what had to wait. @returns the paths that could not be made for want of privilege */
  finish(): readonly string[] {
    for (const entry of this.#lateLinks) {
      if (!this.#link(entry)) this.#linkBelow(entry);
    }
    const { lower, overlayXattr } = this.#options;
    const target = { directories: this.#directories, lower, overlayXattr };
    for (const entry of orderDeletions(this.#deletions)) placeDeletion(target, entry);
    for (const [path, time] of [...this.#times].reverse()) {
      const parent = path === '' ? this.#directories.root : this.#directories.existingParentOf(path)?.fd;
      if (parent === undefined) continue;
      setTimesAt(parent, path === '' ? '.' : baseOf(path), time);
    }
    return this.#skipped;
  }

  close(): void {
    this.#file?.abandon();
    this.#directories.close();
  }

  #setTime(path: string, entry: Entry): void {
    this.#times.set(path, { seconds: entry.mtime, nanoseconds: this.#nanoseconds });
  }

  #attributes(place: FilePlace, entry: Entry): void {
    if (!setAttributes(place, entry, this.#nanoseconds)) this.#skipped.push(entry.path);
  }

  #placeOf(path: string): FilePlace {
    return { dirFd: this.#directories.parentOf(path).fd, name: baseOf(path) };
  }

  /** Makes what an entry (with its real path) says, in the place of whatever is there. */
  #make(entry: Entry): void {
    try {
      this.#create(entry);
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
      const place = this.#placeOf(entry.path);
      if (entry.type === 'dir' && statAt(place.dirFd, place.name)!.type === 'dir') {
        this.#attributes(place, entry);
        this.#setTime(entry.path, entry);
        return;
      }
      this.#remove(place, entry.path);
      this.#create(entry);
      // As if unpacked in one place: what the layers below have there went when it was replaced first.
      if (entry.type === 'dir') this.#deletions.push({ ...entry, type: 'whiteout' });
    }
  }

  #remove(place: FilePlace, path: string): void {
    const wasDirectory = statAt(place.dirFd, place.name)?.type === 'dir';
    removeTree(place.dirFd, place.name);
    if (!wasDirectory) return;
    this.#directories.forget();
    for (const known of this.#times.keys())
      if (known === path || known.startsWith(`${path}/`)) this.#times.delete(known);
  }

  /** Where the layers below have a link, what is known of directories found through it ends here. */
  #hideLink(path: string): void {
    if (this.#options.lower?.get(path)?.entry.type === 'symlink') this.#directories.forget();
  }

  #create(entry: Entry): void {
    this.#hideLink(entry.path);
    const place = this.#placeOf(entry.path);
    const { dirFd, name } = place;
    if (entry.type === 'file') {
      this.#file = new FileWriter(dirFd, name);
      this.#place = place;
      return;
    }
    if (entry.type === 'dir') {
      this.#makeDirectory(place, entry);
      return;
    }
    if (entry.type === 'symlink') symlinkAt(entry.link!, dirFd, name);
    else if (!this.#makeNode(place, entry)) return;
    this.#attributes(place, entry);
  }

  #makeDirectory(place: FilePlace, entry: Entry): void {
    mkdirAt(place.dirFd, place.name, 0o700);
    this.#attributes(place, entry);
    this.#setTime(entry.path, entry);
  }

  #makeNode(place: FilePlace, entry: Entry): boolean {
    const type = entry.type as 'char' | 'block' | 'fifo';
    const { major = 0, minor = 0 } = entry;
    // To overlayfs the character device 0:0 is a deletion, which is not what the archive says.
    const allowed = type !== 'char' || major !== 0 || minor !== 0;
    try {
      if (allowed) mknodAt(place, { type, mode: 0o600, major, minor });
    } catch (error) {
      if (!isErrno(error, 'EPERM')) throw error;
      this.#skipped.push(entry.path);
      return false;
    }
    if (!allowed) this.#skipped.push(entry.path);
    return allowed;
  }

  /** Makes a hard link to a file of this layer. @returns false where there is none (yet) */
  #link(entry: Entry): boolean {
    const source = this.#directories.existingParentOf(entry.link!);
    if (!source) return false;
    const sourceName = baseOf(entry.link!);
    const stat = statAt(source.fd, sourceName);
    if (!stat) return false;
    if (stat.type === 'dir')
      throw brokenTar(`the hard link '${displayPath(entry.path)}' leads to a directory`);
    // A descriptor of its own: looking for the link's directory may close this one.
    const dirFd = openDirectory(source.fd, '.');
    const real = joinRelative(source.real, sourceName);
    try {
      this.#linkTo({ dirFd, name: sourceName, real }, entry, stat);
    } finally {
      closeFd(dirFd);
    }
    return true;
  }

  #linkTo(from: FilePlace & { real: string }, entry: Entry, stat: { ino: number }): void {
    const parent = this.#directories.parentOf(entry.path);
    const name = baseOf(entry.path);
    const to = { dirFd: parent.fd, name };
    const existing = statAt(parent.fd, name);
    if (existing?.ino === stat.ino) return;
    const real = joinRelative(parent.real, name);
    // Links of the layers below may lead to where the names alone do not.
    if (from.real.startsWith(`${real}/`)) throw inPlaceOfItself(entry);
    if (existing) this.#remove(to, real);
    this.#hideLink(real);
    linkAt(from, { dirFd: this.#directories.parentOf(real).fd, name });
  }

  /** Makes a hard link whose file only the layers below have: a copy, for a lower directory cannot link there. */
  #linkBelow(entry: Entry): void {
    const { lower, lowerPath } = this.#options;
    const parent = this.#directories.realParentOf(entry.link!);
    const target = parent === undefined ? undefined : joinRelative(parent, baseOf(entry.link!));
    const below = target === undefined ? undefined : lower?.get(target)?.entry;
    if (!below || below.type === 'dir')
      throw brokenTar(`the target of the hard link '${displayPath(entry.path)}' does not exist`);
    const copy = this.#copied.get(target!);
    if (copy !== undefined && this.#link({ ...entry, link: copy })) return;
    this.begin({ ...below, path: entry.path });
    if (below.type === 'file') {
      const path = lowerPath?.(target!);
      if (path === undefined) throw new Error(`no content given for '${displayPath(target!)}'`);
      this.#file!.close();
      this.#file = undefined;
      copyInto(path, this.#place!);
      this.#attributes(this.#place!, below);
    }
    this.#copied.set(target!, entry.path);
  }
}

const ROOT: Entry = { path: '', type: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 };

function leansOnOthers({ path }: Entry): MilleError {
  return new MilleError('archive-broken', `the layer leans on those below it: '${displayPath(path)}'`);
}

function copyInto(path: string, place: FilePlace): void {
  const from = openForReading(CWD, path);
  try {
    const to = openAt(place.dirFd, place.name, { flags: O.WRONLY | O.NOFOLLOW });
    try {
      copyContent(from, to);
    } finally {
      closeFd(to);
    }
  } finally {
    closeFd(from);
  }
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
