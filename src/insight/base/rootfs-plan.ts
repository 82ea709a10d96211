// What of a bootstrapped root file system goes into the image, and how: leftovers of the installation dropped, the
// image's own files put in, times that depend on when it was made replaced. Two runs with the same package
// versions give the same plan. Pure.
//
// The rule for times: no file is newer than the newest file that a package brought (of those below /usr, as the
// archive dates them). What the installation itself wrote is newer than that, and gets that time.

import { joinRelative, parentPath } from '../../core/index.ts';
import type { Entry, FileTree, TreeEntry } from '../../oci/image/index.ts';
import { type Account, shadowLine } from './accounts.ts';
import type { ImageFile } from './image-files.ts';

/** One entry of the image's tar, with its content where that is not the tree's at the same path. */
export interface PlannedEntry {
  readonly entry: Entry;
  readonly content?: Uint8Array;
}

/** What was decided. */
export interface RootfsPlan {
  readonly entries: readonly PlannedEntry[];
  /** Seconds since the epoch: the newest time in the image. */
  readonly epoch: number;
}

/** What a plan is made of. */
export interface RootfsOptions {
  readonly files: readonly ImageFile[];
  /** Reads a small file of the tree. */
  readonly read: (path: string) => Uint8Array;
  /** When the installation began, in seconds since the epoch: what is older came with a package. */
  readonly started: number;
  /** An account more, of whom /etc/shadow is to know; the other files of accounts are among `files`. */
  readonly user?: Account;
}

/** Directories whose content belongs to a running system, an installation or the host. They stay, empty. */
const EMPTIED = [
  'dev',
  'proc',
  'sys',
  'tmp',
  'var/tmp',
  'var/lib/apt/lists',
  'var/cache/apt',
  'etc/apt/auth.conf.d',
  'var/lib/apt/mirrors',
];

/** Single files that are dropped. */
const DROPPED = [
  /^run\/(?!lock$)/,
  /^var\/log\/.*[^/]$/,
  /^etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$/,
  /^var\/(lib\/dpkg|cache\/debconf)\/[^/]*-old$/,
  /^var\/lib\/dpkg\/(lock|lock-frontend|triggers\/Lock)$/,
  /^var\/cache\/ldconfig\/aux-cache$/,
  /^var\/lib\/dbus\/machine-id$/,
  /^etc\/ssh\/ssh_host_.*$/,
  /^usr\/share\/info\/dir(\.old)?$/,
  /^etc\/dpkg\/dpkg\.cfg\.d\/00mille$/,
  /^etc\/apt\/(apt\.conf\.d|preferences\.d)\/00mille.*$/,
];

/** Directories that tools expect below those emptied. */
const KEPT_DIRECTORIES = new Set(['var/cache/apt/archives', 'var/lib/apt/lists/partial']);
/** Logs that programs append to only where they exist; and the machine's id, empty until a machine has one. */
const TRUNCATED = /^(var\/log\/(btmp|wtmp|faillog|lastlog)|etc\/machine-id)$/;

/** Decides what goes into the image. */
export function planRootfs(tree: FileTree, options: RootfsOptions): RootfsPlan {
  const found = [...walk(tree, '')].filter((entry) => entry.type !== 'dir' || entry.path !== '');
  const epoch = newestPackaged(found, options.started);
  const planned = new Map<string, PlannedEntry>();
  const links = new Map<string, string>();
  const replacesSources = options.files.some((file) => file.path.startsWith('etc/apt/sources.list.d/'));
  for (const entry of found) {
    if (isDropped(entry, replacesSources)) continue;
    planned.set(entry.path, planEntry(entry, { options, epoch, links }));
  }
  for (const file of options.files) addFile(planned, file, epoch);
  return {
    entries: [...planned.values()].sort((a, b) => comparePaths(a.entry.path, b.entry.path)),
    epoch,
  };
}

function* walk(tree: FileTree, path: string): Generator<TreeEntry> {
  for (const name of tree.children(path)) {
    const entry = tree.get(joinRelative(path, name));
    if (!entry) continue;
    yield entry;
    if (entry.type === 'dir') yield* walk(tree, entry.path);
  }
}

