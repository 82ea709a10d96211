// Layers for tests: entries with content in memory, random entries with all that file names and attributes
// allow, tars as bytes, and a directory tree described line by line so that two can be compared.

import fc from 'fast-check';
import { decodePath, encodePath, joinRelative } from '../core/index.ts';
import type { ContentReader, Entry } from '../oci/image/index.ts';
import {
  type LayerSourceEntry,
  type MergedTree,
  type ScannedLayer,
  type WriteOptions,
  writeLayer,
} from '../oci/layer/index.ts';
import {
  CWD,
  closeFd,
  listDirectory,
  O,
  openAt,
  openDirectory,
  readLinkAt,
  readSmallFile,
  readXattrs,
  sha256,
  statAt,
} from '../sys/index.ts';

/** Reads bytes in pieces of at most `piece`. */
export function readerOf(bytes: Uint8Array, piece = 1 << 16): ContentReader {
  let at = 0;
  return {
    read(buffer) {
      const part = bytes.subarray(at, at + Math.min(buffer.length, piece));
      buffer.set(part);
      at += part.length;
      return part.length;
    },
    close() {},
  };
}

/** An entry with what most have. */
export function entry(path: string, type: Entry['type'], more: Partial<Entry> = {}): LayerSourceEntry {
  return {
    entry: {
      path,
      type,
      mode: type === 'dir' ? 0o755 : 0o644,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: 1000,
      ...more,
    },
  };
}

/** A file with its content. */
export function file(
  path: string,
  content: string | Uint8Array,
  more: Partial<Entry> = {},
): LayerSourceEntry {
  const bytes = typeof content === 'string' ? encodePath(content) : content;
  return { entry: entry(path, 'file', { size: bytes.length, ...more }).entry, open: () => readerOf(bytes) };
}

/** Writes a layer to memory. */
export async function layerBytes(
  entries: Iterable<LayerSourceEntry>,
  options: WriteOptions = {},
): Promise<ScannedLayer & { tar: Buffer }> {
  const parts: Buffer[] = [];
  const scanned = await writeLayer(entries, (bytes) => void parts.push(Buffer.from(bytes)), options);
  return { ...scanned, tar: Buffer.concat(parts) };
}

/** Bytes as a stream of chunks, all in the same memory as those of a real reader may be. */
export async function* chunksOf(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array, void, void> {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
  }
}

const nameBytes = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z0-9._ -]{1,12}$/).map((s) => encodePath(s)) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).map((s) => encodePath(s)),
  },
  { weight: 2, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 90, max: 255 }).map((n) => new Uint8Array(n).fill(97)) },
);

/** A name in a directory: any bytes but NUL and slash; never `.`, `..` or one that the format reserves. */
const anyName: fc.Arbitrary<string> = nameBytes
  .map((bytes) => decodePath(bytes.filter((byte) => byte !== 0 && byte !== 0x2f).subarray(0, 255)))
  .filter((name) => name !== '' && name !== '.' && name !== '..' && !name.startsWith('.wh.'));

const anyXattrs = fc.dictionary(
  fc.stringMatching(/^user\.[a-z=%D3]{1,10}$/),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  { maxKeys: 3, noNullPrototype: true },
);

const anyOwner = fc.oneof(fc.constant(0), fc.nat(65_535), fc.nat(0xfffffffe));
const anyMode = fc.oneof(fc.constantFrom(0o755, 0o644, 0o4755, 0o2755, 0o1777, 0), fc.nat(0o7777));

/** Content with and without long runs of zeroes. */
const anyContent = fc.oneof(
  fc.uint8Array({ maxLength: 1500 }),
  fc.tuple(fc.nat(300_000), fc.uint8Array({ maxLength: 50 })).map(([zeroes, tail]) => {
    const bytes = new Uint8Array(zeroes + tail.length);
    bytes.set(tail, zeroes);
    return bytes;
  }),
);

interface TreeSpec {
  readonly name: string;
  readonly entry: Omit<Entry, 'path'>;
  readonly content?: Uint8Array;
  readonly children?: readonly TreeSpec[];
}

const leaf: fc.Arbitrary<TreeSpec> = fc
  .record({
    name: anyName,
    type: fc.constantFrom('file', 'file', 'file', 'symlink', 'fifo', 'char', 'block') as fc.Arbitrary<
      Entry['type']
    >,
    mode: anyMode,
    uid: anyOwner,
    gid: anyOwner,
    mtime: fc.oneof(fc.nat(0x7fffffff), fc.integer({ min: -100_000, max: 0x2ffffffff })),
    content: anyContent,
    link: anyName,
    device: fc.tuple(fc.integer({ min: 1, max: 4095 }), fc.nat(0xfffff)),
    xattrs: anyXattrs,
  })
  .map(({ name, type, mode, uid, gid, mtime, content, link, device, xattrs }) => {
    const base = { type, uid, gid, mtime, size: 0, mode: type === 'symlink' ? 0o777 : mode };
    if (type === 'symlink') return { name, entry: { ...base, link } };
    if (type === 'char' || type === 'block')
      return { name, entry: { ...base, major: device[0], minor: device[1] } };
    if (type === 'fifo') return { name, entry: base };
    const withXattrs = Object.keys(xattrs).length > 0 ? { ...base, xattrs } : base;
    return { name, entry: { ...withXattrs, size: content.length }, content };
  });

