// One image measured as a base: what it weighs, what is in it, who looks after it.

import { libcOf } from '../../../insight/base/index.ts';
import { PACKAGE_TYPES } from '../../../insight/packages/index.ts';
import { type SeenTree, seenTree } from '../../../insight/programs/index.ts';
import {
  type DecodedTag,
  decodeTag,
  familyOf,
  type LifeCycles,
  supportOf,
  type TagDistribution,
  withCodename,
} from '../../../insight/tags/index.ts';
import {
  formatPlatform,
  type OpenedImage,
  type OpenedLayer,
  parseReference,
} from '../../../oci/image/index.ts';
import type { Store } from '../../../oci/store/index.ts';
import { type OpenImageOptions, readTables, withImage } from '../../open-image/open-image.ts';
import { sentBytesOf } from '../../optimize/sent-bytes.ts';
import { type Inventory, takeInventory } from '../../packages/inventory.ts';
import { libcOfImage } from '../../programs/index.ts';
import type { Services } from '../../services.ts';
import type { ComparedBase } from './types.ts';

/** Which image. */
export interface LookRequest {
  /** As it was asked for: its tag says something of it. */
  readonly name: string;
  /** Its id, where it was fetched meanwhile. */
  readonly id?: string;
  readonly options: OpenImageOptions;
  /** Until when what is supported. */
  readonly cycles: LifeCycles;
}

/** An image, and its packages. */
export interface LookedAtBase {
  readonly base: ComparedBase;
  readonly inventory: Inventory;
  /** `3.12`: of the Python that is found first. */
  readonly python?: string;
  readonly compiler: boolean;
}

/** Looks. @throws MilleError for what cannot be opened, or is damaged */
export async function lookAtBase(
  services: Services,
  { name, id = name, options, cycles }: LookRequest,
): Promise<LookedAtBase> {
  const store = await services.store();
  return await withImage(services, id, options, async (image) => {
    const inventory = await takeInventory(image, options.signal);
    const tree = seenTree(await readTables(image));
    const tag = tagOf(name, inventory);
    const { distribution } = tag.decoded;
    const libc = (await libcOfImage(image, tree, inventory)) ?? (distribution && libcOf(distribution));
    const { config } = image;
    const base: ComparedBase = {
      ...{ name, origin: image.origin, imageId: image.imageId },
      ...(image.manifestDigest === undefined ? {} : { manifestDigest: image.manifestDigest }),
      platform: formatPlatform(config),
      ...(config.created === undefined ? {} : { created: config.created }),
      ...(await weigh(store, image, options)),
      packages: countPackages(inventory),
      ...(distribution ? { distribution } : {}),
      ...(inventory.system?.name === undefined ? {} : { system: inventory.system.name }),
      ...(libc ? { libc } : {}),
      ...{ shells: shellsOf(tree), installers: programsOf(tree, INSTALLERS) },
      user: config.config?.User || 'root',
      support: supportOf(tag.decoded, tag.family, cycles),
      notes: inventory.notes,
    };
    const python = pythonOf(tree);
    return {
      ...{ base, inventory, compiler: programsOf(tree, COMPILERS).length > 0 },
      ...(python === undefined ? {} : { python }),
    };
  });
}

async function weigh(
  store: Store,
  { layers }: OpenedImage,
  { signal = new AbortController().signal }: OpenImageOptions,
): Promise<Pick<ComparedBase, 'bytes' | 'layers' | 'here'>> {
  let unpacked = 0;
  for (const layer of layers) unpacked += await layer.size();
  const compressed = await sentBytesOf(store, layers, signal);
  const bytes = { unpacked, ...(compressed === undefined ? {} : { compressed }) };
  return { bytes, layers: layers.length, here: layersHere(store, layers) };
}

/** What of an image the store has already. */
export function layersHere(store: Store, layers: readonly OpenedLayer[]): ComparedBase['here'] {
  const known = layers.flatMap(({ diffId }) => store.layer(diffId) ?? []);
  return { layers: known.length, bytes: known.reduce((sum, { info }) => sum + info.size, 0) };
}

function countPackages({ packages }: Inventory): ComparedBase['packages'] {
  return PACKAGE_TYPES.flatMap((type) => {
    // What the distribution's packages consist of was counted with them.
    const count = packages.filter((one) => one.type === type && one.partOf === undefined).length;
    return count === 0 ? [] : [{ type, count }];
  });
}

/** What the name says, and where the image itself says which distribution it is, that. */
function tagOf(name: string, { system }: Inventory) {
  const reference = referenceOf(name);
  const family = familyOf(reference?.repository ?? name);
  const decoded = decodeTag(reference?.tag ?? 'latest', family);
  const said = system && distributionOf(system.id, system.version);
  const joined: DecodedTag = said
    ? { ...decoded, distribution: { ...said, ...sameAs(decoded.distribution, said) } }
    : decoded;
  return { family, decoded: joined };
}

function referenceOf(name: string) {
  try {
    return parseReference(name.replace(/^registry:\/\//, ''));
  } catch {
    return undefined;
  }
}

/** Names in os-release that are others in tags. */
const SYSTEMS: Readonly<Record<string, string>> = {
  ol: 'oraclelinux',
  amzn: 'amazonlinux',
  rocky: 'rockylinux',
};

function distributionOf(id: string, version: string | undefined): TagDistribution {
  const name = SYSTEMS[id] ?? id;
  return withCodename({ name, ...(version === undefined ? {} : { release: version }) });
}

/** A codename that only the tag knows: of what is not released yet. */
function sameAs(tagged: TagDistribution | undefined, said: TagDistribution): Partial<TagDistribution> {
  return tagged?.name === said.name && said.release === undefined ? tagged : {};
}

const PLACES = ['bin', 'usr/bin', 'sbin', 'usr/sbin', 'usr/local/bin'];
const INSTALLERS = ['apt-get', 'apk', 'dnf', 'microdnf', 'tdnf', 'yum', 'zypper', 'pacman'];

function programsOf(tree: SeenTree, names: readonly string[]): string[] {
  return names.filter((name) => PLACES.some((place) => tree.follow(`${place}/${name}`)));
}

const COMPILERS = ['gcc', 'cc', 'g++', 'clang'];

/** By what `python3` is, found as a shell would find it. */
function pythonOf(tree: SeenTree): string | undefined {
  const found = ['usr/local/bin', 'usr/bin', 'bin'].flatMap(
    (place) => tree.follow(`${place}/python3`)?.at(-1) ?? [],
  );
  return /python(3\.\d+)$/.exec(found[0] ?? '')?.[1];
}

function shellsOf(tree: SeenTree): string[] {
  const sh = tree.follow('/bin/sh')?.at(-1);
  const first = sh === undefined ? [] : [sh.slice(sh.lastIndexOf('/') + 1)];
  return [...new Set([...first, ...programsOf(tree, ['bash'])])];
}