function newestPackaged(entries: readonly TreeEntry[], started: number): number {
  let newest = 0;
  for (const { type, path, mtime } of entries) {
    if (type === 'file' && path.startsWith('usr/') && mtime < started && mtime > newest) newest = mtime;
  }
  return newest;
}

function isDropped(entry: TreeEntry, replacesSources: boolean): boolean {
  const { path, type } = entry;
  if (KEPT_DIRECTORIES.has(path) || TRUNCATED.test(path)) return false;
  if (EMPTIED.some((directory) => path.startsWith(`${directory}/`))) return true;
  if (replacesSources && /^etc\/apt\/sources\.list(\.d\/.*)?$/.test(path)) return true;
  return (type !== 'dir' || path.startsWith('run/')) && DROPPED.some((pattern) => pattern.test(path));
}

function planEntry(
  found: TreeEntry,
  context: { options: RootfsOptions; epoch: number; links: Map<string, string> },
): PlannedEntry {
  const { options, epoch, links } = context;
  const { inode, ...rest } = found;
  const entry: Entry = { ...rest, mtime: Math.min(found.mtime, epoch) };
  if (found.type !== 'file') return { entry };
  if (TRUNCATED.test(found.path)) return { entry: { ...entry, size: 0 }, content: new Uint8Array() };
  if (found.path === 'etc/shadow') {
    const content = settleShadow(options, found.path, epoch);
    return { entry: { ...entry, size: content.length }, content };
  }
  const first = inode === undefined ? undefined : links.get(inode);
  if (first !== undefined) return { entry: { ...entry, type: 'hardlink', size: 0, link: first } };
  if (inode !== undefined) links.set(inode, found.path);
  return { entry };
}

const DAY = 86400;

/** shadow(5) says on which day a password was last changed: for accounts just made, that is today. */
function settleShadow({ read, started, user }: RootfsOptions, path: string, epoch: number): Uint8Array {
  const today = Math.floor(started / DAY);
  const text = new TextDecoder()
    .decode(read(path))
    .replace(/^([^:\n]*:[^:\n]*:)(\d+)(?=:)/gm, (whole, head, day) =>
      Number(day) >= today ? `${head}${Math.floor(epoch / DAY)}` : whole,
    );
  return new TextEncoder().encode(user ? text + shadowLine(user, Math.floor(epoch / DAY)) : text);
}

function addFile(planned: Map<string, PlannedEntry>, file: ImageFile, epoch: number): void {
  for (let path = parentPath(file.path); path !== '' && !planned.has(path); path = parentPath(path))
    planned.set(path, { entry: { ...owned(path, epoch), type: 'dir', mode: 0o755 } });
  if (file.type !== 'file' && !file.replaces && planned.has(file.path)) return;
  const { uid = 0, gid = 0 } = file;
  const base = { ...owned(file.path, epoch), uid, gid };
  if (file.type === 'dir')
    planned.set(file.path, { entry: { ...base, type: 'dir', mode: file.mode ?? 0o755 } });
  else if (file.type === 'symlink')
    planned.set(file.path, { entry: { ...base, type: 'symlink', mode: 0o777, link: file.link! } });
  else {
    const content =
      typeof file.content === 'string'
        ? new TextEncoder().encode(file.content)
        : (file.content ?? new Uint8Array());
    planned.set(file.path, {
      entry: { ...base, type: 'file', mode: file.mode ?? 0o644, size: content.length },
      content,
    });
  }
}

function owned(path: string, epoch: number): Omit<Entry, 'type' | 'mode'> {
  return { path, uid: 0, gid: 0, size: 0, mtime: epoch };
}

/** Parents first, names in order: `a`, `a/b`, `a.c` and not as plain text would have it. */
export function comparePaths(a: string, b: string): number {
  const left = a.replaceAll('/', '\0');
  const right = b.replaceAll('/', '\0');
  return left < right ? -1 : left > right ? 1 : 0;
}
