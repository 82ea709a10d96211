// `mille diff`: two images compared.

import {
  compareConfigs,
  compareFiles,
  comparePackages,
  groupChanges,
  type Stack,
  sharedLayers,
} from '../../insight/differences/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { layerCauses } from '../layer-causes.ts';
import { readTables } from '../open-image/open-image.ts';
import { takeInventory } from '../packages/inventory.ts';
import { lookedAt, openOptions } from '../packages/packages.ts';
import { type Services, withServices } from '../services.ts';
import { buildBefore, openEither } from './builds.ts';
import { compareText } from './text.ts';
import type { DiffOptions, DiffResult, DiffSide } from './types.ts';

/** Compares two images. See `DiffVerbs.diff`. */
export function diff(
  before: string | undefined,
  after: string,
  options: DiffOptions = {},
  signal?: AbortSignal,
): Promise<DiffResult> {
  const { file, ...inside } = options;
  return withServices('read', async (services) => {
    const how = await openOptions(services, inside, signal);
    const second = await openEither(services, after, how);
    try {
      const first = await openEither(services, before ?? (await buildBefore(services, second)), how);
      try {
        return await compare(services, [first, second], file);
      } finally {
        await first.close();
      }
    } finally {
      await second.close();
    }
  });
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

async function stackOf(image: OpenedImage): Promise<Stack> {
  return { diffIds: image.layers.map(({ diffId }) => diffId), tables: await readTables(image) };
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
