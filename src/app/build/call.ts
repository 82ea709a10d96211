// What can be said of a Dockerfile without building it: `docker build --call=check|outline|targets`. Nothing has to be
// there but the Dockerfile: of images that can be found the config is looked at, the others are done without.

import {
  type BuildPlan,
  baseTriggers,
  evaluatePlan,
  outlineOf,
  outsideState,
  type PlanOptions,
  planBuild,
  scratchState,
  targetsOf,
} from '../../build/graph/index.ts';
import { MilleError } from '../../core/index.ts';
import { checkDockerfile } from '../../insight/lint/index.ts';
import type { ImageConfig } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { withServices } from '../services.ts';
import type { BuildOptions, CheckResult, OutlineResult, TargetsResult } from '../types.ts';
import { type BuildInput, readBuildInput } from './build-input.ts';
import { contextImage } from './context-image.ts';
import { openFetching, readsElsewhere } from './fetching.ts';
import { parseBuildFile } from './frontend.ts';
import { type PlanSettings, planSettings } from './make-plan.ts';
import { type NamedContextSet, readNamedContexts } from './named-contexts.ts';
import { storedConfig } from './stored-image.ts';

/** Checks a Dockerfile. See `App.check`. */
export function check(options: BuildOptions): Promise<CheckResult> {
  return withInput(options, async (around) => {
    const { source } = around.input.dockerfile;
    const ignore = around.input.ignoreRules();
    const images = await imagesToCheck(around, options);
    const report = checkDockerfile({
      source,
      options: around.settings,
      image: ({ key }) => images.get(key)?.config,
      ...(ignore ? { ignore } : {}),
    });
    return { source, ...report };
  });
}

/** What a target takes. See `App.outline`. */
export function outline(options: BuildOptions): Promise<OutlineResult> {
  return withInput(options, async (around) => {
    const { source } = around.input.dockerfile;
    const dockerfile = parseBuildFile(source, options.buildArgs);
    const { plan, images } = await planLoosely(around, { ...around.settings, dockerfile });
    const evaluations = evaluatePlan(
      plan,
      (stage) => outsideState(stage, images) ?? scratchState(stage.platform),
    );
    return { source, outline: outlineOf(dockerfile, plan, evaluations) };
  });
}

/** The targets of a Dockerfile. See `App.targets`. */
export function targets(options: BuildOptions): Promise<TargetsResult> {
  return withInput(options, async ({ input: { dockerfile } }) => {
    const { source } = dockerfile;
    return { source, targets: targetsOf(parseBuildFile(source, options.buildArgs)) };
  });
}

/** What the methods work with. */
interface Around {
  readonly input: BuildInput;
  readonly store: Store;
  readonly contexts: NamedContextSet;
  readonly settings: PlanSettings;
}

function withInput<T>(options: BuildOptions, work: (around: Around) => Promise<T>): Promise<T> {
  // Standard input is spooled to the store's temporary files, and what is fetched is kept there.
  const writes = options.context === '-' || readsElsewhere(options);
  return withServices(writes ? 'write' : 'read', async (services) => {
    const store = await services.store();
    const { ca: _ca, ssh: _ssh, ...offline } = options;
    const { sources } = await openFetching(store, writes ? options : offline, new AbortController().signal);
    // What is fetched stays until it was read.
    const held = writes ? store.claims.work() : undefined;
    let contexts: NamedContextSet | undefined;
    let input: BuildInput | undefined;
    try {
      const around = { store, sources, commitTimes: options.reproducible };
      contexts = readNamedContexts(around, options.contexts ?? []);
      input = await readBuildInput({ store, sources, events: () => {} }, options);
      return await work({ input, store, contexts, settings: planSettings({ options, contexts }) });
    } finally {
      input?.close();
      contexts?.close();
      sources.close();
      held?.release();
    }
  });
}

type Images = ReadonlyMap<string, { readonly config: ImageConfig }>;

/** The images that checking will ask for; none where it will not come so far. */
async function imagesToCheck(around: Around, { buildArgs, target }: BuildOptions): Promise<Images> {
  try {
    const dockerfile = parseBuildFile(around.input.dockerfile.source, buildArgs);
    const allStages = target === undefined;
    return (await planLoosely(around, { ...around.settings, dockerfile, allStages })).images;
  } catch (error) {
    if (error instanceof MilleError) return new Map();
    throw error;
  }
}

/** A plan, with the images that are there. */
async function planLoosely(
  around: Around,
  options: PlanOptions,
): Promise<{ readonly plan: BuildPlan; readonly images: Images }> {
  const plan = planBuild(options);
  const images = await findImages(around, plan);
  const triggers = baseTriggers(plan, images);
  if (triggers.size === 0) return { plan, images };
  const full = planBuild({ ...options, triggers });
  return { plan: full, images: await findImages(around, full) };
}

async function findImages({ store, contexts }: Around, plan: BuildPlan): Promise<Images> {
  const found = new Map<string, { readonly config: ImageConfig }>();
  for (const request of plan.images) {
    if (request.context) {
      // A context was named by the user: what is wrong with it is worth an error.
      const { image } = await contextImage(
        { store, policy: 'never' },
        request,
        contexts.place(request.reference),
      );
      found.set(request.key, image);
    } else {
      const config = storedConfig(store, request.reference);
      if (config) found.set(request.key, { config });
    }
  }
  return found;
}
