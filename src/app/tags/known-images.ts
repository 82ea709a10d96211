// All images of a repository that its registry tells of, with one tag among them: for whoever compares them.

import { decodeTag } from '../../insight/tags/index.ts';
import type { Reference } from '../../oci/image/index.ts';
import { type HubAccess, hubTags, listTags, openRepository } from '../../oci/registry/index.ts';
import { hubOrRegistry } from './hub-or-registry.ts';
import { askHubTags, learntOfHub } from './hub-source.ts';
import { chooseTags } from './named.ts';
import { learnOfRegistry } from './registry-source.ts';
import { type LearntTag, type RowOptions, rowsOf } from './rows.ts';
import type { TagRow } from './types.ts';

/** Images, and who told of them. */
export interface KnownImages {
  readonly rows: readonly TagRow[];
  readonly place: string;
}

/** Images of a registry that are looked at. */
const MOST = 40;
const CURRENT = { filter: {}, all: false, unreleased: false };

/** Asks for the images of a repository. @throws MilleError as `listTags` and `hubTags` do */
export async function knownImages(
  reference: Reference,
  options: RowOptions,
  access: HubAccess,
): Promise<KnownImages> {
  const from = (place: string, learnt: readonly LearntTag[]): KnownImages => ({
    place,
    rows: rowsOf(
      learnt,
      options,
      learnt.map(({ tag }) => tag),
    ),
  });
  return hubOrRegistry(reference, {
    hub: async () => from('Docker Hub', await ofHub(reference, options, access)),
    registry: async () => from(reference.registry, await ofRegistry(reference, options, access)),
  });
}

async function ofHub(reference: Reference, { family }: RowOptions, access: HubAccess): Promise<LearntTag[]> {
  const { repository, tag } = reference;
  const answer = await askHubTags(reference, CURRENT, access);
  const learnt = answer.tags.map((one) => learntOfHub(one, family));
  if (tag === undefined || answer.tags.some(({ name }) => name === tag)) return learnt;
  // One that was not pushed for long: it is not among the last thousand.
  const named = await hubTags(repository, { name: tag, pages: 1 }, access);
  return [...learnt, ...(named?.tags ?? []).map((one) => learntOfHub(one, family))];
}

async function ofRegistry(
  reference: Reference,
  options: RowOptions,
  access: HubAccess,
): Promise<LearntTag[]> {
  const { names } = await listTags(reference, access);
  const own = names.filter((name) => name === reference.tag).map((name) => decodeTag(name, options.family));
  const { tags } = chooseTags(
    names.filter((name) => name !== reference.tag),
    options.family,
    CURRENT,
  );
  const wanted = { platform: options.platform, limit: MOST };
  const { tags: learnt } = await learnOfRegistry(
    openRepository(reference, access),
    [...own, ...tags],
    wanted,
  );
  return [...learnt];
}
