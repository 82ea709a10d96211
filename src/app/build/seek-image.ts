// The image that a Dockerfile or a named context asks for: of the store, or of its registry, as the policy says. A
// registry is asked for the documents only; the layers come when the build needs them.

import type { BaseImage } from '../../build/execute/index.ts';
import type { ImageRequest } from '../../build/graph/index.ts';
import { displayPath, MilleError } from '../../core/index.ts';
import { formatReference, parseReference } from '../../oci/image/index.ts';
import type { RegistryAccess } from '../../oci/registry/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { type Pins, pinnedReference } from '../lock/in-force.ts';
import { isOfRegistry, neither, offline } from '../pull/access.ts';
import { findRemote } from '../pull/find-remote.ts';
import type { PullPolicy } from '../types.ts';
import { storedImage } from './stored-image.ts';

/** Where images are looked for. */
export interface ImageSeeker {
  readonly store: Store;
  readonly policy: PullPolicy;
  /** How to talk to registries; absent where that is forbidden. */
  readonly access?: RegistryAccess;
  /** Ends what is brought, and the waiting for whoever brings it. */
  readonly signal?: AbortSignal;
  /** Told why an image of the store is used that may not be the newest. */
  readonly warn?: (message: string) => void;
  /** Nothing is to be built: what is learnt on the way is not written down. */
  readonly looking?: boolean;
  /** An image that nobody has is taken for one of which nothing is known: what is only looked at needs no more. */
  readonly doWithout?: boolean;
  /** What tags mean without asking anybody. */
  readonly pins?: Pick<Pins, 'shown' | 'image'>;
}

/**
 * Finds an image. As with Docker one that a registry has for another platform only, or that is named by its digest, is
 * taken all the same: the checks say so.
 * @param contexts names of contexts, one of which may have been meant
 * @throws MilleError as `storedImage` does; `registry-denied`, `network`, `digest-mismatch`, `image-invalid`
 */
export async function seekImage(
  seeker: ImageSeeker,
  request: ImageRequest,
  contexts: readonly string[] = [],
): Promise<BaseImage> {
  const { pins, policy } = seeker;
  const digest = await pins?.image(request);
  if (!pins || !digest) return await seekNamed(seeker, request, contexts);
  const reference = pinnedReference(request.reference, digest);
  try {
    // A digest means the same today and tomorrow: nobody has to be asked again.
    const asked = policy === 'never' ? 'never' : 'missing';
    return await seekNamed({ ...seeker, policy: asked }, { ...request, reference }, contexts);
  } catch (error) {
    if (!(error instanceof MilleError) || error.code !== 'image-missing') throw error;
    const name = displayPath(request.reference);
    const then = seeker.access
      ? `; \`mille lock --update=${name}\` takes what the tag means now`
      : ', which has to be fetched once: leave --offline out';
    throw new MilleError(error.code, error.message, {
      hint: `${pins.shown} pins ${name} to this digest${then}`,
      span: error.span ?? request.span,
      cause: error,
    });
  }
}

async function seekNamed(
  seeker: ImageSeeker,
  request: ImageRequest,
  contexts: readonly string[],
): Promise<BaseImage> {
  const { policy, access, warn = () => {} } = seeker;
  const local = lookUp(seeker, request, contexts);
  const asks = (policy === 'always' || policy === 'newer') && !isId(request.reference);
  if (policy === 'never' || (!asks && !(local instanceof MilleError))) return orThrow(local);
  if (!access) {
    if (asks && policy === 'always')
      throw offline(`--pull of ${formatReference(parseReference(request.reference))}`);
    return orThrow(local);
  }
  try {
    return await remoteImage(seeker, request, access);
  } catch (error) {
    if (!isOfRegistry(error)) throw error;
    if (!(local instanceof MilleError)) {
      if (policy !== 'newer') throw error;
      warn(`${displayPath(request.reference)} is used as the store has it: ${error.message}`);
      return local;
    }
    throw local.code === 'image-missing' ? neither(local, error) : local;
  }
}

type Local = BaseImage | MilleError;

/** The image of the store, or why it is none. */
function lookUp(
  { store, access, policy, signal }: ImageSeeker,
  request: ImageRequest,
  contexts: readonly string[],
): Local {
  const asked = policy === 'never' ? undefined : access;
  const forbidden = policy === 'never' ? { forbidden: '--pull=never' } : {};
  try {
    return storedImage(store, request, {
      ...{ contexts, access: async () => asked },
      ...(signal ? { signal } : {}),
      ...forbidden,
    });
  } catch (error) {
    if (error instanceof MilleError) return error;
    throw error;
  }
}

function orThrow(local: Local): BaseImage {
  if (local instanceof MilleError) throw local;
  return local;
}

/** An image named by its id can only be one of the store. */
function isId(reference: string): boolean {
  return /^(sha256:)?[0-9a-f]{64}$/.test(reference);
}

async function remoteImage(
  { store, looking = false }: ImageSeeker,
  request: ImageRequest,
  access: RegistryAccess,
): Promise<BaseImage> {
  const { platform } = request;
  const reference = parseReference(request.reference);
  const found = await findRemote(store, { reference, platform, access, keepOther: true, looking });
  const { config, imageId, root: meaning, descriptors, origins, open } = found;
  let keeping: Promise<boolean> | undefined;
  const load: BaseImage['load'] = (progress, unpack = false) => {
    keeping ??= found.keep(progress, { unpack });
    return keeping;
  };
  const keepElsewhere = async () => {
    if (!keeping) await found.keep(() => {}, { elsewhere: true });
  };
  return {
    ...{ config, imageId, meaning, load, keepElsewhere },
    ...(descriptors ? { descriptors } : {}),
    ...(origins ? { origins } : {}),
    ...(open ? { open } : {}),
  };
}
