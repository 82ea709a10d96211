// The names of a build and what they mean: what is kept of an earlier lock file, and the rest as those say who are asked.

import { evaluatePlan, outsideState } from '../../build/graph/index.ts';
import { type Digest, type EventSink, MilleError, type Span } from '../../core/index.ts';
import { parsePlatform } from '../../oci/image/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import type { BuildGiven } from '../build/execute-services.ts';
import { makePlans } from '../build/make-plan.ts';
import { withBuildInput } from '../build/ready-build.ts';
import { registryAccess } from '../pull/access.ts';
import type { BuildOptions } from '../types.ts';
import { type AskServices, askCommit, askImage } from './ask.ts';
import { type AskedImage, commitIn, forceLock } from './in-force.ts';
import { imageKey, type LockedCommit, type LockFile } from './lock-file.ts';
import { type RemoteNeed, remoteNeeds } from './needs.ts';

/** What a name means, and the first place that asks. */
export interface Meaning<T> {
  readonly now: T;
  readonly span?: Span;
}

/** What names mean, by the keys of a lock file; filled build by build. */
export interface Meanings {
  readonly images: Map<string, Meaning<Digest>>;
  readonly files: Map<string, Meaning<Digest>>;
  readonly git: Map<string, Meaning<LockedCommit>>;
}

/** A build to be looked at. */
export interface CollectRequest {
  readonly store: Store;
  readonly build: BuildOptions;
  /** Is not asked for. */
  readonly kept: LockFile;
  readonly events: EventSink;
  readonly signal: AbortSignal;
}

/** Finds out what the names of a build mean. @throws MilleError as the planning of a build does */
export async function collect(request: CollectRequest, into: Meanings): Promise<void> {
  const { store, build: options, kept, events, signal } = request;
  const held = forceLock(kept, { shown: 'the lock file', strict: false });
  await withBuildInput({ store, options, signal, lock: held }, events, async (given) => {
    const { contexts, input, trust } = given;
    const access = await registryAccess(store, {
      ...{ signal, mirrors: options.registryMirrors ?? [] },
      ...(trust ? { ca: trust.certificates } : {}),
    });
    const seeker = {
      ...{ store, signal, policy: options.pull ?? 'always', looking: true },
      warn: (message: string) => events({ type: 'warning', message }),
      ...(access ? { access } : {}),
    };
    const asking = { ...seeker, platform: platformOf(options) };
    const pins = {
      shown: held.shown,
      image: (asked: AskedImage) => learnImage(asked, { asking, kept, into }),
    };
    const all = options.target === undefined;
    const planned = await makePlans(
      { ...seeker, pins },
      { dockerfile: input.dockerfile.source, options, contexts, allStages: all },
    );
    const { plan } = planned.plans[0]!;
    const { images } = planned;
    const evaluations = evaluatePlan(plan, (stage) => outsideState(stage, images)!);
    for (const need of remoteNeeds({ plan, evaluations }, { options, contexts }))
      await learn(given, need, { kept, into });
  });
  if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
}

function platformOf({ platforms: [platform] }: BuildOptions) {
  return platform === undefined ? hostPlatform() : parsePlatform(platform, hostPlatform());
}

interface Knowing {
  readonly kept: LockFile;
  readonly into: Meanings;
}

async function learnImage(
  { reference, span }: AskedImage,
  { asking, kept, into }: Knowing & { readonly asking: AskServices },
): Promise<Digest | undefined> {
  const key = imageKey(reference);
  if (key === undefined) return undefined;
  const now = into.images.get(key)?.now ?? kept.images.get(key) ?? (await askImage(asking, reference));
  // Another place, or another platform, may have asked meanwhile: one name has one meaning.
  const known = into.images.get(key);
  if (!known && now !== undefined) into.images.set(key, { now, span });
  return known?.now ?? now;
}

async function learn(
  { sources }: BuildGiven,
  { key, address, span }: RemoteNeed,
  { kept, into }: Knowing,
): Promise<void> {
  const place = span ? { span } : {};
  try {
    if (address.kind === 'git') {
      const now = commitIn(kept, address) ?? (await askCommit(sources, address));
      if (!into.git.has(key)) into.git.set(key, { now, ...place });
    } else {
      const now = kept.files.get(key) ?? (await sources.fetchFile({ url: address.url })).digest;
      if (!into.files.has(key)) into.files.set(key, { now, ...place });
    }
  } catch (error) {
    throw error instanceof MilleError ? error.at(span) : error;
  }
}
