// Searching Docker Hub, as `docker search` does.

import { MilleError } from '../../../core/index.ts';
import { askHub, type HubAccess } from './ask.ts';
import { isRecord, listOf, numberOf } from './values.ts';

/** A repository that was found. */
export interface Found {
  readonly name: string;
  readonly description: string;
  readonly stars: number;
  readonly official: boolean;
  readonly automated: boolean;
  /** Absent where Docker Hub does not say. */
  readonly private?: boolean;
}

/** A page of what was found. */
export interface SearchAnswer {
  readonly found: readonly Found[];
  readonly pages: number;
  readonly dropped: number;
}

const NAME = /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/;
const LONGEST_NAME = 255;
const LONGEST_DESCRIPTION = 2000;

/** Asks for one page of `size` repositories, at most 100. @throws MilleError as `askHub` does */
export async function searchHub(
  term: string,
  { page, size }: { readonly page: number; readonly size: number },
  access: HubAccess,
): Promise<SearchAnswer> {
  const query = new URLSearchParams({ q: term, n: String(size), page: String(page) });
  const value = await askHub('search', `/v1/search?${query}`, access);
  const results = isRecord(value) ? listOf(value.results) : undefined;
  if (!isRecord(value) || !results)
    throw new MilleError('network', "Docker Hub's answer to the search is not what is known of it");
  const found = results.slice(0, size).flatMap((entry) => foundOf(entry) ?? []);
  return { found, pages: numberOf(value.num_pages) ?? 1, dropped: results.length - found.length };
}

function foundOf(value: unknown): Found | undefined {
  if (!isRecord(value)) return undefined;
  const { name, description, star_count, is_official, is_automated, is_private } = value;
  if (typeof name !== 'string' || name.length > LONGEST_NAME || !NAME.test(name)) return undefined;
  return {
    name,
    description: typeof description === 'string' ? description.slice(0, LONGEST_DESCRIPTION) : '',
    stars: numberOf(star_count) ?? 0,
    official: is_official === true,
    automated: is_automated === true,
    ...(typeof is_private === 'boolean' ? { private: is_private } : {}),
  };
}
