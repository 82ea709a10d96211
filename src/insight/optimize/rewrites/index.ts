// All rewrites, in the order in which they are made: first what moves steps, for what is inside of them is cheaper to mend
// where they stand then.

import type { Rewrite } from '../rewrite.ts';
import { buildStage } from './build-stage.ts';
import { dependenciesFirst } from './dependencies-first.ts';
import { fetchModules } from './fetch-modules.ts';
import { HYGIENE } from './hygiene.ts';
import { ignoreUnneeded } from './ignore-unneeded.ts';
import { keepCaches } from './keep-caches.ts';
import { keepTarget } from './keep-target.ts';
import { lateArguments } from './late-arguments.ts';
import { productionDependencies } from './production-dependencies.ts';
import { reorder } from './reorder.ts';
import { secretMounts } from './secret-mounts.ts';
import { SIZE_REWRITES } from './size.ts';
import { slimmerBase } from './slimmer-base.ts';
import { splitCopy } from './split-copy.ts';
import { unusedCopy } from './unused-copy.ts';
import { unusedUpdate } from './unused-update.ts';

export const REWRITES: readonly Rewrite[] = [
  ignoreUnneeded,
  slimmerBase,
  buildStage,
  productionDependencies,
  ...HYGIENE,
  secretMounts,
  lateArguments,
  unusedUpdate,
  dependenciesFirst,
  fetchModules,
  reorder,
  unusedCopy,
  keepTarget,
  keepCaches,
  ...SIZE_REWRITES,
  splitCopy,
];
