// `mille search`: repositories of Docker Hub as its search finds them, of other registries by their catalogue.

import { MilleError } from '../../core/index.ts';
import { type Found, type HubAccess, listCatalogue, searchHub } from '../../oci/registry/index.ts';
import { offline } from '../pull/access.ts';
import { readTrust } from '../pull/read-trust.ts';
import { withServices } from '../services.ts';
import { hubAccess } from './access.ts';
import type { SearchFilter, SearchOptions, SearchResult, SearchRow } from './types.ts';

/** Pages that are asked for at most: a filter may leave little of each. */
const MOST_PAGES = 5;
const LARGEST_PAGE = 100;

/** Looks for repositories. See `App.search`. */
export function search(options: SearchOptions, signal: AbortSignal): Promise<SearchResult> {
  const { registry, term } = splitTerm(options.term);
  return withServices('read', async (services) => {
    const store = await services.store();
    const ca = options.ca === undefined ? undefined : readTrust(store, options.ca);
    const access = await hubAccess(store, { signal, ...(ca === undefined ? {} : { ca }) });
    if (!access) throw offline('cannot search');
    return registry === undefined
      ? ofHub(term, options, access)
      : ofCatalogue(registry, term, options, access);
  });
}

/**
 * A registry before the first slash is told from a user by its dot or colon, as Docker does. A registry alone is asked
 * for all that it has; that has to have a port, or a slash behind it.
 */
export function splitTerm(text: string): { readonly registry?: string; readonly term: string } {
  const slash = text.indexOf('/');
  const first = slash < 0 ? text : text.slice(0, slash);
  const rest = slash < 0 ? '' : text.slice(slash + 1);
  const alone = slash < 0 && /^(?:localhost|\[[0-9a-f:]+\]|[^:]*\.[^:]*):\d+$/.test(first);
  const named = slash >= 0 && (/[.:]/.test(first) || first === 'localhost');
  if (!alone && !named) return { term: text };
  if (first !== 'docker.io' && first !== 'index.docker.io') return { registry: first, term: rest };
  return { term: rest.replace(/^library\//, '') };
}

async function ofHub(
  term: string,
  { filter, limit }: SearchOptions,
  access: HubAccess,
): Promise<SearchResult> {
  if (term === '') throw new MilleError('usage', 'there is nothing to search for', { hint: 'write a word' });
  const filtered = Object.keys(filter).length > 0;
  const size = filtered ? LARGEST_PAGE : Math.min(limit, LARGEST_PAGE);
  const rows: Found[] = [];
  let dropped = 0;
  let pages = 1;
  let tellsPrivate = false;
  for (let page = 1; page <= Math.min(pages, MOST_PAGES) && rows.length < limit; page++) {
    const answer = await searchHub(term, { page, size }, access);
    pages = answer.pages;
    dropped += answer.dropped;
    tellsPrivate ||= answer.found.some((one) => one.private !== undefined);
    rows.push(...answer.found.filter((one) => isWanted(one, filter)));
    if (answer.found.length === 0) break;
  }
  if (filter.private !== undefined && !tellsPrivate && rows.length === 0)
    throw untold('is-private', 'Docker Hub');
  const shown = rows.slice(0, limit);
  return { source: 'hub', place: 'Docker Hub', rows: shown, more: rows.length > limit, dropped };
}

function isWanted(found: SearchRow, filter: SearchFilter): boolean {
  const { official, automated, stars } = filter;
  return (
    (official === undefined || found.official === official) &&
    (automated === undefined || found.automated === automated) &&
    (filter.private === undefined || found.private === filter.private) &&
    (stars === undefined || (found.stars ?? 0) >= stars)
  );
}

async function ofCatalogue(
  registry: string,
  term: string,
  { filter, limit }: SearchOptions,
  access: HubAccess,
): Promise<SearchResult> {
  const asked = Object.keys(filter)[0];
  if (asked !== undefined) throw untold(asked === 'stars' ? 'stars' : `is-${asked}`, registry);
  const list = await catalogueOf(registry, access);
  const wanted = term.toLowerCase();
  const names = list.names.filter((name) => name.includes(wanted)).toSorted((a, b) => rank(a, b, wanted));
  return {
    source: 'catalogue',
    place: registry,
    rows: names.slice(0, limit).map((name) => ({ name: `${registry}/${name}` })),
    more: list.more || names.length > limit,
    dropped: list.dropped,
  };
}

/** The name itself first, then those whose last part it is. */
function rank(a: string, b: string, term: string): number {
  const distance = (name: string) => (name === term ? 0 : name.endsWith(`/${term}`) ? 1 : 2);
  return distance(a) - distance(b) || (a < b ? -1 : 1);
}

async function catalogueOf(registry: string, access: HubAccess) {
  try {
    return await listCatalogue(registry, access);
  } catch (error) {
    if (!(error instanceof MilleError) || error.code !== 'image-missing') throw error;
    throw new MilleError('network', `the registry ${registry} has no catalogue of its repositories`, {
      hint: 'many large ones keep none: see their pages; mille tags lists the tags of a repository',
      cause: error,
    });
  }
}

function untold(filter: string, place: string): MilleError {
  return new MilleError('usage', `--filter ${filter}: ${place} does not tell that of its repositories`, {
    hint: 'leave the filter out',
  });
}
