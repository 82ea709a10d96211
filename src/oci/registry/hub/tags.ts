// The tags of a repository as Docker Hub knows them: with sizes, platforms and times, which a registry does not tell.

import { type Digest, isDigest, MilleError } from '../../../core/index.ts';
import { askHub, type HubAccess } from './ask.ts';
import { isRecord, listOf, numberOf, timeOf, wordOf } from './values.ts';

/** One image of a tag. */
export interface HubImage {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly digest?: Digest;
  /** Bytes of its layers as they are stored. */
  readonly size: number;
}

/** A tag. */
export interface HubTag {
  readonly name: string;
  /** Of what the tag means: an index, or a manifest. */
  readonly digest?: Digest;
  /** RFC 3339. */
  readonly pushed?: string;
  readonly images: readonly HubImage[];
}

/** Tags, those that were pushed last first. */
export interface HubTags {
  readonly tags: readonly HubTag[];
  /** How many there are in all that fit the name. */
  readonly total: number;
  /** Why some are missing: as many as were wanted, or Docker Hub gave no more. */
  readonly cut?: 'enough' | 'refused';
  readonly dropped: number;
}

const PAGE = 100;
const AT_ONCE = 3;
const TAG = /^\w[\w.-]{0,127}$/;
const MOST_IMAGES = 200;

/**
 * Asks for the tags of a repository, page by page.
 * @param wanted `name`: only tags that hold this text; `pages`: how many pages of 100 at most
 * @returns undefined where there is no such repository
 * @throws MilleError as `askHub` does
 */
export async function hubTags(
  repository: string,
  wanted: { readonly name?: string; readonly pages: number },
  access: HubAccess,
): Promise<HubTags | undefined> {
  const [space = '', ...rest] = repository.split('/');
  const session = {};
  const ask = (page: number) => {
    const query = new URLSearchParams({
      page: String(page),
      page_size: String(PAGE),
      ordering: 'last_updated',
      ...(wanted.name === undefined ? {} : { name: wanted.name }),
    });
    const path = `/v2/namespaces/${space}/repositories/${rest.join('/')}/tags?${query}`;
    return askHub('api', path, access, session).then(readPage);
  };
  const first = await ask(1);
  if (!first) return undefined;
  const tags = [...first.tags];
  const result = (cut?: HubTags['cut']): HubTags => ({
    tags: [...new Map(tags.map((tag) => [tag.name, tag])).values()],
    total: Math.max(first.total, tags.length),
    dropped,
    ...(cut ? { cut } : {}),
  });
  let { dropped } = first;
  const pages = Math.ceil(first.total / PAGE);
  const last = Math.min(pages, wanted.pages);
  for (let page = 2; page <= last; page += AT_ONCE) {
    const numbers = [page, page + 1, page + 2].filter((one) => one <= last);
    const answers = await Promise.allSettled(numbers.map(ask));
    for (const answer of answers) {
      if (answer.status === 'rejected' && !isRefusal(answer.reason)) throw answer.reason;
      // Docker Hub lets nobody page deep who has not logged in, and limits how often it is asked.
      if (answer.status === 'rejected' || !answer.value) return result('refused');
      tags.push(...answer.value.tags);
      dropped += answer.value.dropped;
    }
  }
  return result(last < pages ? 'enough' : undefined);
}

function isRefusal(error: unknown): boolean {
  return error instanceof MilleError && (error.code === 'network' || error.code === 'registry-denied');
}

function readPage(value: unknown) {
  if (value === undefined) return undefined;
  const results = isRecord(value) ? listOf(value.results) : undefined;
  if (!isRecord(value) || !results) {
    throw new MilleError('network', "Docker Hub's list of tags is not what its documentation says");
  }
  const tags = results.slice(0, PAGE).flatMap((entry) => tagOf(entry) ?? []);
  return { tags, total: numberOf(value.count) ?? tags.length, dropped: results.length - tags.length };
}

function tagOf(value: unknown): HubTag | undefined {
  if (!isRecord(value) || typeof value.name !== 'string' || !TAG.test(value.name)) return undefined;
  const pushed = timeOf(value.tag_last_pushed) ?? timeOf(value.last_updated);
  const digest = digestOf(value.digest);
  return {
    name: value.name,
    ...(digest === undefined ? {} : { digest }),
    ...(pushed === undefined ? {} : { pushed }),
    images: (listOf(value.images) ?? []).slice(0, MOST_IMAGES).flatMap((image) => imageOf(image) ?? []),
  };
}

function imageOf(value: unknown): HubImage | undefined {
  if (!isRecord(value)) return undefined;
  const [os, architecture, variant] = [wordOf(value.os), wordOf(value.architecture), wordOf(value.variant)];
  // Attestations are listed too, as images of an unknown system.
  if (os === undefined || architecture === undefined || os === 'unknown') return undefined;
  const digest = digestOf(value.digest);
  return {
    ...{ os, architecture, size: numberOf(value.size) ?? 0 },
    ...(variant === undefined ? {} : { variant }),
    ...(digest === undefined ? {} : { digest }),
  };
}

function digestOf(value: unknown): Digest | undefined {
  return typeof value === 'string' && isDigest(value) ? value : undefined;
}
