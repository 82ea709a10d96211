// The packages of an opened image: what its files show at the end counts, each package with the layer that brought it.

import { displayPath } from '../../core/index.ts';
import {
  claimedPrograms,
  distributionOf,
  type FoundPackage,
  firstSeen,
  type GonePackage,
  goneSince,
  type InstalledPackage,
  identityOf,
  isProgram,
  isPythonRecord,
  OS_RELEASE_PATHS,
  PACKAGE_TYPES,
  type PackageReader,
  purlOf,
  type Reading,
  readerFor,
  readOsRelease,
  type SystemName,
  sizeOfRecord,
} from '../../insight/packages/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { type MergedEntry, type MergedTree, mergeTables } from '../../oci/layer/index.ts';
import { readTables } from '../open-image/open-image.ts';
import { modulesOf } from './node-modules.ts';
import { findOwners } from './owners.ts';
import { broughtBy, historyOf, type PathHistory } from './path-history.ts';
import { ReadingPlan, readerTools, readWith } from './readings.ts';

/** All packages of an image. */
export interface Inventory {
  readonly system?: SystemName;
  /** By kind, name and version. */
  readonly packages: readonly InstalledPackage[];
  /** Those of databases that lower layers had, and that a layer removed. */
  readonly gone: readonly GonePackage[];
  /** What could not be read. */
  readonly notes: readonly string[];
}

/** A file of the final tree that may tell of packages. */
interface Source {
  readonly shown: MergedEntry;
  readonly path: string;
  /** Absent for programs. */
  readonly reader?: PackageReader;
}

type Item = Omit<InstalledPackage, 'purl' | 'partOf'> & { readonly files?: readonly string[] };

const MOST_NOTES = 50;

/** Takes stock. @throws MilleError for a damaged or hostile layer; `interrupted` */
export async function takeInventory(image: OpenedImage, signal?: AbortSignal): Promise<Inventory> {
  const tables = await readTables(image);
  const tree = mergeTables(tables);
  const { sources, records } = sourcesOf(tree);
  const claims = claimedPrograms(image.config.config?.Env ?? [], (path) => {
    const real = tree.resolve(path);
    return real !== undefined && tree.get(real)?.content ? real : undefined;
  });
  const paths = new Set([...sources.map(({ path }) => path), ...claims.map(({ path }) => path)]);
  const history = historyOf(tables, paths);
  const plan = new ReadingPlan(tables.length, await readerTools());
  const items: Item[] = [];
  const notes: string[] = [];
  const taking: Taking = { plan, history, items, notes, gone: [], finish: [] };
  for (const source of sources) {
    takeSource(taking, source);
    // What rpm wrote last, if it was stopped before it tidied up.
    const rest = tree.get(`${source.path}-wal`)?.entry;
    if (source.reader?.type === 'rpm' && rest && rest.size > 0)
      notes.push(`/${source.path}-wal: holds changes that are not read`);
  }
  const sizes = planRecords(plan, records);
  const system = planSystem(plan, tree);
  const owners = findOwners(plan, tree, paths);
  await plan.carryOut(image, signal);
  for (const finish of taking.finish) finish();
  for (const { found, path } of claims)
    items.push({ ...found, path, layer: layerOf(history, path, tree.get(path)!) });
  const modules = modulesOf(tree, items);
  const owned = owners(items);
  const named = system();
  const all = items.map(({ files: _, ...item }): InstalledPackage => {
    const purl = purlOf(item, named);
    const size = item.size ?? sizes.get(distributionOf(item.path)) ?? modules.get(item.path);
    const partOf = owned(item);
    return {
      ...item,
      ...(size === undefined ? {} : { size }),
      ...(purl === undefined ? {} : { purl }),
      ...(partOf === undefined ? {} : { partOf }),
    };
  });
  return {
    ...(named === undefined ? {} : { system: named }),
    packages: sortPackages(all.filter(({ claimed, partOf }) => !claimed || partOf === undefined)),
    gone: taking.gone,
    notes: boundNotes(notes),
  };
}

/** Which files of the final tree may tell of something. Of a program with several names the first one counts. */
function sourcesOf(tree: MergedTree): { readonly sources: Source[]; readonly records: MergedEntry[] } {
  const sources: Source[] = [];
  const records: MergedEntry[] = [];
  const inodes = new Set<string>();
  for (const shown of tree.walk()) {
    const { entry, content, inode } = shown;
    if (!content) continue;
    const reader = readerFor(entry);
    if (reader) sources.push({ shown, path: entry.path, reader });
    else if (isPythonRecord(entry.path)) records.push(shown);
    else if (isProgram(entry) && !(inode !== undefined && inodes.has(inode))) {
      if (inode !== undefined) inodes.add(inode);
      sources.push({ shown, path: entry.path });
    }
  }
  return { sources, records };
}

