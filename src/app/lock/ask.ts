// What a name means now: its registry, its server or its repository is asked.

import type { RemoteSources } from '../../build/source/index.ts';
import { type Digest, displayPath, MilleError } from '../../core/index.ts';
import type { GitAddress } from '../../lang/address/index.ts';
import { canonicalName, formatReference, type Platform, parseReference } from '../../oci/image/index.ts';
import { openRemote, type RegistryAccess } from '../../oci/registry/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { isOfRegistry, offline } from '../pull/access.ts';
import type { PullPolicy } from '../types.ts';
import type { LockedCommit } from './lock-file.ts';

/** Where images are looked up. */
export interface AskServices {
  readonly store: Store;
  readonly policy: PullPolicy;
  /** Absent where no registry may be asked. */
  readonly access?: RegistryAccess;
  readonly platform: Platform;
  readonly warn: (message: string) => void;
}

/**
 * The digest that an image's tag means: of its index, where it is one of several platforms.
 * @returns undefined where neither the store nor a registry has it, for whoever asks next to say why
 * @throws MilleError `network` where nobody may be asked or somebody does not answer, `registry-denied`
 */
export async function askImage(services: AskServices, text: string): Promise<Digest | undefined> {
  const { store, policy, access, platform, warn } = services;
  const reference = parseReference(text);
  const name = canonicalName(reference);
  const here = store.indexOf(name) ?? store.resolveName(name);
  const shown = displayPath(text);
  const asStored = (why: string): Digest | undefined => {
    if (here !== undefined)
      warn(`${shown} is pinned to what the store has${why}: a registry may not have it`);
    return here;
  };
  if (policy === 'never' || (policy === 'missing' && here !== undefined)) return asStored('');
  if (!access) {
    if (policy === 'newer' && here !== undefined) return asStored('');
    throw offline(`what ${formatReference(reference)} means now is not known`);
  }
  const remote = openRemote(reference, access);
  try {
    return (await remote.digest()) ?? (await remote.image(platform)).root;
  } catch (error) {
    if (!isOfRegistry(error) || here === undefined) {
      if (isOfRegistry(error)) return undefined;
      throw error;
    }
    if (policy === 'newer') return asStored(`, for ${error.message}`);
    throw new MilleError(error.code, error.message, {
      hint: `to pin what the store has under this name: mille lock --pull=missing`,
      cause: error,
    });
  }
}

/** The commit that a branch or tag means. @throws MilleError as `RemoteSources.findCommit` */
export async function askCommit(sources: RemoteSources, address: GitAddress): Promise<LockedCommit> {
  const whole = { ...address, fetchByCommit: false };
  const { object: commit, refName = 'HEAD' } = await sources.findCommit({ ...whole, keepGitDir: false });
  const { object } = await sources.findCommit({ ...whole, keepGitDir: true });
  return { ref: refName, commit, ...(object === commit ? {} : { tag: object }) };
}
