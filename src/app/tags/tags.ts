// `mille tags`: the tags of a repository, taken apart, with what its registry knows of their images.

import { MilleError } from '../../core/index.ts';
import { architectureOf, familyOf } from '../../insight/tags/index.ts';
import {
  familiarName,
  type Platform,
  parsePlatform,
  parseReference,
  type Reference,
} from '../../oci/image/index.ts';
import { type HubAccess, listTags, openRepository } from '../../oci/registry/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import { datesOf } from '../life-cycles/dates.ts';
import { lifeCyclesOf } from '../life-cycles/kept.ts';
import { readTrust } from '../pull/read-trust.ts';
import { hubAccess } from '../search/access.ts';
import { withServices } from '../services.ts';
import { hubOrRegistry } from './hub-or-registry.ts';
import { askHubTags, learntOfHub } from './hub-source.ts';
import { chooseTags } from './named.ts';
import { learnOfRegistry } from './registry-source.ts';
import { type LearntTag, type RowOptions, rowsOf } from './rows.ts';
import { learnOfStore } from './store-source.ts';
import type { TagsOptions, TagsResult } from './types.ts';

/** What all sources are given. */
interface Request {
  readonly options: TagsOptions;
  readonly reference: Reference;
  readonly rows: RowOptions;
}

type Answer = Omit<TagsResult, 'repository' | 'isDistribution' | 'dates'>;

/** Lists and decodes tags. See `App.tags`. */
export function tags(options: TagsOptions, signal: AbortSignal): Promise<TagsResult> {
  const reference = repositoryOf(options.repository);
  const wanted = options.architectures.map(platformOf);
  return withServices('read', async (services) => {
    const store = await services.store();
    const family = familyOf(reference.repository);
    const cycles = lifeCyclesOf(store.root);
    const here = learnOfStore(store, reference, family);
    const local = new Set(here.map(({ tag }) => tag.tag));
    const rows: RowOptions = {
      ...{ family, cycles, wanted, platform: wanted[0] ?? hostPlatform() },
      isLocal: (tag) => local.has(tag),
    };
    const request = { options, reference, rows };
    const answer = options.local ? ofStore(here, request) : await ofElsewhere(store, request, signal);
    const dates = datesOf(
      answer.rows.map(({ support }) => support),
      cycles,
    );
    const isDistribution = family.distribution !== undefined;
    return { repository: familiarName(reference), ...answer, isDistribution, dates };
  });
}

/** A repository without a tag. */
function repositoryOf(text: string): Reference {
  const reference = parseReference(text);
  const named = text.slice(text.lastIndexOf('/') + 1);
  if (reference.digest === undefined && !named.includes(':')) return reference;
  throw new MilleError('usage', `'${text}' names an image, not a repository`, {
    hint: `write mille tags ${familiarName(reference)}; --version, --distro and --variant choose tags`,
  });
}

function platformOf(text: string): Platform {
  const { os } = hostPlatform();
  const known = architectureOf(text.toLowerCase());
  return parsePlatform(known === undefined ? text : `${os}/${known}`, hostPlatform());
}

/** Asks Docker Hub for its own repositories, for others their registry. */
async function ofElsewhere(store: Store, request: Request, signal: AbortSignal): Promise<Answer> {
  const { options, reference } = request;
  const ca = options.ca === undefined ? undefined : readTrust(store, options.ca);
  const access = await hubAccess(store, { signal, ...(ca === undefined ? {} : { ca }) });
  if (!access) {
    throw new MilleError(
      'network',
      'cannot ask for tags: --offline (MILLE_OFFLINE) forbids to ask a registry',
      {
        hint: 'unset MILLE_OFFLINE, or see what the store has with --local',
      },
    );
  }
  return hubOrRegistry(reference, {
    hub: () => ofHub(request, access),
    registry: () => ofRegistry(request, access),
  });
}

async function ofHub({ options, reference, rows }: Request, access: HubAccess): Promise<Answer> {
  const answer = await askHubTags(reference, options, access);
  const names = answer.tags.map(({ name }) => name);
  const { tags: chosen, hidden } = chooseTags(names, rows.family, options);
  const learnt = answer.tags.map((tag) => learntOfHub(tag, rows.family));
  const all = rowsOf(learnt, rows, chosen);
  return {
    ...{ source: 'hub', place: 'Docker Hub', hidden, dropped: answer.dropped },
    rows: all.slice(0, options.limit),
    more: Math.max(0, all.length - options.limit),
    ...{ total: answer.total, seen: answer.tags.length },
    ...(answer.cut ? { cut: answer.cut } : {}),
  };
}

async function ofRegistry({ options, reference, rows }: Request, access: HubAccess): Promise<Answer> {
  const list = await listTags(reference, access);
  const { tags: chosen, hidden } = chooseTags(list.names, rows.family, options);
  const { platform } = rows;
  const repository = openRepository(reference, access);
  const learnt = await learnOfRegistry(repository, chosen, { platform, limit: options.limit });
  const all = rowsOf(learnt.tags, rows, chosen);
  return {
    ...{ source: 'registry', place: reference.registry, hidden, dropped: list.dropped },
    rows: all.slice(0, options.limit),
    more: Math.max(0, all.length - options.limit) + learnt.left,
    ...{ total: list.names.length, seen: list.names.length },
    ...(list.more ? { cut: 'enough' as const } : {}),
  };
}

function ofStore(here: readonly LearntTag[], { options, reference, rows }: Request): Answer {
  const names = here.map(({ tag }) => tag.tag);
  if (names.length === 0) {
    throw new MilleError('image-missing', `the store has no image of ${familiarName(reference)}`, {
      hint: 'without --local the registry is asked',
    });
  }
  const { tags: chosen, hidden } = chooseTags([...new Set(names)], rows.family, options);
  const all = rowsOf(here, rows, chosen);
  return {
    ...{ source: 'store', place: 'the store', hidden, dropped: 0 },
    rows: all.slice(0, options.limit),
    more: Math.max(0, all.length - options.limit),
    ...{ total: names.length, seen: names.length },
  };
}
