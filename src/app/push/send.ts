// Blobs that a repository lacks. Layers that have to be compressed for it are compressed while they are sent, and kept
// nowhere: what came of it is remembered, so that it is not done again for a registry that has it.

import { type Digest, inParallel } from '../../core/index.ts';
import type { Descriptor } from '../../oci/image/index.ts';
import type { Repository } from '../../oci/registry/index.ts';
import {
  type LayerPacking,
  needsPacking,
  packedLayer,
  rememberedPacking,
  rememberPacking,
  type Store,
} from '../../oci/store/index.ts';
import type { TravelProgress } from '../cache-travel/announced.ts';
import type { PackedLayers } from './documents.ts';

/** Where things come from and go to. */
export interface SendServices {
  readonly store: Store;
  readonly repository: Repository;
  /** Other repositories of the same registry that blobs may be mounted from. */
  readonly places: ReadonlyMap<Digest, string>;
  readonly progress: TravelProgress;
}

/** Blobs of the store. */
export interface BlobsToSend {
  readonly configs: readonly Descriptor[];
  readonly layers: readonly Descriptor[];
  readonly packing: LayerPacking;
}

/** What was done. */
export interface SentBlobs {
  /** Bytes that were not there. */
  readonly sent: number;
  readonly packed: PackedLayers;
}

/** A blob to be sent: as it is, or a layer packed on the way. */
interface Task {
  /** As the image in the store has it. */
  readonly own: Descriptor;
  /** As the registry is to have it, where that is known. */
  readonly known?: Descriptor;
  /** The layer that is to be packed. */
  readonly pack?: Digest;
  /** Bytes to be read. */
  readonly size: number;
}

/** The blobs that images may have at a registry, as far as they are known. */
export function knownBlobs(store: Store, blobs: BlobsToSend): Digest[] {
  return tasksOf(store, blobs).flatMap(({ known }) => (known ? [known.digest] : []));
}

/** Sends what is missing. @throws MilleError `network`, `registry-denied`, `interrupted`, `digest-mismatch` */
export async function sendBlobs(services: SendServices, blobs: BlobsToSend): Promise<SentBlobs> {
  const { store, repository, progress } = services;
  const packed = new Map<Digest, Descriptor>();
  const missing: Task[] = [];
  await inParallel(tasksOf(store, blobs), async (task) => {
    const { own, known } = task;
    if (known && (await repository.has(known.digest))) packed.set(own.digest, known);
    else missing.push(task);
  });
  const total = missing.reduce((sum, { size }) => sum + size, 0);
  const compresses = blobs.packing.kind !== 'uncompressed' && missing.some(({ pack }) => pack !== undefined);
  const doing = compresses ? 'compressing and sending' : 'sending';
  const done = new Map<Task, number>();
  let sent = 0;
  await inParallel(missing, async (task) => {
    const told = (bytes: number) => {
      done.set(task, bytes);
      progress(doing, sumOf(done.values()), total);
    };
    const { blob, bytes } = await sendOne(services, { task, packing: blobs.packing, told });
    packed.set(task.own.digest, blob);
    sent += bytes;
    told(task.size);
  });
  return { sent, packed };
}

/** Sends a small blob as it is. @returns the bytes that were not there */
export async function sendDocument(
  store: Store,
  repository: Repository,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
): Promise<number> {
  const how = await repository.send({ digest, size, open: () => store.streamBlob(digest) }, {});
  return how === 'sent' ? size : 0;
}

/** Each blob once. */
function tasksOf(store: Store, { configs, layers, packing }: BlobsToSend): Task[] {
  const tasks = new Map<Digest, Task>();
  for (const own of configs) tasks.set(own.digest, { own, known: own, size: own.size });
  for (const own of layers) {
    if (tasks.has(own.digest)) continue;
    const info = needsPacking(own, packing) ? store.findByBlob(own.digest)?.info : undefined;
    const known = info ? rememberedPacking(store, info.diffId, packing) : own;
    if (!info || (known && store.findByBlob(known.digest))) {
      tasks.set(own.digest, { own, known: known!, size: known!.size });
    } else {
      tasks.set(own.digest, { own, pack: info.diffId, size: info.size, ...(known ? { known } : {}) });
    }
  }
  return [...tasks.values()];
}

interface OneToSend {
  readonly task: Task;
  readonly packing: LayerPacking;
  readonly told: (bytes: number) => void;
}

async function sendOne(
  { store, repository, places }: SendServices,
  { task: { known, pack }, packing, told }: OneToSend,
): Promise<{ readonly blob: Descriptor; readonly bytes: number }> {
  const mountFrom = known && places.get(known.digest);
  const mount = mountFrom === undefined ? {} : { mountFrom };
  if (pack === undefined) {
    const { digest, size } = known!;
    const blob = { digest, size, open: () => store.streamBlob(digest) };
    const how = await repository.send(blob, { onProgress: told, ...mount });
    return { blob: known!, bytes: how === 'sent' ? size : 0 };
  }
  const open = () => packedLayer(store, pack, packing, told);
  const made = await repository.sendMade({ open, ...(known ? { known: known.digest } : {}) }, mount);
  if (made === 'mounted') return { blob: known!, bytes: 0 };
  return { blob: rememberPacking(store, pack, packing, made), bytes: made.size };
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
