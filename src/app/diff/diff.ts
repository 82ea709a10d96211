// `mille diff`: two images compared.

import {
  compareConfigs,
  compareFiles,
  comparePackages,
  type FileChange,
  groupChanges,
  type OwnPackage,
  ofSameLine,
  type PackageChange,
  type Side,
  type Stack,
  sameInstructions,
  sharedLayers,
} from '../../insight/differences/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { layerCauses } from '../layer-causes.ts';
import { readTables } from '../open-image/open-image.ts';
import { type Inventory, takeInventory } from '../packages/inventory.ts';
import { lookedAt, openOptions } from '../packages/packages.ts';
import { type Services, withServices } from '../services.ts';
import { buildBefore, openEither } from './builds.ts';
import { sameBytecode } from './bytecode.ts';
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
        return await compare(services, [first, second], { file, signal });
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
  { file, signal }: { readonly file: string | undefined; readonly signal: AbortSignal | undefined },
): Promise<DiffResult> {
  const stacks = [await stackOf(before), await stackOf(after)] as const;
  const shared = sharedLayers(stacks[0].diffIds, stacks[1].diffIds);
  const compared = compareFiles(stacks[0], stacks[1]);
  const noise = file === undefined ? await sameBytecode([before, after], compared.changes) : new Set();
  const sides = [
    await sideOf(services, before, compared.before),
    await sideOf(services, after, compared.after),
  ] as const;
  const same = sameInstructions(instructionsOf(sides[0]), instructionsOf(sides[1]), shared);
  const files = compared.changes
    .filter(({ path }) => !noise.has(path))
    .map((change) => ofSameLine(change, same));
  const config = compareConfigs(before.config, after.config);
  const text = file === undefined ? undefined : await compareText([before, after], stacks, file);
  // Of the same layers the packages are the same; and with --file nobody asks.
  const needless = file !== undefined || sameStacks(stacks);
  const inventories = needless
    ? undefined
    : ([await takeInventory(before, signal), await takeInventory(after, signal)] as const);
  const packages = inventories
    ? packageChanges(inventories, { shared, changes: compared.changes }).map((change) =>
        ofSameLine(change, same),
      )
    : [];
  return {
    before: sides[0],
    after: sides[1],
    sharedLayers: shared,
    equal: files.length === 0 && config.length === 0,
    ...{ config, packages, groups: groupChanges(files) },
    ...{ files, sameFiles: compared.same, timesOnly: compared.timesOnly, bytecodeOnly: noise.size },
    notes: inventories ? [...new Set([...inventories[0].notes, ...inventories[1].notes])] : [],
    ...(text ? { text } : {}),
  };
}

/** A package that is gone: the versions of the database say who took it away, or its file. */
function packageChanges(
  [before, after]: readonly [Inventory, Inventory],
  { shared, changes }: { readonly shared: number; readonly changes: readonly FileChange[] },
): PackageChange[] {
  const files = new Map(changes.map((change) => [change.path, change]));
  const goneFrom = ({ gone }: Inventory, side: Side) => {
    const layers = new Map(gone.map(({ found, layer }) => [`${found.type} ${found.name}`, layer]));
    return ({ type, name, path }: OwnPackage): number | undefined => {
      const layer = layers.get(`${type} ${name}`);
      if (layer !== undefined && layer >= shared) return layer;
      const file = files.get(path);
      const taken = file?.kind === (side === 'after' ? 'removed' : 'added') && file.cause.side === side;
      return taken ? file.cause.layer : undefined;
    };
  };
  // Parts of a distribution's packages come and go with those.
  const whole = ({ packages }: Inventory) => packages.filter(({ partOf }) => partOf === undefined);
  return comparePackages(whole(before), whole(after), {
    shared,
    removedBy: goneFrom(after, 'after'),
    lostBy: goneFrom(before, 'before'),
  });
}

function instructionsOf({ layers }: DiffSide): string[] {
  return layers.map(({ instruction }) => instruction);
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