const { tree } = fc.letrec<{ tree: TreeSpec; dir: TreeSpec }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('dir')),
  dir: fc
    .record({
      name: anyName,
      mode: anyMode,
      uid: anyOwner,
      gid: anyOwner,
      mtime: fc.nat(0x7fffffff),
      children: fc.array(tie('tree'), { maxLength: 5 }),
    })
    .map(({ name, mode, uid, gid, mtime, children }) => ({
      name,
      entry: { type: 'dir' as const, mode, uid, gid, mtime, size: 0 },
      children,
    })),
}));

function flatten(specs: readonly TreeSpec[], parent: string): LayerSourceEntry[] {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  return [...byName.keys()].sort().flatMap((name) => {
    const { entry: rest, content, children } = byName.get(name)!;
    const path = joinRelative(parent, name);
    const own: LayerSourceEntry = content
      ? { entry: { path, ...rest }, open: () => readerOf(content, 70_000) }
      : { entry: { path, ...rest } };
    return [own, ...flatten(children ?? [], path)];
  });
}

/** A random layer in canonical order, with some files that have several names. */
export const anyLayer: fc.Arbitrary<LayerSourceEntry[]> = fc
  .tuple(fc.array(tree, { maxLength: 8 }), fc.array(fc.tuple(anyName, fc.nat()), { maxLength: 2 }))
  .map(([specs, links]) => {
    const entries = flatten(specs, '');
    const files = entries.filter(({ entry: { type } }) => type === 'file').map(({ entry: found }) => found);
    for (const [name, pick] of links) {
      const target = files[pick % Math.max(files.length, 1)];
      // The last of all names, so that the file is the first name of its kind and the order stays canonical.
      const path = `\uffff\uffff${name}`.slice(0, 60);
      if (!target || entries.some(({ entry: known }) => known.path === path)) continue;
      const { digest: _, xattrs: __, ...rest } = target;
      entries.push({ entry: { ...rest, path, type: 'hardlink', size: 0, link: target.path } });
    }
    return sortTop(entries);
  });

function sortTop(entries: LayerSourceEntry[]): LayerSourceEntry[] {
  const top = (path: string) => path.split('/', 1)[0]!;
  return entries
    .map((value, at) => ({ value, at }))
    .sort((a, b) => {
      const [x, y] = [top(a.value.entry.path), top(b.value.entry.path)];
      return x < y ? -1 : x > y ? 1 : a.at - b.at;
    })
    .map(({ value }) => value);
}

/** What a line about a file says, from wherever it is known. */
interface Description {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly digest?: string | undefined;
  readonly link?: string | undefined;
  readonly device?: string | undefined;
  readonly xattrs: readonly string[];
  /** The first name of a file with several. */
  readonly first?: string | undefined;
}

function line(path: string, what: Description): string {
  const words = [
    what.type,
    what.mode.toString(8),
    `${what.uid}:${what.gid}`,
    what.mtime,
    ...(what.digest === undefined ? [] : [what.digest]),
    ...(what.link === undefined ? [] : [`-> ${JSON.stringify(what.link)}`]),
    ...(what.device === undefined ? [] : [what.device]),
    ...[...what.xattrs].sort(),
    ...(what.first === undefined ? [] : [`= ${JSON.stringify(what.first)}`]),
  ];
  return `${JSON.stringify(path)} ${words.join(' ')}`;
}

/** Describes everything below a directory: one line a file, depth first, hard links with their first name. */
export function describeTree(directory: string): string[] {
  const lines: string[] = [];
  const inodes = new Map<number, string>();
  const walk = (fd: number, parent: string) => {
    for (const name of listDirectory(fd)) {
      const path = joinRelative(parent, name);
      const stat = statAt(fd, name);
      if (!stat) {
        lines.push(`${JSON.stringify(path)} a ghost: listed and not there`);
        continue;
      }
      const first = stat.type === 'dir' ? undefined : inodes.get(stat.ino);
      if (first === undefined) inodes.set(stat.ino, path);
      const device = stat.type === 'char' || stat.type === 'block';
      lines.push(
        line(path, {
          ...stat,
          digest: stat.type === 'file' ? sha256(readSmallFile(fd, name, 1 << 30)) : undefined,
          link: stat.type === 'symlink' ? readLinkAt(fd, name) : undefined,
          device: device ? `${stat.rdevMajor},${stat.rdevMinor}` : undefined,
          xattrs: Object.entries(readXattrs(fd, name)).map(
            ([key, value]) => `${key}=${Buffer.from(value).toString('base64')}`,
          ),
          first,
        }),
      );
      if (stat.type !== 'dir') continue;
      const inner = openDirectory(fd, name);
      walk(inner, path);
      closeFd(inner);
    }
  };
  const root = openAt(CWD, directory, { flags: O.RDONLY | O.DIRECTORY });
  walk(root, '');
  closeFd(root);
  return lines;
}

/** Describes a merged tree as `describeTree` describes the mounted layers. */
export function describeMerged(merged: MergedTree): string[] {
  const inodes = new Map<string, string>();
  return [...merged.walk()]
    .filter(({ entry: { path } }) => path !== '')
    .map(({ entry: found, inode }) => {
      const first = inode === undefined ? undefined : inodes.get(inode);
      if (inode !== undefined && first === undefined) inodes.set(inode, found.path);
      const device = found.type === 'char' || found.type === 'block';
      return line(found.path, {
        ...found,
        device: device ? `${found.major},${found.minor}` : undefined,
        xattrs: Object.entries(found.xattrs ?? {}).map(([key, value]) => `${key}=${value}`),
        first,
      });
    });
}
