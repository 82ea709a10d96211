// `mille base`: what each FROM of a Dockerfile is, how long that lasts, and what could stand in its place.

import { type Digest, MilleError } from '../../core/index.ts';
import { libcOf, type Parts, proposeBases, withoutShell } from '../../insight/base/index.ts';
import { decodeTag, familyOf, type LifeCycles, lineOf } from '../../insight/tags/index.ts';
import { formatPlatform, formatReference, parseReference, type Reference } from '../../oci/image/index.ts';
import type { HubAccess } from '../../oci/registry/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { imageFor, lookUpImage } from '../find-image.ts';
import { datesOf } from '../life-cycles/dates.ts';
import { lifeCyclesOf } from '../life-cycles/kept.ts';
import { findFile } from '../lint/find-files.ts';
import { readFile } from '../lint/lint-file.ts';
import { lockedImage } from '../lock/lock-file.ts';
import { lockBeside, readLockAt } from '../lock/place.ts';
import { isOfRegistry } from '../pull/access.ts';
import { readTrust } from '../pull/read-trust.ts';
import { hubAccess } from '../search/access.ts';
import { withServices } from '../services.ts';
import { type KnownImages, knownImages } from '../tags/known-images.ts';
import { type RowOptions, rowsOf } from '../tags/rows.ts';
import type { TagRow } from '../tags/types.ts';
import { type PartsPlace, partsOf } from './parts/parts-of.ts';
import type { BaseOptions, BaseReport, BaseResult } from './types.ts';
import { type UsedBase, usedBases } from './used-bases.ts';

/** Looks at the bases of a Dockerfile. See `App.base`. */
export async function base(options: BaseOptions, signal: AbortSignal): Promise<BaseResult> {
  const [file, ...others] = findFile(options.file);
  if (others.length > 0) {
    throw new MilleError(
      'usage',
      `there are several Dockerfiles: ${[file, ...others].slice(0, 5).join(', ')}`,
      {
        hint: 'name the one that is meant: mille base -f PATH',
      },
    );
  }
  const { source } = await readFile(file);
  return withServices('read', async (services) => {
    const store = await services.store();
    const ca = options.ca === undefined ? undefined : readTrust(store, options.ca);
    const access = await hubAccess(store, { signal, ...(ca === undefined ? {} : { ca }) });
    const bases: BaseReport[] = [];
    const cycles = lifeCyclesOf(store.root);
    const directory = options.context ?? directoryOf(file);
    const { packageIndex } = options;
    const place: PartsPlace = {
      ...{ directory, root: store.root, signal },
      ...(packageIndex ? { packageIndex } : {}),
      ...(ca === undefined ? {} : { ca }),
    };
    const parts = (used: UsedBase) => partsOf(used.wanted, pythonOf(used), place);
    const lock = file === '-' ? undefined : readLockAt({ path: lockBeside(file), shown: lockBeside(file) });
    for (const used of usedBases(store, source, options)) {
      const digest = lockedImage(lock, used.reference);
      bases.push(await lookAt(store, used, { access, cycles, parts, ...(digest ? { digest } : {}) }));
    }
    const shown = bases.flatMap(({ image, alternatives }) => [
      image.support,
      ...alternatives.map((one) => one.image.support),
    ]);
    return { file, bases, dates: datesOf(shown, cycles) };
  });
}

interface LookedUp {
  readonly access: HubAccess | undefined;
  readonly cycles: LifeCycles;
  readonly parts: (used: UsedBase) => Promise<Parts | undefined>;
  /** What the lock file says. */
  readonly digest?: Digest;
}

