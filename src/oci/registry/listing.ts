// Lists of names that a registry gives page by page: the tags of a repository, and the repositories themselves. Nothing
// of them is believed: their number, their pages and their sizes are bounded, and what cannot be a name is left out.

import { MilleError } from '../../core/index.ts';
import type { Exchange } from '../../sys/index.ts';
import type { Reference } from '../image/index.ts';
import type { RegistryAccess } from './access.ts';
import { type Kind, openClient, type RepositoryClient } from './client.ts';
import { readBody } from './read-body.ts';

/** Names, in the registry's order. */
export interface NameList {
  readonly names: readonly string[];
  /** Whether there are more, which nobody asked for. */
  readonly more: boolean;
  /** How many entries were no names. */
  readonly dropped: number;
}

const PAGE_LIMIT = 8 * 1024 * 1024;
/** More than any repository has that people look at. */
const MOST_NAMES = 50_000;
const MOST_PAGES = 200;

const TAG = /^\w[\w.-]{0,127}$/;
const REPOSITORY = /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/;

/**
 * The tags of a repository.
 * @throws MilleError `image-missing` where there is none, `registry-denied`, `network`, `image-invalid`, `interrupted`
 */
export function listTags(reference: Reference, access: RegistryAccess): Promise<NameList> {
  const first = `/v2/${reference.repository}/tags/list`;
  return listNames(openClient(reference, access), { kind: 'tags', first }, (name) => TAG.test(name));
}

/** The repositories of a registry, where it tells them. @throws MilleError as `listTags` does */
export function listCatalogue(registry: string, access: RegistryAccess): Promise<NameList> {
  const client = openClient({ registry, repository: 'catalogue' }, access, { catalogue: true });
  return listNames(
    client,
    { kind: 'catalogue', first: '/v2/_catalog' },
    (name) => name.length <= 255 && REPOSITORY.test(name),
  );
}

async function listNames(
  client: RepositoryClient,
  { kind, first }: { readonly kind: Extract<Kind, 'tags' | 'catalogue'>; readonly first: string },
  isName: (text: string) => boolean,
): Promise<NameList> {
  const names = new Set<string>();
  let dropped = 0;
  let location: URL | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await client.ask({ kind, name: 'list', ...(location ? { location } : {}) });
    const link = nextPage(answer.header('link'));
    const before = names.size;
    for (const entry of await readNames(answer, kind, client.registry)) {
      if (typeof entry !== 'string' || !isName(entry)) dropped++;
      else if (names.size < MOST_NAMES) names.add(entry);
      else return { names: [...names], more: true, dropped };
    }
    if (link === undefined) return { names: [...names], more: false, dropped };
    // A page that brings nothing new, and another one after it: a list without an end.
    if (names.size === before) break;
    location = client.next(link, location ?? client.next(first));
  }
  return { names: [...names], more: true, dropped };
}

async function readNames(
  answer: Exchange,
  kind: 'tags' | 'catalogue',
  registry: string,
): Promise<readonly unknown[]> {
  const what = kind === 'tags' ? 'the list of tags' : 'the catalogue';
  const bytes = await readBody(answer, what, PAGE_LIMIT);
  let value: { tags?: unknown; repositories?: unknown } | null;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    value = null;
  }
  const list = kind === 'tags' ? value?.tags : value?.repositories;
  // Some registries write null for none.
  if (list === null && value !== null) return [];
  if (Array.isArray(list)) return list;
  throw new MilleError('image-invalid', `${what} of ${registry} is not what the protocol says`, {
    hint: 'is this a registry?',
  });
}

/** The address of the next page in a header `Link` (RFC 8288); it may be relative. */
function nextPage(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 16_384) return undefined;
  for (const [, address, parameters = ''] of header.matchAll(/<([^>]*)>([^<]*)/g))
    if (/;\s*rel\s*=\s*"?next"?/i.test(parameters)) return address;
  return undefined;
}
