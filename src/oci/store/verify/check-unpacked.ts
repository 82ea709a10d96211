// Unpacked layers: whether there is a layer of each, whether their short names lead to them, and whether their files
// are those of the layer. A power cut may have left half of one.

import { type Digest, isDigest, MilleError } from '../../../core/index.ts';
import {
  CWD,
  closeFd,
  createHasher,
  isErrno,
  O,
  openAt,
  readChunks,
  readLinkAt,
  statAt,
} from '../../../sys/index.ts';
import type { Entry } from '../../image/index.ts';
import { mergeTables } from '../../layer/index.ts';
import type { Layers } from '../layers.ts';
import { namesIn } from '../names-in.ts';
import type { Place } from '../place.ts';
import type { StoreProblem, VerifyOptions } from './problem.ts';

const REMEDY = "'mille store verify --repair' removes it; it is unpacked again when it is needed";

/** All unpacked layers. */
export async function checkUnpacked(
  place: Place,
  layers: Layers,
  { deep }: VerifyOptions,
): Promise<StoreProblem[]> {
  const found: StoreProblem[] = [];
  for (const name of namesIn(place.paths.layers)) {
    const say = (what: string) =>
      found.push({
        ...{ kind: 'unpacked', subject: name, remedy: REMEDY, repairable: true },
        message: `the unpacked layer '${name}' ${what}`,
      });
    const directory = `${place.paths.layers}/${name}`;
    let problem: string | undefined;
    try {
      problem = await problemOf(place, layers, { name, directory, deep });
    } catch (error) {
      // Removed while it was looked at, or its layers were.
      if (statAt(CWD, directory) && !isGone(error)) throw error;
    }
    if (problem !== undefined && statAt(CWD, directory)) say(problem);
  }
  return [...found, ...checkLinks(place)];
}

function isGone(error: unknown): boolean {
  return isErrno(error, 'ENOENT') || (error instanceof MilleError && error.code === 'image-missing');
}

async function problemOf(
  { db, privilege }: Place,
  layers: Layers,
  { name, directory, deep }: { readonly name: string; readonly directory: string; readonly deep: boolean },
): Promise<string | undefined> {
  const row = db.get<{ diff_ids: string }>('SELECT diff_ids FROM unpacked WHERE key = ?', `sha256:${name}`);
  if (!row || !isDigest(`sha256:${name}`)) return 'is not in the database';
  if (statAt(CWD, directory)?.type !== 'dir') return 'is no directory';
  const diffIds = row.diff_ids.split(' ') as Digest[];
  const gone = diffIds.find((diffId) => !db.get('SELECT 1 FROM layers WHERE diff_id = ?', diffId));
  if (gone !== undefined) return `stands on the layer ${gone}, which is gone`;
  return deep ? firstDifference(directory, topEntries(layers, diffIds), privilege === 'rootless') : undefined;
}

/** What the top of a stack brings to it; a file that it has in common with the layers below may be theirs. */
function* topEntries(layers: Layers, diffIds: readonly Digest[]): Generator<Entry> {
  const top = diffIds.length - 1;
  const merged = mergeTables(diffIds.map((diffId) => layers.toc(diffId)));
  for (const { entry, layer, content } of merged.walk()) {
    if (layer !== top) continue;
    yield content?.layer === top ? entry : { ...entry, digest: undefined as never };
  }
}

async function firstDifference(
  directory: string,
  entries: Iterable<Entry>,
  rootless: boolean,
): Promise<string | undefined> {
  for (const entry of entries) {
    const path = entry.path === '' ? directory : `${directory}/${entry.path}`;
    // A plain user can make none; they were skipped when the layer was unpacked.
    if (rootless && (entry.type === 'char' || entry.type === 'block')) continue;
    const difference = await compare(path, entry);
    if (difference) return `${difference} '/${entry.path}'`;
  }
  return undefined;
}

async function compare(path: string, entry: Entry): Promise<string | undefined> {
  const stat = statAt(CWD, path);
  if (!stat) return 'lacks';
  if (stat.type !== entry.type) return `has a ${stat.type} instead of a ${entry.type}:`;
  if (entry.type === 'symlink')
    return readLinkAt(CWD, path) === entry.link ? undefined : 'has another target for';
  if (stat.mode !== entry.mode || stat.uid !== entry.uid || stat.gid !== entry.gid) {
    return 'has another mode or owner for';
  }
  if (entry.type !== 'file') return undefined;
  if (stat.size !== entry.size) return 'has another size for';
  if (entry.digest === undefined) return undefined;
  return (await digestOf(path)) === entry.digest ? undefined : 'has another content for';
}

async function digestOf(path: string): Promise<Digest | undefined> {
  let fd: number;
  try {
    fd = openAt(CWD, path, { flags: O.RDONLY | O.NOFOLLOW });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP', 'EIO')) return undefined;
    throw error;
  }
  try {
    const hasher = createHasher();
    for await (const chunk of readChunks(fd)) hasher.update(chunk);
    return hasher.digest();
  } finally {
    closeFd(fd);
  }
}

/** Where a link leads; undefined for what is none, or is gone. */
function leadsTo(path: string): string | undefined {
  try {
    return readLinkAt(CWD, path);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EINVAL')) return undefined;
    throw error;
  }
}

function checkLinks({ db, paths }: Place): StoreProblem[] {
  const target = (name: string) => {
    const id = Number.parseInt(name, 36);
    const row = db.get<{ key: string }>('SELECT key FROM unpacked WHERE id = ?', Number.isNaN(id) ? -1 : id);
    return row && id.toString(36) === name ? `../layers/${row.key.slice(7)}` : undefined;
  };
  return namesIn(paths.links).flatMap((name): StoreProblem[] => {
    const path = `${paths.links}/${name}`;
    if (leadsTo(path) === target(name)) return [];
    const remedy = "'mille store verify --repair' removes it; it is made again when it is needed";
    const message = `the short name '${name}' leads elsewhere`;
    // Removed meanwhile, with what it led to.
    if (!statAt(CWD, path)) return [];
    return [{ kind: 'link', subject: name, message, remedy, repairable: true }];
  });
}
