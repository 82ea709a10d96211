// What a Dockerfile installs of languages, looked up where that is wanted: who may be asked, and which index.

import type { Parts } from '../../../insight/base/index.ts';
import { isOffline } from '../../../sys/index.ts';
import { findParts } from './find-parts.ts';
import { indexOfPip } from './pip-settings.ts';
import type { Wanted } from './wanted.ts';

/** Where it is looked for. */
export interface PartsPlace {
  /** As `BaseOptions.packageIndex`. */
  readonly packageIndex?: { readonly url?: string };
  /** Of the context. */
  readonly directory: string;
  /** Of the store. */
  readonly root: string;
  readonly ca?: string;
  readonly signal: AbortSignal;
}

/**
 * Looks them up; undefined where nothing is installed.
 * @param python `3.12`, where it is known
 * @throws MilleError `interrupted`
 */
export async function partsOf(
  wanted: Wanted,
  python: string | undefined,
  { packageIndex, directory, root, ca, signal }: PartsPlace,
): Promise<Parts | undefined> {
  if (wanted.files.length === 0 && wanted.named.length === 0) return undefined;
  const forbidden = packageIndex
    ? isOffline()
      ? '--offline (MILLE_OFFLINE) forbids to ask a package index'
      : undefined
    : 'a package index was not to be asked (--no-index)';
  const index = packageIndex && (packageIndex.url ?? indexOfPip());
  return await findParts({
    ...{ wanted, directory },
    ...(python === undefined ? {} : { python }),
    access: {
      ...{ root, signal },
      ...(forbidden === undefined ? {} : { forbidden }),
      ...(ca === undefined ? {} : { ca }),
    },
    ...(index === undefined ? {} : { index }),
  });
}
