// Tags as Docker Hub tells them: all that is wanted, in some pages.

import { MilleError } from '../../core/index.ts';
import { decodeTag, type Family, serverHint, type TagFilter } from '../../insight/tags/index.ts';
import { familiarName, formatPlatform, normalizePlatform, type Reference } from '../../oci/image/index.ts';
import { type HubAccess, type HubTag, type HubTags, hubTags } from '../../oci/registry/index.ts';
import type { LearntTag } from './rows.ts';

/** Pages of a hundred that are asked for at most. */
const PAGES = { some: 10, all: 50 };

/** Asks Docker Hub. @throws MilleError `image-missing` where it has no such repository; as `hubTags` does */
export async function askHubTags(
  reference: Reference,
  wanted: { readonly filter: TagFilter; readonly all: boolean },
  access: HubAccess,
): Promise<HubTags> {
  const name = serverHint(wanted.filter);
  const pages = wanted.all ? PAGES.all : PAGES.some;
  const found = await hubTags(
    reference.repository,
    { pages, ...(name === undefined ? {} : { name }) },
    access,
  );
  if (found) return found;
  throw new MilleError('image-missing', `Docker Hub has no repository ${familiarName(reference)}`, {
    hint: `look for it: mille search ${familiarName(reference)}`,
  });
}

/** What Docker Hub says of a tag. */
export function learntOfHub({ name, digest, pushed, images }: HubTag, family: Family): LearntTag {
  return {
    tag: decodeTag(name, family),
    ...(digest === undefined ? {} : { digest }),
    ...(pushed === undefined ? {} : { time: pushed }),
    images: images.map(({ os, architecture, variant, digest: own, size }) => ({
      platform: formatPlatform(
        normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) }),
      ),
      bytes: size,
      ...(own === undefined ? {} : { digest: own }),
    })),
  };
}
