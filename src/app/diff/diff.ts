// `mille diff`: two images compared.

import { openCache } from '../../build/cache/index.ts';
import { MilleError } from '../../core/index.ts';
import {
  compareConfigs,
  compareFiles,
  comparePackages,
  groupChanges,
  type Stack,
  sharedLayers,
} from '../../insight/differences/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { workingDirectory } from '../../sys/index.ts';
import { layerCauses } from '../layer-causes.ts';
import { type OpenImageOptions, openImage } from '../open-image/open-image.ts';
import { takeInventory } from '../packages/inventory.ts';
import { lookedAt } from '../packages/packages.ts';
import { type Services, withServices } from '../services.ts';
import { findBuild } from '../why/find-build.ts';
import { compareText } from './text.ts';
import type { DiffOptions, DiffResult, DiffSide } from './types.ts';

/** Compares two images. See `DiffVerbs.diff`. */
export function diff(
  before: string,
  after: string,
  options: DiffOptions = {},
  signal?: AbortSignal,
): Promise<DiffResult> {
  const { file, ...platform } = options;
  const how = { ...platform, ...(signal ? { signal } : {}) };
  return withServices('read', async (services) => {
    const first = await openEither(services, before, how);
    try {
      const second = await openEither(services, after, how);
      try {
        return await compare(services, [first, second], file);
      } finally {
        await second.close();
      }
    } finally {
      await first.close();
    }
  });
}

const NO_IMAGE: ReadonlySet<string> = new Set(['image-missing', 'reference-invalid']);

/** An image; or that of a build, where there is no image of that name. */
async function openEither(services: Services, name: string, how: OpenImageOptions): Promise<OpenedImage> {
  try {
    return await openImage(services, name, how);
  } catch (error) {
    if (!(error instanceof MilleError) || !NO_IMAGE.has(error.code)) throw error;
    const imageId = await imageOfBuild(services, name);
    if (imageId === undefined) throw error;
    return openImage(services, imageId, how);
  }
}

/** By the id of a build as `mille why --list` shows it, or its beginning. */
async function imageOfBuild(services: Services, id: string): Promise<string | undefined> {
  if (!/^[0-9a-fT-]{4,}$/.test(id)) return undefined;
  const store = await services.store();
  const builds = openCache(store.db, { hasLayer: () => false }).builds();
  try {
    return findBuild({ store, builds, here: workingDirectory() }, id).imageId;
  } catch (error) {
    if (error instanceof MilleError && error.code === 'build-missing') return undefined;
    throw error;
  }
}

async function compare(
  services: Services,
  [before, after]: readonly [OpenedImage, OpenedImage],
  file: string | undefined,
): Promise<DiffResult> {
  const stacks = [await stackOf(before), await stackOf(after)] as const;
  const shared = sharedLayers(stacks[0].diffIds, stacks[1].diffIds);
  const files = compareFiles(stacks[0], stacks[1]);
  const config = compareConfigs(before.config, after.config);
  const text = file === undefined ? undefined : await compareText([before, after], stacks, file);
  // Of the same layers the packages are the same; and with --file nobody asks.
  const same = file !== undefined || sameStacks(stacks);
  const inventories = same ? undefined : ([await takeInventory(before), await takeInventory(after)] as const);
  const packages = inventories
    ? comparePackages(inventories[0].packages, inventories[1].packages, shared)
    : [];
  return {
    before: await sideOf(services, before, files.before),
    after: await sideOf(services, after, files.after),
    sharedLayers: shared,
    equal: files.changes.length === 0 && config.length === 0,
    ...{ config, packages, groups: groupChanges(files.changes) },
    ...{ files: files.changes, sameFiles: files.same, timesOnly: files.timesOnly },
    notes: inventories ? [...new Set([...inventories[0].notes, ...inventories[1].notes])] : [],
    ...(text ? { text } : {}),
  };
}

async function stackOf({ layers }: OpenedImage): Promise<Stack> {
  const tables: Stack['tables'][number][] = [];
  for (const layer of layers) tables.push(await layer.toc());
  return { diffIds: layers.map(({ diffId }) => diffId), tables };
}

function sameStacks([{ diffIds: a }, { diffIds: b }]: readonly [Stack, Stack]): boolean {
  return a.length === b.length && a.every((diffId, i) => b[i] === diffId);
}

async function sideOf(services: Services, image: OpenedImage, tree: DiffSide['tree']): Promise<DiffSide> {
  let bytes = 0;
  for (const layer of image.layers) bytes += await layer.size();
  return {
    image: lookedAt(image),
    layers: await layerCauses(services, image),
    ...{ bytes, sent: image.layers.reduce((sum, { blob }) => sum + blob.size, 0), tree },
  };
}
