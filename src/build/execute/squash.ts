// `--squash`: all layers that a build made become one, on top of those of its base. The steps keep their own layers in
// the cache, so that the next build finds them.

import { type Digest, joinRelative, parentPath } from '../../core/index.ts';
import type { Entry, LayerInfo } from '../../oci/image/index.ts';
import type { LayerSourceEntry, MergedEntry, MergedTree } from '../../oci/layer/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { StepResult } from '../graph/index.ts';
import type { BuiltStage } from './execute-build.ts';
import { mergedSources } from './merged-source.ts';
import type { ExecuteServices } from './services.ts';
import { diffIds, mergedTree, type Snapshot, type SnapshotFiles, snapshotFiles } from './snapshot.ts';
import { storeLayer } from './work.ts';

/**
 * Squashes what was built. Where the build made no layer it stays as it is.
 * @param imageId of the image as it would be without this
 */
export async function squash(
  services: ExecuteServices,
  built: BuiltStage,
  imageId: Digest,
): Promise<BuiltStage> {
  const base: Snapshot = { layers: built.snapshot.layers.slice(0, built.baseLayers.length) };
  const own = built.snapshot.layers.slice(built.baseLayers.length);
  if (own.length === 0) return built;
  const layer = own.length === 1 ? own[0]! : await announced(services, { base, whole: built.snapshot });
  const step = 'squash';
  const times = [...built.results.values()].flatMap(({ created }) => created ?? []).sort();
  const created = times.at(-1);
  const results = new Map<string, StepResult>();
  // Nothing of the steps' layers is in the image: their entries in the history are empty ones.
  for (const [id, { created: made }] of built.results) results.set(id, made ? { created: made } : {});
  results.set(step, { diffId: layer.diffId, ...(created === undefined ? {} : { created }) });
  // Docker's words for it.
  const comment =
    built.baseImage === undefined ? `create new from ${imageId}` : `merge ${imageId} to ${built.baseImage}`;
  const { state } = built;
  return {
    ...built,
    state: { ...state, history: [...state.history, { entry: { comment }, step }] },
    snapshot: { layers: [...base.layers, layer] },
    results,
  };
}

interface Stack {
  readonly base: Snapshot;
  readonly whole: Snapshot;
}

/** Shown as a step of its own, after all others. */
async function announced(services: ExecuteServices, stack: Stack): Promise<LayerInfo> {
  const { events } = services;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const count = stack.whole.layers.length - stack.base.layers.length;
  const step = 'squash';
  events({ type: 'step-started', step, title: `squash ${count} layers into one` });
  try {
    const { layer, known } = await squashedLayer(services, stack);
    const size = { bytes: layer.size, files: layer.files };
    events({ type: 'step-finished', step, outcome: known ? 'cached' : 'ran', seconds: seconds(), ...size });
    return layer;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step, message, seconds: seconds() });
    throw error;
  }
}

/** The one layer, made once for the same layers. */
async function squashedLayer(
  services: ExecuteServices,
  { base, whole }: Stack,
): Promise<{ readonly layer: LayerInfo; readonly known: boolean }> {
  const { store, clampTime } = services;
  const key = `squash:${sha256(JSON.stringify([diffIds(base), diffIds(whole), clampTime ?? null]))}`;
  const known = store.getValue(key) as Digest | undefined;
  const found = known === undefined ? undefined : store.layer(known);
  if (found) return { layer: found.info, known: true };
  const files = snapshotFiles(store, whole);
  try {
    await files.ready();
    const entries = changes({ before: mergedTree(store, base), after: mergedTree(store, whole), files });
    const { info } = await storeLayer(services, entries, { step: 'squash', trustDigests: true });
    store.setValue(key, info.diffId);
    return { layer: info, known: false };
  } finally {
    files.close();
  }
}

/** What a layer must hold to lead from one tree to the other: parents first, names sorted. */
function* changes(trees: {
  readonly before: MergedTree;
  readonly after: MergedTree;
  readonly files: SnapshotFiles;
}): Generator<LayerSourceEntry> {
  const { before, after, files } = trees;
  const kept = new Map<string, MergedEntry>();
  const gone = new Set(deletions(before, after, ''));
  for (const found of after.walk()) if (found.layer >= before.layers) kept.set(found.entry.path, found);
  // A layer lists the directories on the way, as the changes of a container do.
  for (const path of [...kept.keys(), ...gone]) {
    for (let parent = parentPath(path); parent !== '' && !kept.has(parent); parent = parentPath(parent)) {
      const found = after.get(parent);
      if (found) kept.set(parent, found);
    }
  }
  const source = mergedSources(files);
  for (const path of [...new Set([...kept.keys(), ...gone])].sort(parentsFirst)) {
    const found = kept.get(path);
    yield found ? source(found) : { entry: whiteout(path) };
  }
}

/** The topmost paths that are no longer there; what was replaced by something else is none of them. */
function* deletions(before: MergedTree, after: MergedTree, directory: string): Generator<string> {
  for (const name of before.children(directory)) {
    const path = joinRelative(directory, name);
    const found = after.get(path);
    if (!found) yield path;
    else if (found.entry.type === 'dir') yield* deletions(before, after, path);
  }
}

function parentsFirst(a: string, b: string): number {
  const [x, y] = [a.split('/'), b.split('/')];
  const at = x.findIndex((part, i) => part !== y[i]);
  if (at < 0 || y[at] === undefined) return x.length - y.length;
  return x[at]! < y[at]! ? -1 : 1;
}

function whiteout(path: string): Entry {
  return { path, type: 'whiteout', mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 };
}
