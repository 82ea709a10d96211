// `mille store verify`: the store checked against itself, and what is broken forgotten.

import { type Cache, openCache } from '../../build/cache/index.ts';
import { clearMounts, listMounts, mountHash } from '../../build/cache-mounts/index.ts';
import { isDigest } from '../../core/index.ts';
import type { Store, StoreProblem } from '../../oci/store/index.ts';
import { CWD, namesIn, statAt } from '../../sys/index.ts';
import { type Services, withServices } from '../services.ts';
import type { StoreVerifyOptions, StoreVerifyReport } from './types.ts';

/** Checks the store. See `DiskVerbs.verifyStore`. */
export function verifyStore(options: StoreVerifyOptions): Promise<StoreVerifyReport> {
  const work = async (services: Services) => verifyOpen(await services.store(), options);
  return withServices(options.repair ? 'container' : 'files', work, { useReserve: options.repair });
}

/** Forgetting one thing may leave another without what it stands on; a chain is no longer than this. */
const ROUNDS = 4;

/** The same for a store that is open. */
async function verifyOpen(store: Store, { deep, repair }: StoreVerifyOptions): Promise<StoreVerifyReport> {
  const cache = openCache(store.db, { hasLayer: (diffId) => isKnown(store, diffId) });
  const look = async () => [
    ...(await store.findProblems({ deep })),
    ...recordProblems(store, cache),
    ...mountProblems(store),
  ];
  let problems = await look();
  const repaired: StoreProblem[] = [];
  for (let round = 0; repair && round < ROUNDS && problems.some(({ repairable }) => repairable); round++) {
    store.repair(problems);
    if (problems.some(({ kind }) => kind === 'record')) cache.forgetMissing();
    clearMounts(
      store,
      problems
        .filter(isBrokenMount)
        .map(({ subject }) => subject)
        .filter(isDigest),
    );
    const left = await look();
    const stays = new Set(left.map(keyOf));
    const gone = problems.filter((problem) => !stays.has(keyOf(problem)));
    repaired.push(...gone);
    problems = left;
    if (gone.length === 0) break;
  }
  return {
    ...{ root: store.root, deep, problems, repaired },
    sound: problems.every(({ harmless }) => harmless),
    checked: {
      images: store.imageEntries().length,
      layers: count(store, 'layers'),
      records: cache.records().length,
      unpacked: namesIn(store.paths.layers).length,
      mounts: listMounts(store).length,
    },
  };
}

function keyOf({ kind, subject, message }: StoreProblem): string {
  return `${kind} ${subject} ${message}`;
}

function isBrokenMount({ kind, repairable }: StoreProblem): boolean {
  return kind === 'mount' && repairable;
}

function count(store: Store, table: 'layers'): number {
  return store.db.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)?.n ?? 0;
}

/** Known, though perhaps without its blob: that is a problem of the layer. */
function isKnown(store: Store, diffId: string): boolean {
  return store.db.get('SELECT 1 FROM layers WHERE diff_id = ?', diffId) !== undefined;
}

/** Harmless, and no rare thing: a record that came from elsewhere counts as soon as its layer comes. Told as one. */
function recordProblems(store: Store, cache: Cache): StoreProblem[] {
  const lost = cache.records().filter(({ diffId }) => diffId !== undefined && !isKnown(store, diffId));
  const [first] = lost;
  if (!first) return [];
  const what =
    lost.length === 1
      ? `the cache record of '${first.instruction}' leads to a layer that is not here`
      : `${lost.length} cache records lead to layers that are not here, that of '${first.instruction}' for one`;
  return [
    {
      ...{ kind: 'record', subject: first.key, message: what, repairable: true, harmless: true },
      remedy: "their steps run again, or find them elsewhere; 'mille store verify --repair' forgets them",
    },
  ];
}

function mountProblems(store: Store): StoreProblem[] {
  const known = listMounts(store);
  const problem = (hash: string, what: string): StoreProblem => ({
    ...{ kind: 'mount', subject: hash, repairable: true, message: `the cache mount ${hash} ${what}` },
    remedy: "'mille store verify --repair' removes it; the next build begins with a new one",
  });
  const broken = known.flatMap(({ hash, identity, copies, inUse }): StoreProblem[] => {
    if (inUse) return [];
    if (copies === 0) return [{ ...problem(hash, 'was never filled'), harmless: true }];
    if (!identity) return [problem(hash, 'does not say what it is (about.json)')];
    return mountHash(identity) === hash ? [] : [problem(hash, `says that it is ${mountHash(identity)}`)];
  });
  const directory = store.paths.cacheMounts;
  const strangers = namesIn(directory).filter(
    (name) => !isDigest(`sha256:${name}`) || statAt(CWD, `${directory}/${name}`)?.type !== 'dir',
  );
  return [
    ...broken,
    ...strangers.map((name): StoreProblem => {
      const message = `'${name}' among the cache mounts is none`;
      const subject = `cache-mounts/${name}`;
      return { kind: 'stranger', subject, message, remedy: 'move it elsewhere', repairable: false };
    }),
  ];
}