async function lookAt(
  store: Store,
  used: UsedBase,
  { access, cycles, parts: partsFor, digest }: LookedUp,
): Promise<BaseReport> {
  const reference = parseReference(used.reference);
  const family = familyOf(reference.repository);
  const { platform, use } = used;
  const rows: RowOptions = { family, cycles, platform, wanted: [], isLocal: () => false };
  const known = await ask(reference, rows, access);
  const found = 'rows' in known ? ownRow(known.rows, reference) : undefined;
  const own = found ?? fromTag(reference, rows);
  const { distribution } = own;
  const libc = distribution && libcOf(distribution);
  const today = new Date().toISOString().slice(0, 10);
  const written = reference.tag ?? own.tag;
  const shellless = withoutShell(own, used.shell, family);
  const parts = 'rows' in known ? await partsFor(used) : undefined;
  const { architecture } = platform;
  return {
    reference: formatReference(reference),
    ...{ lines: used.lines, stages: used.stages, platform: formatPlatform(platform), image: own },
    ...(libc ? { libc } : {}),
    ...('rows' in known ? { place: known.place } : { unknown: known.unknown }),
    ...('rows' in known && !found ? { unknown: `${known.place} has no such tag` } : {}),
    ...(shellless === undefined ? {} : { shellless }),
    ...localOf(store, used, own),
    ...(reference.digest ? { pinned: pinnedTo(reference.digest, own) } : {}),
    ...(digest ? { locked: pinnedTo(digest, own) } : {}),
    alternatives:
      'rows' in known
        ? proposeBases({
            ...{ written, own, all: known.rows, use, family, today, architecture },
            ...(parts ? { parts } : {}),
          })
        : [],
  };
}

/** `3.12`, by the tag of an image of Python. */
function pythonOf({ reference }: UsedBase): string | undefined {
  const { repository, tag = '' } = parseReference(reference);
  const family = familyOf(repository);
  const { version } = decodeTag(tag, family);
  return family.product === 'python' && version ? lineOf(family, version) : undefined;
}

/** Where a Dockerfile lies; the working directory for one from standard input. */
function directoryOf(file: string): string {
  const at = file.lastIndexOf('/');
  return at < 0 ? '.' : file.slice(0, at) || '/';
}

/** What is known of the repository; why nothing is, where nobody could be asked. */
async function ask(
  reference: Reference,
  rows: RowOptions,
  access: HubAccess | undefined,
): Promise<KnownImages | { readonly unknown: string }> {
  if (!access) return { unknown: '--offline (MILLE_OFFLINE) forbids to ask a registry' };
  try {
    return await knownImages(reference, rows, access);
  } catch (error) {
    if (!isOfRegistry(error)) throw error;
    return { unknown: error.message };
  }
}

function ownRow(rows: readonly TagRow[], { tag, digest }: Reference): TagRow | undefined {
  const named = rows.find((row) => row.tag === tag || row.also.includes(tag ?? ''));
  if (named || digest === undefined) return named;
  return rows.find(({ images, digests }) =>
    [...digests, ...images.map((one) => one.digest)].includes(digest),
  );
}

/** What the tag says by itself. */
function fromTag({ tag = '' }: Reference, options: RowOptions): TagRow {
  const decoded = decodeTag(tag, options.family);
  return rowsOf([{ tag: decoded, images: [] }], options, [decoded])[0]!;
}

function localOf(store: Store, { reference, platform }: UsedBase, own: TagRow): Pick<BaseReport, 'local'> {
  const found = lookUpImage(store, reference);
  const digest = found && imageFor(store, found, platform);
  if (!digest || store.imageDamage(digest) !== undefined) return {};
  const { created } = store.image(digest).config;
  const now = own.image?.digest;
  return {
    local: {
      digest,
      ...(created === undefined ? {} : { created }),
      ...(now === undefined ? {} : { current: now === digest }),
    },
  };
}

function pinnedTo(digest: Digest, { digests, image }: TagRow): NonNullable<BaseReport['pinned']> {
  const now = [...digests, image?.digest].filter((one) => one !== undefined);
  return { digest, ...(now.length > 0 ? { current: now.includes(digest) } : {}) };
}
