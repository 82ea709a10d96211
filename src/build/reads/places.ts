// Where a path leads in the root of a container: into the image as it was before, to what the command itself has made
// or taken away since, into a mount, or nowhere. Resolved as the kernel does it, links followed.

import { joinRelative } from '../../core/index.ts';
import { type Change, Changes } from './changes.ts';

/** What the image holds before the command, at a clean path, no link followed. */
export interface Ground {
  get(path: string): { readonly type: string; readonly link?: string } | undefined;
}

/** Another file system in the container. */
export interface MountPoint {
  /** Clean and relative, without links. */
  readonly path: string;
  /** Its target, absolute, where what is read of it is worth knowing; else it is as if it were not there. */
  readonly told?: string;
}

/** Where a path leads. */
export interface Place {
  /** Clean and relative to the container's root. */
  readonly path: string;
  /** The mount it is in, if it is in one. */
  readonly mount?: MountPoint;
  /**
   * `there`: as it was before the command, or in a mount; `own`: the command made it; `gone`: the command took it away,
   * or would have had to make it; `absent`: never there.
   */
  readonly state: 'there' | 'own' | 'gone' | 'absent';
  /** Of the image's, when it is there. */
  readonly type?: string;
  /** Links of the image that were followed on the way. */
  readonly links: readonly string[];
}

/** From where a process looks. */
export interface Viewpoint {
  /** Absolute: where a relative path begins. */
  readonly from: string;
  /** Absolute: what the process takes for the root. */
  readonly root: string;
  /** Whether a link at the end is followed. */
  readonly follow: boolean;
}

const MOST_LINKS = 40;
const MOST_DIRECTORIES = 50_000;
const NO_LINKS: readonly string[] = [];

/** The root of one container while its command changes it. */
export class Places {
  private readonly changes = new Changes();
  /** Where directories really are, by their clean path from the root; what follows from links that have changed is not kept. */
  private readonly directories = new Map<string, Place>();
  /** The first names of all mounts. */
  private readonly mountHeads: Set<string>;

  constructor(
    private readonly ground: Ground,
    private readonly mounts: MountPoint[],
  ) {
    this.mountHeads = new Set(mounts.map(({ path }) => headOf(path)));
  }

  /** Follows a path that a process gave. */
  resolve(path: string, view: Viewpoint): Place {
    const absolute = path.startsWith('/') ? path : `${view.from}/${path}`;
    if (view.root !== '/' || UNCLEAN.test(absolute)) return this.walk(path, view);
    const cut = absolute.lastIndexOf('/');
    const directory = this.directory(absolute.slice(1, cut));
    const here = joinRelative(directory.path, absolute.slice(cut + 1));
    if (view.follow && this.linkAt(here)) return this.walk(path, view);
    return this.at(here, directory.links);
  }

  private directory(path: string): Place {
    let place = this.directories.get(path);
    if (!place) {
      place = this.walk(`/${path}`, { from: '/', root: '/', follow: true });
      if (this.directories.size >= MOST_DIRECTORIES) this.directories.clear();
      this.directories.set(path, place);
    }
    return place;
  }

  /** Name by name. */
  private walk(path: string, { from, root, follow }: Viewpoint): Place {
    const top = parts(root);
    const names = path.startsWith('/') ? [...top] : parts(from);
    const rest = parts(path).reverse();
    const links: string[] = [];
    let followed = 0;
    while (rest.length > 0) {
      const name = rest.pop()!;
      if (name === '.') continue;
      if (name === '..') {
        if (names.length > top.length) names.pop();
        continue;
      }
      names.push(name);
      if (!follow && rest.length === 0) break;
      const here = names.join('/');
      const link = this.linkAt(here);
      if (!link || ++followed > MOST_LINKS) continue;
      if (link.image) links.push(here);
      names.pop();
      if (link.target.startsWith('/')) names.splice(0, names.length, ...top);
      rest.push(...parts(link.target).reverse());
    }
    return this.at(names.join('/'), links);
  }

  private linkAt(path: string): { readonly target: string; readonly image: boolean } | undefined {
    const change = this.changes.at(path);
    if (change) return change.kind === 'link' ? { target: change.target, image: false } : undefined;
    const entry = this.ground.get(path);
    if (entry?.type !== 'symlink' || this.mountOf(path)) return undefined;
    return { target: entry.link ?? '', image: true };
  }

  /** What is at a clean path, relative to the container's root, that leads through no link. */
  at(path: string, links: readonly string[] = NO_LINKS): Place {
    const mount = this.mountOf(path);
    const within = mount ? { path, links, mount } : { path, links };
    const change = this.changes.at(path);
    if (change) return { ...within, state: change.kind === 'gone' ? 'gone' : 'own' };
    if (mount) return { ...within, state: 'there' };
    if (path === '') return { ...within, state: 'there', type: 'dir' };
    const entry = this.ground.get(path);
    return entry ? { ...within, state: 'there', type: entry.type } : { ...within, state: 'absent' };
  }

  private mountOf(path: string): MountPoint | undefined {
    let found: MountPoint | undefined;
    if (!this.mountHeads.has(headOf(path))) return undefined;
    for (const mount of this.mounts) {
      const { path: at } = mount;
      if (!path.startsWith(at) || (path.length > at.length && path[at.length] !== '/')) continue;
      if (!found || at.length >= found.path.length) found = mount;
    }
    return found;
  }

  /** The command mounted something. */
  mounted({ path }: Place): void {
    this.mounts.push({ path });
    this.mountHeads.add(headOf(path));
    this.directories.clear();
  }

  /** The command made something, or took it away. */
  changed({ path }: Place, change: Change): void {
    if (change.kind === 'link' || this.linkAt(path)) this.directories.clear();
    this.changes.set(path, change);
  }

  /** What was at one place is at another now. */
  moved(from: Place, to: Place): void {
    const link = this.linkAt(from.path);
    const replaces = this.linkAt(to.path);
    const isTree = this.changes.move(
      from.path,
      to.path,
      link ? { kind: 'link', target: link.target } : { kind: 'made' },
    );
    if (isTree || link || replaces) this.directories.clear();
  }
}

/** Empty names, names of dots, a slash at the end, and the root. */
const UNCLEAN = /\/(\.{0,2})(\/|$)/;

function headOf(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(0, slash);
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
