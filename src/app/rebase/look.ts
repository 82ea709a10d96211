// Everything that speaks against a rebase, read from the layers.

import { instructionText } from '../../insight/inspect/index.ts';
import { type SeenTree, seenTree } from '../../insight/programs/index.ts';
import {
  type Accounts,
  accountConcerns,
  type Concern,
  ownHistory,
  ownMakers,
  pathConcerns,
  programConcerns,
  type RebaseSubject,
  readAccounts,
} from '../../insight/rebase/index.ts';
import type { ContainerConfig, ImageConfig, OpenedImage } from '../../oci/image/index.ts';
import { readTables } from '../open-image/open-image.ts';
import { readFiles } from '../open-image/read-files.ts';
import { takeInventory } from '../packages/inventory.ts';
import { groundOf, libcOfImage, readBrought, readPrograms } from '../programs/index.ts';
import type { OldBase } from './old-base.ts';

/** The images, opened. */
export interface RebaseImages {
  readonly image: OpenedImage;
  readonly from: OldBase;
  readonly onto: OpenedImage;
}

/** What own layers are called: of each the instruction that made it. */
export function instructionsOf({ image, from }: RebaseImages): readonly string[] {
  const history = ownHistory(image.config, from.config);
  return ownMakers(history, image.layers.length - from.layers).map(instructionText);
}

/** Looks. @param config of the result. @throws MilleError for a damaged layer; `interrupted` */
export async function concernsOf(
  images: RebaseImages,
  config: ContainerConfig,
  signal: AbortSignal,
): Promise<readonly Concern[]> {
  const { image, from, onto } = images;
  const tables = await readTables(image);
  const upper = image.layers.slice(from.layers);
  const base: OpenedImage = { ...image, layers: image.layers.slice(0, from.layers) };
  const end: OpenedImage = {
    ...image,
    config: { ...image.config, config },
    layers: [...onto.layers, ...upper],
  };
  const instructions = instructionsOf(images);
  const own = tables
    .slice(from.layers)
    .map(({ entries }, i) => ({ entries, instruction: instructions[i] ?? '' }));
  const below = await readTables(onto);
  const subject: RebaseSubject = { from: seenTree(tables.slice(0, from.layers)), onto: seenTree(below), own };
  const endTree = seenTree([...below, ...tables.slice(from.layers)]);
  const programs = [...(await readPrograms(upper, readBrought))]
    .filter(([path]) => endTree.entries.get(path)?.type === 'file')
    .map(([path, program]) => ({ path, ...program }));
  const ground = async (which: OpenedImage, tree: SeenTree) => {
    const libc = await libcOfImage(which, tree, await takeInventory(which, signal));
    return await groundOf(which, tree, { programs, ...(libc ? { libc } : {}) });
  };
  const before = await ground(image, seenTree(tables));
  const after = await ground(end, endTree);
  const accounts = {
    from: await accountsOf(base, subject.from),
    onto: await accountsOf(onto, subject.onto),
    end: await accountsOf(end, endTree),
  };
  const found = [
    ...pathConcerns(subject),
    ...programConcerns(subject, { programs, before, after }),
    ...accountConcerns(subject, accounts, end.config),
    ...triggers(onto.config),
  ];
  return [
    ...found.filter(({ level }) => level === 'breaks'),
    ...found.filter(({ level }) => level === 'check'),
  ];
}

async function accountsOf(image: OpenedImage, tree: SeenTree): Promise<Accounts> {
  const files = await readFiles(image, tree, new Set(['etc/passwd', 'etc/group']));
  const text = (path: string) => new TextDecoder().decode(files.get(path));
  return readAccounts({ passwd: text('etc/passwd'), group: text('etc/group') });
}

function triggers({ config }: ImageConfig): Concern[] {
  const { length } = config?.OnBuild ?? [];
  if (length === 0) return [];
  const text = `the new base has ${length} ONBUILD ${length === 1 ? 'trigger' : 'triggers'}, which only a build runs`;
  return [{ level: 'check', kind: 'triggers', text, paths: [], count: 0 }];
}
