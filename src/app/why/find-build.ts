// Builds as people name them: by the beginning of an id, by an image, by a directory.

import { type BuildRecord, madeImage } from '../../build/cache/index.ts';
import { type Digest, displayPath, MilleError } from '../../core/index.ts';
import { canonicalName, parseReference } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { lookUpImage } from '../find-image.ts';

/** Where to look. `builds`: the latest first. */
export interface KnownBuilds {
  readonly store: Store;
  readonly builds: readonly BuildRecord[];
  /** The working directory. */
  readonly here: string;
}

/**
 * The build that is meant, the latest where there are several of an image or a directory.
 * @throws MilleError `build-missing`; `usage` for the beginning of several ids
 */
export function findBuild(known: KnownBuilds, subject: string | undefined): BuildRecord {
  const found = findBuilds(known, subject);
  const [first, second] = found;
  if (first && second && subject !== undefined && hasId(subject)(first) && first.id !== subject) {
    const ids = found.slice(0, 5).map(({ id }) => id);
    throw new MilleError('usage', `'${subject}' is the beginning of ${found.length} builds`, {
      hint: `write more of one: ${ids.join(', ')}${found.length > ids.length ? ', …' : ''}`,
    });
  }
  if (first) return first;
  throw missing(known, subject);
}

/** All builds that are meant, the latest first. @throws MilleError `reference-invalid` */
export function findBuilds(known: KnownBuilds, subject: string | undefined): readonly BuildRecord[] {
  const { builds } = known;
  if (subject === undefined) return builds;
  const exact = builds.filter(({ id }) => id === subject);
  if (exact.length > 0) return exact;
  const byId = LIKE_ID.test(subject) ? builds.filter(hasId(subject)) : [];
  if (byId.length > 0) return byId;
  if (/^\.{0,2}\/|^\.{1,2}$/.test(subject)) return ofDirectory(known, subject);
  return ofImage(known, subject);
}

/** An id is a time and eight hexadecimal digits; either part may be begun with. */
const LIKE_ID = /^(?:[0-9]{4,8}(?:T[0-9]{0,6}(?:-[0-9a-f]{0,8})?)?|[0-9a-f]{4,8})$/;

function hasId(subject: string): (build: BuildRecord) => boolean {
  return ({ id }) => id.startsWith(subject) || (id.split('-')[1] ?? '').startsWith(subject);
}

function ofDirectory({ builds, here }: KnownBuilds, subject: string): readonly BuildRecord[] {
  const path = new URL(`${subject.startsWith('/') ? '' : `${here}/`}${subject}`, 'file:///').pathname;
  const wanted = decodeURIComponent(path).replace(/(?<=.)\/+$/, '');
  return builds.filter(({ context, dockerfile }) => context === wanted || dockerfile === wanted);
}

function ofImage({ store, builds }: KnownBuilds, subject: string): readonly BuildRecord[] {
  const name = nameOf(subject);
  const named = builds.filter(
    ({ names = [], wanted = [] }) => name !== undefined && (names.includes(name) || wanted.includes(name)),
  );
  if (named.length > 0) return named;
  const id = imageId(store, subject);
  return builds.filter(
    (build) =>
      (id !== undefined && madeImage(build, id)) ||
      [build.imageId, ...(build.imageIds ?? [])].some((one) => one !== undefined && startsWith(one, subject)),
  );
}

function nameOf(subject: string): string | undefined {
  try {
    return canonicalName(parseReference(subject));
  } catch {
    return undefined;
  }
}

function imageId(store: Store, subject: string): Digest | undefined {
  try {
    const found = lookUpImage(store, subject);
    return found && store.image(found.manifestDigest).imageId;
  } catch {
    return undefined;
  }
}

function startsWith(id: string, subject: string): boolean {
  const digits = subject.replace(/^sha256:/, '');
  return /^[0-9a-f]{4,64}$/.test(digits) && id.slice('sha256:'.length).startsWith(digits);
}

function missing({ store, builds }: KnownBuilds, subject: string | undefined): MilleError {
  if (builds.length === 0) {
    return new MilleError('build-missing', 'nothing was built here yet', {
      hint: 'builds are remembered with the store that they were made in: is MILLE_ROOT the same?',
    });
  }
  if (subject !== undefined && imageId(store, subject) !== undefined) {
    return new MilleError('build-missing', `no build of the image '${displayPath(subject)}' is remembered`, {
      hint: 'it was pulled or loaded, or its build is one of long ago; `mille history` shows its layers',
    });
  }
  return new MilleError('build-missing', `no build of '${displayPath(subject ?? '')}' is remembered`, {
    hint: "'mille why --list' lists the builds that are; the latest 500 are kept",
  });
}