interface Taking {
  readonly plan: ReadingPlan;
  readonly history: PathHistory;
  readonly items: Item[];
  readonly notes: string[];
  readonly gone: GonePackage[];
  /** What is to be done once all was read. */
  readonly finish: (() => void)[];
}

function takeSource(taking: Taking, source: Source): void {
  const { plan, history, items, notes } = taking;
  const { path, shown, reader } = source;
  const layer = layerOf(history, path, shown);
  const put = (reading: Reading) => {
    items.push(...unique(reading.packages).map((found) => ({ ...found, path, layer })));
    notes.push(...reading.notes);
  };
  const content = shown.content!;
  if (!reader) plan.program(content.layer, content.entry, put);
  else if (reader.listsAll) takeDatabase(taking, source, reader);
  else
    plan.whole(content.layer, content.entry, {
      limit: reader.limit,
      done: (bytes) => put(readWith(reader, { path, bytes }, plan.tools)),
      tooLarge: () => notes.push(tooLarge(path)),
    });
}

/** A database in all the forms that it had, to see which layer brought what. */
function takeDatabase(
  { plan, history, items, notes, gone, finish }: Taking,
  source: Source,
  reader: PackageReader,
): void {
  const { path, shown } = source;
  const content = shown.content!;
  const versions = new Map<number, readonly FoundPackage[]>();
  const read = (layer: number, entry: typeof content.entry, last: boolean) =>
    plan.whole(last ? content.layer : layer, entry, {
      limit: reader.limit,
      done: (bytes) => {
        const reading = readWith(reader, { path, bytes }, plan.tools);
        // Lists of files are needed of the last version only, and are most of what there is.
        versions.set(
          layer,
          last ? reading.packages : reading.packages.map(({ files: _, ...found }) => found),
        );
        if (last) notes.push(...reading.notes);
      },
      tooLarge: () => notes.push(tooLarge(path)),
    });
  let above = shown.layer;
  for (const version of [...history.versions(path)].reverse()) {
    if (version.layer >= above || version.entry.type !== 'file') continue;
    if (history.deletedBetween(path, version.layer, above)) break;
    read(version.layer, version.entry, false);
    above = version.layer;
  }
  read(shown.layer, content.entry, true);
  finish.push(() => {
    const known = [...versions].sort(([a], [b]) => a - b).map(([layer, packages]) => ({ layer, packages }));
    gone.push(...goneSince(known));
    items.push(...firstSeen(known).map(({ found, layer }) => ({ ...found, path, layer })));
  });
}

function layerOf(history: PathHistory, path: string, { layer, entry }: MergedEntry): number {
  return broughtBy(history, path, { layer, entry });
}

/** Sizes of Python's distributions, by directory. */
function planRecords(plan: ReadingPlan, records: readonly MergedEntry[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { entry, content } of records)
    plan.whole(content!.layer, content!.entry, {
      limit: 16 * 1024 * 1024,
      done: (bytes) => sizes.set(distributionOf(entry.path), sizeOfRecord(plan.tools.text(bytes))),
      tooLarge: () => {},
    });
  return sizes;
}

function planSystem(plan: ReadingPlan, tree: MergedTree): () => SystemName | undefined {
  let system: SystemName | undefined;
  for (const path of OS_RELEASE_PATHS) {
    const real = tree.resolve(path);
    const content = real === undefined ? undefined : tree.get(real)?.content;
    if (!content) continue;
    plan.whole(content.layer, content.entry, {
      limit: 64 * 1024,
      done: (bytes) => {
        system = readOsRelease(plan.tools.text(bytes));
      },
      tooLarge: () => {},
    });
    break;
  }
  return () => system;
}

/** A package may be told of several times by one file, as by a jar that holds another twice. */
function unique(packages: readonly FoundPackage[]): FoundPackage[] {
  const seen = new Set<string>();
  return packages.filter((found) => {
    const id = identityOf(found);
    return !seen.has(id) && seen.add(id);
  });
}

function sortPackages(packages: readonly InstalledPackage[]): InstalledPackage[] {
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...packages].sort(
    (a, b) =>
      PACKAGE_TYPES.indexOf(a.type) - PACKAGE_TYPES.indexOf(b.type) ||
      order(a.name, b.name) ||
      order(a.version, b.version) ||
      order(a.path, b.path),
  );
}

function tooLarge(path: string): string {
  return `/${displayPath(path)}: is too large to be read`;
}

function boundNotes(notes: readonly string[]): string[] {
  const shown = [...new Set(notes)].sort().slice(0, MOST_NOTES);
  const more = notes.length - shown.length;
  return more > 0 && shown.length === MOST_NOTES ? [...shown, `${more} more files could not be read`] : shown;
}
