// ADD of an archive: its entries one after the other, as `tar -x` would unpack them where ADD says. Nothing leaves that
// directory: it is the root for absolute links, and a relative one that leads out is an error. What is in the way of an
// entry is replaced; what is only on the way to it is kept, links followed, and made where it is missing.

import { cleanRelative, displayPath, MilleError, parentPath, redactUrls } from '../../core/index.ts';
import type { Entry, TreeEntry } from '../../oci/image/index.ts';
import type { TarArchive } from '../../oci/layer/index.ts';
import { PlacedFile, withEntry } from './placed-entry.ts';
import {
  lookup,
  makeDirectory,
  type Placing,
  put,
  release,
  replace,
  setTime,
  touchParent,
} from './placing.ts';

/** An archive to be unpacked. */
export interface Extraction {
  readonly archive: TarArchive;
  /** For messages: its path or its URL. */
  readonly name: string;
  /** Its path in the context. */
  readonly origin?: string;
}

/** Beyond this time, seconds since the epoch, and before the epoch Docker makes it the epoch. */
const LATEST = 9_223_372_036;
const MAX_LINKS = 40;

/**
 * Unpacks an archive below a directory. --chown is for all of it, --chmod for nothing of it, as in BuildKit.
 * @throws MilleError `archive-escape` for a link that leads out, `archive-broken` for an entry below a file or a hard
 *   link to nothing
 */
export function extractArchive(state: Placing, target: string, { archive, name, origin }: Extraction): void {
  const { chmod: _, ...placement } = state.placement;
  const unpacking: Unpacking = { state: { ...state, placement }, target, archive, name };
  makeDirectory(unpacking.state, target);
  const times = new Map<string, number>();
  for (const given of archive.entries) {
    if (given.path === '') continue;
    const mtime = given.mtime < 0 || given.mtime > LATEST ? 0 : given.mtime;
    const entry = mtime === given.mtime ? given : { ...given, mtime };
    const path = placeOf(unpacking, entry.path);
    const existing = lookup(state, path);
    if (existing && (existing.type === 'dir') !== (entry.type === 'dir')) replace(state, path);
    if (entry.type === 'hardlink') link(unpacking, path, entry);
    else {
      const source = { ...entry, type: entry.type as TreeEntry['type'] };
      const content = { open: () => archive.open(given) };
      put(unpacking.state, path, {
        ...{ entry: source, keepsOwner: true, content },
        ...{ digest: entry.digest, origin },
      });
    }
    if (entry.type === 'dir') times.set(path, mtime);
  }
  for (const [path, mtime] of times) if (lookup(state, path)?.type === 'dir') setTime(state, path, mtime);
}

interface Unpacking extends Extraction {
  readonly state: Placing;
  readonly target: string;
}

/** Where an entry really goes: the links above it followed, missing directories made. The entry itself is no matter. */
function placeOf(unpacking: Unpacking, path: string): string {
  const { state, target } = unpacking;
  const base = path.slice(path.lastIndexOf('/') + 1);
  let rest = parentPath(path).split('/').reverse();
  let done: string[] = [];
  let links = 0;
  const here = (name?: string) => [target, ...done, name].filter(Boolean).join('/');
  while (rest.length > 0) {
    const name = rest.pop()!;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (done.pop() === undefined) throw leadsOut(unpacking, path);
      continue;
    }
    const entry = lookup(state, here(name));
    if (entry?.type !== 'symlink') {
      if (entry && entry.type !== 'dir') throw belowFile(unpacking, path);
      if (!entry) makeDirectory(state, here(name), { mode: 0o755, uid: 0, gid: 0 });
      done.push(name);
      continue;
    }
    if (++links > MAX_LINKS)
      throw damaged(unpacking, `'${displayPath(path)}' leads through a loop of symbolic links`);
    const to = entry.link!;
    if (to.startsWith('/')) done = [];
    rest = [...rest, ...(to.startsWith('/') ? cleanRelative(to) : to).split('/').reverse()];
  }
  return here(base);
}

/** A further name of a file, which takes the attributes that stand with it. Links to anything else are copies. */
function link(unpacking: Unpacking, path: string, entry: Entry): void {
  const { state } = unpacking;
  const to = placeOf(unpacking, entry.link!);
  const target = to === path ? undefined : lookup(state, to);
  if (!target || target.type === 'dir') {
    const what = target ? 'is a directory' : 'does not exist';
    throw damaged(unpacking, `the target of the hard link '${displayPath(entry.path)}' ${what}`);
  }
  const owner = state.placement.owner ?? { uid: entry.uid, gid: entry.gid };
  makeDirectory(state, parentPath(path));
  touchParent(state, path);
  // This may give the file to its other name.
  release(state, path);
  const file = lookup(state, to)!;
  if (file.type !== 'file' && file.type !== 'hardlink') {
    state.placed.set(path, { entry: { ...file, ...owner, path } });
    return;
  }
  const first = file.type === 'hardlink' ? file.link! : to;
  makeDirectory(state, parentPath(first));
  const content = state.placed.get(first) ?? fileOfImage(unpacking, first);
  const changed = { ...owner, mode: entry.mode, mtime: entry.mtime };
  state.placed.set(first, withEntry(content, { ...content.entry, ...changed }));
  state.placed.set(path, {
    entry: { ...content.entry, ...changed, path, type: 'hardlink', size: 0, link: first },
  });
}

/** A file that the image has already, to be listed again so that it can have another name. */
function fileOfImage({ state }: Unpacking, path: string): PlacedFile {
  const { destination } = state.placement;
  const entry = lookup(state, path)!;
  return new PlacedFile(entry, { entry: { path }, content: { open: (at) => destination.open!(at) } });
}

function leadsOut(unpacking: Unpacking, path: string): MilleError {
  const message = `'${displayPath(path)}' leads through a link out of the directory that the archive is unpacked to`;
  return failure(unpacking, 'archive-escape', {
    message,
    hint: 'unpack it with RUN, where its links lead through the whole image, or to another directory',
  });
}

function belowFile(unpacking: Unpacking, path: string): MilleError {
  return damaged(unpacking, `'${displayPath(path)}' is below something that is no directory`);
}

function damaged(unpacking: Unpacking, message: string): MilleError {
  return failure(unpacking, 'archive-broken', { message, hint: 'fetch or create the archive again' });
}

function failure(
  { state, name }: Unpacking,
  code: 'archive-escape' | 'archive-broken',
  { message, hint }: { readonly message: string; readonly hint: string },
): MilleError {
  const { span } = state.placement;
  return new MilleError(code, `${displayPath(redactUrls(name))}: ${message}`, {
    hint,
    ...(span ? { span } : {}),
  });
}
