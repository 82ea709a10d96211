// Descriptors of the directories that a layer is being unpacked into. Every directory is opened from its parent
// without following links, so that nothing in the archive can lead outside; parents that the layer does not list
// are made as the layers below have them.

import { parentPath } from '../../core/index.ts';
import { CWD, closeFd, type FilePlace, isErrno, O, openAt, openDirectory, statAt } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';
import { belowFile, implied, linkLoop, MAX_LINKS, throughLink } from './parents.ts';

import type { MergedTree } from './types.ts';

/** What to do about a directory that does not exist: make it; leave it; or make it unless a file is there. */
type Making = 'make' | 'look' | 'if free';

/** How many descriptors are kept open. */
const KEPT = 48;

/** Makes a directory as the entry, whose path is the real one, says. */
export type MakeDirectory = (place: FilePlace, entry: Entry) => void;

/** Opens directories below `target`. */
export class Directories {
  readonly root: number;
  /** By the path asked for; the oldest first. */
  readonly #open = new Map<string, { readonly fd: number; readonly real: string }>();
  readonly #lower: MergedTree | undefined;
  readonly #make: MakeDirectory;

  /** @param make makes a directory for a parent that the layer does not list, with the entry's attributes */
  constructor(target: string, options: { lower: MergedTree | undefined; make: MakeDirectory }) {
    this.root = openAt(CWD, target, { flags: O.RDONLY | O.DIRECTORY });
    this.#lower = options.lower;
    this.#make = options.make;
  }

  /** The directory that `path` goes to, made if need be; the descriptor is valid until the next call. */
  parentOf(path: string): { readonly fd: number; readonly real: string } {
    const parent = parentPath(path);
    return parent === '' ? { fd: this.root, real: '' } : this.#find(parent, 'make')!;
  }

  /** The same without making anything; undefined where this layer does not have it. */
  existingParentOf(path: string): { readonly fd: number; readonly real: string } | undefined {
    const parent = parentPath(path);
    return parent === '' ? { fd: this.root, real: '' } : this.#find(parent, 'look');
  }

  /** Where the same is, in this layer or in those below alone; undefined where it is nowhere. */
  realParentOf(path: string): string | undefined {
    const own = this.existingParentOf(path);
    if (own) return own.real;
    const found = this.#descend(path, {
      from: undefined,
      rest: parentPath(path).split('/').reverse(),
      make: 'look',
    });
    return found?.real;
  }

  /** The same, made if need be, unless something that is no directory is in the way. */
  freeParentOf(path: string): { readonly fd: number; readonly real: string } | undefined {
    const parent = parentPath(path);
    return parent === '' ? { fd: this.root, real: '' } : this.#find(parent, 'if free');
  }

  /** Forgets descriptors, because a directory or what stood for it was replaced. */
  forget(): void {
    for (const { fd } of this.#open.values()) closeFd(fd);
    this.#open.clear();
  }

  close(): void {
    this.forget();
    closeFd(this.root);
  }

  #find(path: string, make: Making): { fd: number; real: string } | undefined {
    const known = this.#open.get(path);
    if (known) return known;
    const near = this.#open.get(parentPath(path));
    const found = near
      ? this.#descend(path, { from: near, rest: [path.slice(path.lastIndexOf('/') + 1)], make })
      : this.#descend(path, { from: undefined, rest: path.split('/').reverse(), make });
    if (found?.fd === undefined) return undefined;
    if (this.#open.size >= KEPT) {
      const [oldest, { fd }] = this.#open.entries().next().value!;
      closeFd(fd);
      this.#open.delete(oldest);
    }
    const opened = { fd: found.fd, real: found.real };
    this.#open.set(path, opened);
    return opened;
  }

  /** @returns a directory; without a descriptor where only the layers below have it, which happens to 'look' alone */
  #descend(
    path: string,
    how: { from: { fd: number; real: string } | undefined; rest: string[]; make: Making },
  ): { fd: number | undefined; real: string } | undefined {
    const { rest, make } = how;
    // Only the last descriptor is kept: going up starts again from the root, which is rare.
    let real = how.from && how.from.real !== '' ? how.from.real.split('/') : [];
    // Undefined among directories that this layer does not touch.
    let fd: number | undefined = how.from ? how.from.fd : this.root;
    let borrowed = true;
    let links = 0;
    const step = (next: number | undefined, own: boolean) => {
      if (!borrowed && fd !== undefined) closeFd(fd);
      fd = next;
      borrowed = !own;
    };
    const restart = (names: string[]) => {
      step(this.root, false);
      real = [];
      rest.push(...names.reverse());
    };
    try {
      while (rest.length > 0) {
        const name = rest.pop()!;
        if (name === '' || name === '.') continue;
        if (name === '..') {
          restart(real.slice(0, -1));
          continue;
        }
        const here = [...real, name].join('/');
        const next = this.#enter(fd, name, { here, path, make });
        if (next === undefined) {
          step(undefined, false);
          return undefined;
        }
        if (typeof next !== 'object') {
          step(next === 'below' ? undefined : next, next !== 'below');
          real.push(name);
          continue;
        }
        if (++links > MAX_LINKS) {
          if (make === 'make') throw linkLoop(path);
          step(undefined, false);
          return undefined;
        }
        rest.push(...next.link.split('/').reverse());
        if (next.link.startsWith('/')) restart([]);
      }
    } catch (error) {
      step(undefined, false);
      throw error;
    }
    // A descriptor of its own for each entry of the cache.
    const own = borrowed && fd !== undefined ? openDirectory(fd, '.') : fd;
    return { fd: own, real: real.join('/') };
  }

  /** Opens one directory, or tells what the layers below have in its place: a link, or a directory to look through. */
  #enter(
    fd: number | undefined,
    name: string,
    at: { here: string; path: string; make: Making },
  ): number | 'below' | { link: string } | undefined {
    try {
      if (fd !== undefined) return openDirectory(fd, name);
    } catch (error) {
      if (isErrno(error, 'ELOOP', 'ENOTDIR')) {
        if (statAt(fd!, name)?.type === 'symlink') throw throughLink(at.here, at.path);
        if (at.make !== 'make') return undefined;
        throw belowFile(at.path);
      }
      if (!isErrno(error, 'ENOENT')) throw error;
    }
    const below = this.#lower?.get(at.here)?.entry;
    if (below?.type === 'symlink') return { link: below.link! };
    // A directory that this layer does not touch may still hold a link of the layers below that leads back to it.
    if (at.make === 'look' || fd === undefined) return below?.type === 'dir' ? 'below' : undefined;
    this.#make({ dirFd: fd, name }, below?.type === 'dir' ? below : implied(at.here));
    return openDirectory(fd, name);
  }
}
